import { readFileSync } from 'node:fs';

export type StatementName =
  | 'schema'
  | 'find-mappings'
  | 'find-articles'
  | 'find-codes'
  | 'find-code-rows'
  | 'find-ids'
  | 'find-concepts'
  | 'find-terms'
  | 'find-terms-by-id'
  | 'find-grams'
  | 'find-documents'
  | 'find-synonyms'
  | 'find-codes-below';

/** Reads a statement of resources/sql/sqlite. */
export function readStatement(resourcesDir: string, name: StatementName): string {
  return readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');
}
