import { afterAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openStored } from '../../src/library/open.js';
import { readReleases } from '../../src/library/releases.js';
import { openWrittenStore } from '../contract/open-written-store.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { replaceLimit } from '../support/replace-limit.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

// Settings of a site for a database or a role do not change how the library is written and read.

const server = suitePostgres();
const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

let url: string;
let places: OpenOptions;
beforeEach(async () => {
  url = await server().createDatabase();
  places = { ...seedPlaces(folder.path), database: { url, maxConnections: 2 } };
});

/** Sets something for all sessions of the test's database that begin from now on. */
const setDatabase = (setting: string): Promise<unknown> =>
  server().administer(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${setting}`);

test.each(['serializable', 'repeatable read'])('writers take turns where %s is the default', async (isolation) => {
  await setDatabase(`default_transaction_isolation = '${isolation}'`);
  const patience = replaceLimit('catchUpMs', 60_000);
  const { store, another, remove } = await openWrittenStore(places, () => undefined);
  const { store: other } = await another();
  try {
    const writes = Array.from({ length: 8 }, (_, n) =>
      (n % 2 ? other : store).apply([put(`d${n}`, handoutRows(`local-d${n}`, 'W19'))], NOW),
    );
    const refused = (await Promise.allSettled(writes)).filter(({ status }) => status === 'rejected');
    expect(refused).toEqual([]);
  } finally {
    patience.restore();
    await remove();
  }
});

test.each([
  ['a command', undefined, '0', '0'],
  ['a request', { lockMs: 2000, statementMs: 5000 }, '7s', '2s'],
])('%s writes as long as it may, however soon the site ends a question', async (_who, patience, expected, waits) => {
  // The last of them is there from PostgreSQL 17 on.
  const limits =
    "SELECT name FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout')";
  for (const { name } of await server().administer(limits)) await setDatabase(`${String(name)} = 100`);
  const db = await createDatabase(places).connect(patience);
  expect(await db.all('SHOW statement_timeout')).toEqual([{ statement_timeout: expected }]);
  expect(await db.all('SHOW lock_timeout')).toEqual([{ lock_timeout: waits }]);
  await db.transaction(() => db.all('SELECT pg_sleep(0.3)'));
  await db.close();
});

test.each([
  ['in a schema of its own', 'education'],
  ["of a role that looks for the session's own tables last", 'public, pg_temp'],
])('a library %s is read as it would be with another release, and stays as it is', async (_which, path) => {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('CREATE SCHEMA education');
  await client.end();
  await setDatabase(`search_path = ${path}`);
  await buildLibraryFile(places);
  const whole = await openStored(places);
  const without = await openStored(places, { layer: 'starter', source: 'starter', release: undefined });
  expect([whole.status().articles > 0, without.status().articles]).toEqual([true, 0]);
  await without.close();
  await whole.close();
  expect(await readReleases(places)).toMatchObject([{ source: 'starter', isActive: true }]);
});
