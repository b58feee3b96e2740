import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openLibrary } from '../../src/library/open.js';
import { openFeedback } from '../../src/library/open-records.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

const server = suitePostgres();

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions & { readonly database: { readonly url: string; readonly maxConnections: number } };
beforeEach(async () => {
  folder = temporaryFolder();
  // One connection: its session tells of all that was asked.
  places = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 1 } };
});
afterEach(() => {
  folder.remove();
});

const icd10 = (code: string) => ({ system: 'icd-10-cm', code }) as const;

test('what a session needs is set by statements: a pooler refuses what is set as a connection is opened', async () => {
  await buildLibraryFile(places);
  const server = await createDatabase(places).openQueries();
  const settings = await server.all(
    `SELECT name, setting FROM pg_settings
     WHERE source = 'session' ORDER BY name`,
  );
  expect(settings).toEqual([{ name: 'statement_timeout', setting: '5000' }]);
  const opened = `SELECT name FROM pg_settings WHERE source = 'client'
    AND name NOT IN ('application_name', 'client_encoding', 'database', 'user', 'DateStyle')`;
  expect(await server.all(opened)).toEqual([]);
  await server.close();
  const writer = await createDatabase(places).connect({ lockMs: 700, statementMs: 300 });
  expect(await writer.all(opened)).toEqual([]);
  expect(await writer.all('SHOW lock_timeout')).toEqual([{ lock_timeout: '700ms' }]);
  expect(await writer.all('SHOW idle_in_transaction_session_timeout')).toEqual([
    { idle_in_transaction_session_timeout: '10s' },
  ]);
  await writer.close();
});

/** The tables as an older program has left them, after its first or its second change of them. */
async function makeOld(version: number): Promise<void> {
  const client = new pg.Client({ connectionString: places.database.url });
  await client.connect();
  await client.query('CREATE TABLE schema_version (version INTEGER NOT NULL)');
  await client.query('INSERT INTO schema_version VALUES ($1)', [version]);
  for (const name of ['schema', 'written-schema', 'feedback-schema'].slice(0, version)) {
    await client.query(readFileSync(`resources/sql/postgres/${name}.sql`, 'utf8'));
  }
  if (version === 2) {
    await client.query(`INSERT INTO written_version (type, id, version, method, written_at, content)
      VALUES ('Document', 'old', 1, 'PUT', '2026-01-01T00:00:00.000Z', '{"id":"old"}')`);
    await client.query(`INSERT INTO written_resource VALUES ('Document', 'old', 1,
      '${JSON.stringify(handoutRows('local-old', 'W20', 'Old'))}')`);
  }
  await client.end();
}

test.each([1, 2, 3])('tables of version %s are brought up to date, with all they hold', async (version) => {
  await makeOld(version);
  const [first, second] = await Promise.all([openLibrary(places), openLibrary(places)]);
  const [written] = await first.written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  expect(written?.sequence).toBe(version === 2 ? 2 : 1);
  expect((await second.written.findLatest('Document', ['old', 'a'])).map(({ id }) => id).sort()).toEqual(
    version === 2 ? ['a', 'old'] : ['a'],
  );
  expect(first.library.findArticleIds(icd10('W20'))).toEqual(version === 2 ? ['local-old'] : []);
  const queue = openFeedback(places);
  await queue.add({ reason: 'other', article: 'local-a', language: 'en', coding: undefined, remark: '' }, NOW);
  expect(await second.feedback?.list()).toHaveLength(1);
  await queue.close();
  for (const { written: store, library } of [first, second]) {
    await store.close();
    await library.close();
  }
});
