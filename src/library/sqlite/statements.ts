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
  | 'find-codes-below'
  | 'count-concepts'
  | 'list-codes'
  | 'find-children'
  | 'list-mappings'
  | 'list-crosswalk-pairs'
  | 'list-crosswalks'
  | 'find-crosswalks-from'
  | 'find-crosswalks-to';

/** Reads a statement of resources/sql/sqlite. */
export function readStatement(resourcesDir: string, name: StatementName): string {
  return readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');
}
