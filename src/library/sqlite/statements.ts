import { readFileSync } from 'node:fs';
import type { StatementName } from '../stored/connection.js';

type FeedbackStatement = 'feedback-schema' | 'add-feedback' | 'trim-feedback' | 'list-feedback' | 'remove-feedback';

/** Reads a statement of resources/sql/sqlite. */
export function readStatement(resourcesDir: string, name: StatementName | FeedbackStatement | 'schema'): string {
  return readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');
}
