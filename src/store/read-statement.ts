import { readFileSync } from 'node:fs';
import type { WrittenStatementName } from './connection.js';

type SqliteName = WrittenStatementName | 'schema';
type PostgresName =
  'schema' | 'written-schema' | 'feedback-schema' | 'handed-over-schema' | 'handed-over-retention-schema';

/** Reads a statement of resources/sql/sqlite. */
export const readSqliteStatement = (resourcesDir: string, name: SqliteName): string =>
  readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');

/** Reads a statement of resources/sql/postgres. */
export const readPostgresStatement = (resourcesDir: string, name: PostgresName): string =>
  readFileSync(`${resourcesDir}/sql/postgres/${name}.sql`, 'utf8');
