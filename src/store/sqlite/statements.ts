import { readFileSync } from 'node:fs';
import type { HistoryStatementName, WrittenStatementName } from '../connection.js';

/** Reads a statement of resources/sql/sqlite. */
export function readStatement(
  resourcesDir: string,
  name: WrittenStatementName | HistoryStatementName | 'schema',
): string {
  return readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');
}
