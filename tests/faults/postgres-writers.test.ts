import { readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openStored } from '../../src/library/open.js';
import type { PostgresPlace } from '../../src/store/postgres/postgres-database.js';
import { PostgresDatabase } from '../../src/store/postgres/postgres-database.js';
import { Releases } from '../../src/library/releases.js';
import { ended, start } from '../cli/run-cli.js';
import { ask } from '../http/ask.js';
import { seedPlaces } from '../library/places.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { releaseFileOf } from '../support/library-file.js';
import { createShippedDatabase } from '../support/shipped-database.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { askUntil } from './formats.js';

const server = suitePostgres();
const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

let url: string;
let places: OpenOptions & { readonly database: PostgresPlace };
beforeEach(async () => {
  url = await server().createDatabase();
  places = { ...seedPlaces(folder.path), database: { url, maxConnections: 2 } };
});

/** A session of somebody else. */
async function withClient<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The lock that all who write take. */
const TAKE_LOCK = `SELECT pg_advisory_xact_lock(1701082467)`;

test('a writer that stands still in the midst of its work is ended by the server, and others write', async () => {
  await buildLibraryFile(places);
  // Longer than the server lets anybody stand still.
  const patience = { lockMs: 300_000, statementMs: 5000 };
  const frozen = await createDatabase(places).connect(patience);
  const other = await createDatabase(places).connect(patience);
  let thaw: () => void = () => undefined;
  let stoodStill: Promise<void> | undefined;
  await new Promise<void>((beginsToStand) => {
    stoodStill = frozen.transaction(async () => {
      await frozen.run("UPDATE release SET name = 'half'");
      await new Promise<void>((resolve) => {
        thaw = resolve;
        beginsToStand();
      });
      await frozen.run("UPDATE release SET name = 'whole'");
    });
  });
  const failed = stoodStill?.then(
    () => 'written',
    () => 'not written',
  );
  await other.transaction(() => other.run("UPDATE release SET digest = digest || '!'"));
  thaw();
  expect(await failed).toBe('not written');
  expect(frozen.isOpen).toBe(false);
  expect(await other.all("SELECT id FROM release WHERE name IN ('half', 'whole')")).toEqual([]);
  await other.close();
});

test('a server that another writer keeps waiting at its start listens, and serves when its turn comes', async () => {
  await withClient(async (client) => {
    await client.query('BEGIN');
    await client.query(TAKE_LOCK);
    const child = start('main', [], { DATABASE_URL: url, PORT: '0', LOG_LEVEL: 'silent' });
    const end = ended(child);
    try {
      const greeting = await new Promise<string>((resolve) =>
        child.stdout?.once('data', (text) => {
          resolve(String(text));
        }),
      );
      const address = /is waiting for its library, listening on (http:\S+)/.exec(greeting)?.[1] ?? '';
      expect((await ask(address, '/readyz')).status).toBe(503);
      await client.query('COMMIT');
      await askUntil(address, '/readyz', ({ status }) => status === 200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await end).toMatchObject({ code: 0 });
  });
});

test('a database that is made anew under a server is not written to, and gets no tables by it', async () => {
  url = await createShippedDatabase();
  const connector = await startConnector({ env: { DATABASE_URL: url, WRITE_TOKENS: TOKEN, LOG_LEVEL: 'silent' } });
  try {
    const admin = new pg.Client(url.replace(/\/test_\d+$/, '/postgres'));
    await admin.connect();
    const name = new URL(url).pathname.slice(1);
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const { reply } = await send(connector.url, 'POST', '/DocumentReference', handout());
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
    const form = 'article=topic-asthma&reason=other';
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: connector.url };
    expect((await ask(connector.url, '/feedback', { method: 'POST', body: form, headers })).status).toBe(503);
    const tables = "SELECT count(*)::integer AS n FROM pg_tables WHERE schemaname = 'public'";
    expect((await withClient((client) => client.query(tables))).rows).toEqual([{ n: 0 }]);
    // The next start fills it, and who was there before follows.
    await buildLibraryFile({ ...places, database: { url, maxConnections: 2 } });
    await askUntil(connector.url, '/readyz', ({ status }) => status === 200);
    expect((await send(connector.url, 'POST', '/DocumentReference', handout())).reply.status).toBe(201);
  } finally {
    await connector.stop();
  }
});

test('connections that are all busy with what takes long are no sign that the server is away', async () => {
  await buildLibraryFile(places);
  const told: boolean[] = [];
  const database = new PostgresDatabase({ ...places.database, copyFolder: folder.path }, places.resourcesDir, {
    onAvailable: (isAvailable) => told.push(isAvailable),
  });
  const server = await database.openQueries();
  await withClient(async (client) => {
    await client.query('SELECT pg_advisory_lock(1)');
    const busy = [1, 2].map(() => server.all('SELECT pg_advisory_lock_shared(1)'));
    await until(() => server.connections().busy === 2);
    await expect(server.version()).rejects.toThrow('timeout exceeded');
    await client.query('SELECT pg_advisory_unlock(1)');
    await Promise.all(busy);
  });
  expect([told, server.awaySince]).toEqual([[], undefined]);
  await server.close();
});

test('a restored database that gives the number of a release once more is read anew', async () => {
  await buildLibraryFile(places);
  const library = await openStored(places);
  const asthma = { system: 'icd-10-cm', code: 'J45.909' } as const;
  expect(library.findMappings([asthma]).length).toBeGreaterThan(0);
  const before = library.status();
  // The same number, another file, as of a database that was restored and went on.
  const elsewhere = { ...seedPlaces(`${folder.path}/elsewhere`), database: undefined };
  rmSync(`${elsewhere.mappingsDir}/icd-10-cm.csv`);
  await buildLibraryFile(elsewhere);
  const path = releaseFileOf(elsewhere.libraryPath, 'starter');
  const bytes = readFileSync(path);
  await withClient(async (client) => {
    const file = basename(path, '.db');
    await client.query('INSERT INTO release_part VALUES ($1, 0, $2)', [file, bytes]);
    await client.query('UPDATE release SET file = $1, bytes = $2', [file, bytes.length]);
  });
  await until(() => library.status() !== before);
  expect(library.findMappings([asthma])).toEqual([]);
  expect(library.status().mappings).toBeLessThan(before.mappings);
  await library.close();
});

test('imports of one source that end at once get names of their own', async () => {
  const opened = await Promise.all([1, 2, 3].map(() => Releases.open(places)));
  const identity = { source: 'medlineplus', name: 'medlineplus-2026-11-21', builtOn: '2026-11-21' };
  const targets = await Promise.all(opened.map((releases) => releases.begin(identity)));
  await Promise.all(targets.map((target) => target.finish([])));
  expect(targets.map(({ name }) => name).sort()).toEqual([
    'medlineplus-2026-11-21',
    'medlineplus-2026-11-21.2',
    'medlineplus-2026-11-21.3',
  ]);
  for (const releases of opened) await releases.close();
});
