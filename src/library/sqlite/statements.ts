import { readFileSync } from 'node:fs';
import type { StatementName } from '../stored/connection.js';

/** Reads a statement of resources/sql/sqlite. */
export function readStatement(resourcesDir: string, name: StatementName | 'schema'): string {
  return readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');
}
