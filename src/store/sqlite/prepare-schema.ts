import { SqliteStatement, readPragma, type SqliteFile } from './binding.js';
import { SERVE_FROM_LOG } from '../written-log.js';
import { readSqliteStatement } from '../connection.js';

/** Increased when tables or their use change; stored in the file's `user_version`. */
export const SCHEMA_VERSION = 9;
/** The first version with imports: an older file is rebuilt. */
const FIRST_WITH_IMPORTS = 2;

/** From this version on releases are files of their own; older ones have their rows in tables (build/convert-releases.ts). */
export const FIRST_WITH_FILES = 6;

/** Brings the table of releases to what it has been since they are files. */
const KEEP_FILES = `
  DELETE FROM release WHERE state = 'writing';
  ALTER TABLE release DROP COLUMN writer;
  ALTER TABLE release DROP COLUMN touched_at;
  ALTER TABLE release ADD COLUMN file TEXT NOT NULL DEFAULT '';
  ALTER TABLE release ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;`;

/** Version 1 had only what is built from files: it is deleted and rebuilt. */
function dropTables(db: SqliteFile): void {
  const sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const tables = new SqliteStatement(db, sql).all<{ name: string }>().map(({ name }) => name);
  if (tables.length > 0 && !tables.includes('active_release')) throw new Error('it is a database of something else');
  for (const name of tables) db.exec(`DROP TABLE "${name}"`);
}

/** @throws Error if a file is no library that can be opened and updated: of another program, or of a later version */
export function checkIsLibrary(db: SqliteFile): void {
  const version = readPragma(db, 'user_version') as number;
  if (version > SCHEMA_VERSION) throw new Error('it was made by a later version of this program');
  const tables = new SqliteStatement(db, "SELECT 1 FROM sqlite_schema WHERE name = 'active_release'").all();
  if (version < FIRST_WITH_IMPORTS || tables.length === 0) throw new Error('it is a database of something else');
}

/** @throws Error where a library file has not the tables of this version of the program */
export function checkSchema(db: SqliteFile): void {
  if (readPragma(db, 'user_version') !== SCHEMA_VERSION)
    throw new Error('it has not the tables of this version of the program');
}

/** Creates the tables of a library file, or brings an older file's up to date. */
export function prepareSchema(db: SqliteFile, resourcesDir: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = readPragma(db, 'user_version') as number;
    if (version > SCHEMA_VERSION) throw new Error('it was made by a later version of this program');
    if (version !== SCHEMA_VERSION) {
      if (version < FIRST_WITH_IMPORTS) dropTables(db);
      else if (version < FIRST_WITH_FILES) db.exec(KEEP_FILES);
      db.exec(readSqliteStatement(resourcesDir, 'schema') + SERVE_FROM_LOG);
      db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
