import type Database from 'better-sqlite3';
import { readStatement } from './statements.js';

/** Raised when tables change; kept in the file's `user_version`. */
const SCHEMA_VERSION = 5;
/** The first version that imports are kept in: what is older is built anew. */
const FIRST_WITH_IMPORTS = 2;

/** Version 1 held only what is built from files: it is taken away and built anew. */
function dropTables(db: Database.Database): void {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all() as string[];
  if (tables.length > 0 && !tables.includes('active_release')) throw new Error('it is a database of something else');
  for (const name of tables) db.exec(`DROP TABLE "${name}"`);
}

/** @throws Error where a library file has not the tables of this version of the program */
export function checkSchema(db: Database.Database): void {
  if (db.pragma('user_version', { simple: true }) !== SCHEMA_VERSION)
    throw new Error('it has not the tables of this version of the program');
}

/** Creates the tables of a library file, or brings an older file's up to date. */
export function prepareSchema(db: Database.Database, resourcesDir: string): void {
  db.transaction(() => {
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > SCHEMA_VERSION) throw new Error('it was made by a later version of this program');
    if (version === SCHEMA_VERSION) return;
    if (version < FIRST_WITH_IMPORTS) dropTables(db);
    db.exec(readStatement(resourcesDir, 'schema'));
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}
