import type { SqliteFile } from '../../src/store/sqlite/binding.js';
import { SqliteStatement, openSqlite } from '../../src/store/sqlite/binding.js';

/** A connection of the test's own to a library file, beside those of the program. */
export const openFile = (path: string, mode: 'read' | 'create' = 'create'): SqliteFile =>
  openSqlite(path, { mode, lockWaitMs: 5000 });

/** The first column of what a query or a pragma returns. */
export const columnOf = (file: SqliteFile, sql: string): unknown[] =>
  new SqliteStatement(file, sql).all<Record<string, unknown>>().map((row) => Object.values(row)[0]);
