import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildLibraryFile } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { runPostgres } from '../support/run-postgres.js';
import { seedPlaces } from './places.js';
import { columnOf, openFile } from '../support/library-file.js';

/**
 * The version of the tables that new libraries are made with, and what these tables are. Libraries made with a version keep
 * its tables: who changes them writes what brings the older ones up to date, which makes another version, and records it.
 */
const RECORDED = JSON.parse(readFileSync(new URL('schema-versions.json', import.meta.url), 'utf8')) as Record<
  'sqlite' | 'postgres',
  { version: number; tables: string }
>;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

const digestOf = (lines: readonly string[]): string => hash('sha256', lines.join('\n'));
/** Without comments and line breaks. */
const essenceOf = (sql: string): string => sql.replace(/--.*$/gm, '').replace(/\s+/g, ' ').trim();

test('a new library file has the tables that are recorded for its version', async () => {
  const places = seedPlaces(folder.path);
  await buildLibraryFile(places);
  const db = openFile(places.libraryPath, 'read');
  const tables = columnOf(db, 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name');
  const version = columnOf(db, 'PRAGMA user_version')[0];
  db.close();
  expect({ version, tables: digestOf((tables as string[]).map(essenceOf)) }).toEqual(RECORDED.sqlite);
});

/** What makes the tables what they are: columns, keys and references, indexes. */
const DESCRIBED = `
  SELECT concat_ws(' ', table_name, column_name, data_type, collation_name, is_nullable, is_identity, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL
  SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL
  SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'`;

test('a new library in PostgreSQL has the tables that are recorded for its version', async () => {
  const url = await (await runPostgres()).createDatabase();
  await buildLibraryFile({ ...seedPlaces(folder.path), database: { url, maxConnections: 1 } });
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<[string]>({ text: DESCRIBED, rowMode: 'array' });
  const [{ version } = { version: 0 }] = (await client.query<{ version: number }>('TABLE schema_version')).rows;
  await client.end();
  expect({ version, tables: digestOf(rows.map(([line]) => line).sort()) }).toEqual(RECORDED.postgres);
});
