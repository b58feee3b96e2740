import { readFileSync } from 'node:fs';
import type { HistoryStatementName, StatementName } from '../connection.js';

/** Reads a statement of resources/sql/sqlite. */
export function readStatement(resourcesDir: string, name: StatementName | HistoryStatementName | 'schema'): string {
  return readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');
}
