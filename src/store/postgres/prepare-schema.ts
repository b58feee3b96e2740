import { type Connection, readPostgresStatement } from '../connection.js';
import { SERVE_FROM_LOG } from '../written-log.js';

/** Brings the table of releases to what it has been since they are files. */
const KEEP_FILES = `
  ALTER TABLE release ADD COLUMN IF NOT EXISTS file TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS bytes BIGINT NOT NULL DEFAULT 0,
    DROP COLUMN IF EXISTS writer, DROP COLUMN IF EXISTS touched_at;
  DELETE FROM release WHERE state = 'writing';`;

/** The changes of the tables since the first version, in their order: each brings them to the version of its place. */
const MIGRATIONS: readonly ((resourcesDir: string) => string)[] = [
  (resourcesDir) => readPostgresStatement(resourcesDir, 'schema'),
  (resourcesDir) => readPostgresStatement(resourcesDir, 'written-schema'),
  (resourcesDir) => readPostgresStatement(resourcesDir, 'feedback-schema'),
  // The writer counts: releases are named by it, and are the same over both databases.
  () => 'ALTER TABLE written_version ALTER COLUMN sequence DROP IDENTITY IF EXISTS',
  // Releases are files; the rows of older ones are in tables yet (build/convert-releases.ts).
  (resourcesDir) => readPostgresStatement(resourcesDir, 'schema') + KEEP_FILES,
  (resourcesDir) => readPostgresStatement(resourcesDir, 'handed-over-schema'),
  () => SERVE_FROM_LOG,
  (resourcesDir) => readPostgresStatement(resourcesDir, 'handed-over-retention-schema'),
];

const CREATE_VERSION = 'CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)';

/** In any other encoding texts are lost, or lengths and orders are others than everywhere else. */
async function requireUtf8(db: Connection): Promise<void> {
  const [row] = await db.all<{ server_encoding: string }>('SHOW server_encoding');
  if (row && row.server_encoding !== 'UTF8')
    throw new Error(`its encoding is ${row.server_encoding}: create the database with ENCODING 'UTF8'`);
}

async function readVersion(db: Connection): Promise<number | undefined> {
  const [row] = await db.all<{ version: number }>('SELECT version FROM schema_version');
  return row?.version;
}

/** @throws Error where a database has not the tables of this version of the program */
export async function checkSchema(db: Connection): Promise<void> {
  if ((await readVersion(db)) !== MIGRATIONS.length)
    throw new Error('it has not the tables of this version of the program');
}

/** Creates the tables, or brings older ones up to date: one instance of several that start at once, the others wait. */
export async function prepareSchema(db: Connection, resourcesDir: string): Promise<void> {
  await requireUtf8(db);
  await db.transaction(async () => {
    await db.run(CREATE_VERSION);
    const version = (await readVersion(db)) ?? 0;
    if (version > MIGRATIONS.length) throw new Error('it was made by a later version of this program');
    if (version === MIGRATIONS.length) return;
    for (const migrate of MIGRATIONS.slice(version)) await db.run(migrate(resourcesDir));
    await db.run('DELETE FROM schema_version');
    await db.run('INSERT INTO schema_version VALUES ($1)', MIGRATIONS.length);
  });
}
