import { readFileSync } from 'node:fs';
import type { HistoryStatementName } from '../connection.js';

/** Reads a statement of resources/sql/postgres. */
export function readStatement(
  resourcesDir: string,
  name: HistoryStatementName | 'schema' | 'written-schema' | 'feedback-schema' | 'handed-over-schema',
): string {
  return readFileSync(`${resourcesDir}/sql/postgres/${name}.sql`, 'utf8');
}
