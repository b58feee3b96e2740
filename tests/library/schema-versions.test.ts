import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { RELEASE_FORMAT } from '../../src/catalogue/releases/release-facts.js';
import type { OpenOptions, OpenedLibrary } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openLibrary } from '../../src/library/open.js';
import { openHandedOver } from '../../src/library/open-records.js';
import { activate, addRelease } from '../../src/store/release-store.js';
import { given } from '../contract/given-entries.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
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

/** Definition of the tables: columns, keys and references, indexes. */
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

const stores: readonly (readonly [string, () => Promise<OpenOptions>])[] = [
  ['a file', async () => seedPlaces(folder.path)],
  [
    'PostgreSQL',
    async () => {
      const url = await (await runPostgres()).createDatabase();
      return { ...seedPlaces(folder.path), database: { url, maxConnections: 3 } };
    },
  ],
];

/** Writes to the store of a library; its tables have another version afterwards. */
async function changeStore(places: OpenOptions, version: number, ...statements: string[]): Promise<void> {
  const db = await createDatabase(places).connect();
  for (const sql of [...statements, ...(places.database ? [`UPDATE schema_version SET version = ${version}`] : [])])
    await db.run(sql);
  await db.close();
  if (places.database) return;
  const file = openFile(places.libraryPath);
  file.exec(`PRAGMA user_version = ${version}`);
  file.close();
}

/** Brings a release file into use that no program of this version can read. */
async function activateLaterFile(places: OpenOptions): Promise<void> {
  const db = await createDatabase(places).connect();
  const path = db.releases.newPath();
  const file = openFile(path);
  file.exec(`CREATE TABLE facts (facts TEXT); PRAGMA user_version = ${RELEASE_FORMAT + 1}`);
  file.close();
  const finished = await db.releases.measure(path);
  await db.releases.put(path, finished);
  const identity = {
    layer: 'starter',
    source: 'starter',
    name: 'starter-later',
    digest: '',
    builtOn: '2026-01-02',
  } as const;
  await activate(db, await addRelease(db, { ...identity, ...finished, content: {} }), NOW);
  await db.close();
}

async function close({ written, library }: OpenedLibrary): Promise<void> {
  await written.close();
  await library.close();
}

const W19 = { system: 'icd-10-cm', code: 'W19' } as const;

test.each(stores)(
  'a later version of the program comes over %s: this one serves the last release that it can read, and writes nothing',
  async (_where, make) => {
    const places = await make();
    const opened = await openLibrary(places);
    const { library, written } = opened;
    await written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
    const asthma = library.findArticles(['topic-asthma']);
    await activateLaterFile(places);
    await changeStore(places, 99);
    while (!library.status().release.includes('starter-later')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(library.findArticles(['topic-asthma'])).toEqual(asthma);
    expect(library.findArticleIds(W19)).toEqual(['local-a']);
    expect(await library.ready()).toBe(true);
    // Its connection was opened before the tables changed.
    await expect(written.apply([put('b', handoutRows('local-b', 'W20'))], NOW)).rejects.toMatchObject({
      code: 'library-unavailable',
    });
    await close(opened);
    await expect(openLibrary(places)).rejects.toThrow(/later version/);
  },
);

/** Undoes what the tables of marks and erasures brought. */
const BEFORE_RETENTION = ['mark', 'clock', 'erasure'].map((name) => `DROP TABLE handed_over_${name}`);

test.each(stores)('%s of before retention had marks: its record is there, and is retained', async (_where, make) => {
  const places = await make();
  await buildLibraryFile(places);
  const entry = given({ at: new Date().toISOString() });
  const before = openHandedOver(places);
  await before.add(entry, new Map());
  await before.close();
  await changeStore(places, places.database ? 7 : 8, ...BEFORE_RETENTION);
  const record = openHandedOver(places);
  expect(await record.find(entry.id)).toMatchObject({ entry: { id: entry.id, at: entry.at } });
  expect(await record.enforceRetention(3650, 0)).toMatchObject({ all: 1, marked: 0 });
  expect(await record.listErasures()).toEqual([]);
  await record.close();
});

test.each(stores)('%s of before the log was served: what was written is, without its files', async (_where, make) => {
  const places = await make();
  const before = await openLibrary(places);
  await before.written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  await before.written.apply([put('b', handoutRows('local-b', 'W20'))], NOW);
  const { release } = before.library.status();
  await close(before);
  await changeStore(
    places,
    places.database ? 6 : 7,
    ...BEFORE_RETENTION,
    "UPDATE release SET state = 'ready', file = 'f' || id, bytes = 1 WHERE layer = 'written'",
  );
  const after = await openLibrary(places);
  expect(after.library.status().release).toBe(release);
  expect(after.library.findArticleIds(W19)).toEqual(['local-a']);
  await close(after);
  const db = await createDatabase(places).connect();
  expect(await db.all("SELECT state, file FROM release WHERE layer = 'written' ORDER BY id")).toEqual([
    { state: 'gone', file: '' },
    { state: 'ready', file: '' },
  ]);
  await db.close();
});
