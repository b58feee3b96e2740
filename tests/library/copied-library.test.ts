import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import type { OpenOptions, OpenedLibrary } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openLibrary, openStored } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import type { Queries, StoreReader } from '../../src/store/connection.js';
import { NOW, handoutRows, put, remove } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { replaceLimit } from '../support/replace-limit.js';
import { ownPostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

// Over PostgreSQL a library is read from a copy on the instance's own disk: the copy holds what the server holds.

const server = ownPostgres();

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
const open: OpenedLibrary[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  places = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 3 } };
});
afterEach(async () => {
  for (const { written, library } of open.splice(0)) {
    await written.close();
    await library.close();
  }
  folder.remove();
});

async function opened(options = places): Promise<OpenedLibrary> {
  const one = await openLibrary(options);
  open.push(one);
  return one;
}

/** All that is copied, by table. */
async function contentOf(queries: Queries): Promise<Record<string, string[]>> {
  const written = `SELECT v.sequence, v.type, v.id, v.version, v.method, v.written_at, v.content, r.rows
    FROM written_version v JOIN written_resource r ON r.type = v.type AND r.id = v.id AND r.version = v.version`;
  const sql = {
    release: 'SELECT id, layer, source, name, digest, built_on, state, activated_at, content, file, bytes FROM release',
    active_release: 'SELECT layer, source, release FROM active_release',
    written,
  };
  const content: Record<string, string[]> = {};
  for (const [name, text] of Object.entries(sql)) {
    const rows = await queries.all<Record<string, unknown>>(text);
    content[name] = rows.map((row) => JSON.stringify(Object.values(row))).sort();
  }
  return content;
}

async function withReader<T>(work: (reader: StoreReader) => Promise<T>): Promise<T> {
  const reader = await createDatabase(places).openReader();
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

async function onServer<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
  const queries = await createDatabase(places).openQueries();
  try {
    return await work(queries);
  } finally {
    await queries.close();
  }
}

/** The files of the releases that the server keeps, each of the digest that is its name. */
function filesHere(): string[] {
  const [copies = ''] = readdirSync(folder.path).filter((name) => /^copy-.*-releases$/.test(name));
  const names = readdirSync(join(folder.path, copies)).filter((name) => name.endsWith('.db'));
  return names.map((name) => {
    const digest = createHash('sha256').update(readFileSync(join(folder.path, copies, name)));
    expect(name).toBe(`${digest.digest('hex')}.db`);
    return name.slice(0, 64);
  });
}

/** The server's content, after it was compared with the copy's. */
async function expectSame(): Promise<Record<string, string[]>> {
  const there = await onServer(contentOf);
  expect(await withReader(contentOf)).toEqual(there);
  const kept = await onServer((queries) =>
    queries.all<{ file: string }>("SELECT file FROM release WHERE state = 'ready' AND file <> ''"),
  );
  // Files that are no longer in use go some minutes later.
  expect(filesHere()).toEqual(expect.arrayContaining(kept.map(({ file }) => file)));
  return there;
}

async function importCodes(name: string, codes: readonly string[]): Promise<void> {
  const releases = await Releases.open(places);
  const target = await releases.begin({ source: 'cvx', name, builtOn: '2026-01-02' });
  const shared = { system: 'cvx', parent: undefined, billable: undefined, active: true, names: [] } as const;
  await target.write({ ...NO_ROWS, concepts: codes.map((code) => ({ ...shared, code, title: `${name} ${code}` })) });
  await target.finish([]);
  await releases.close();
}

const runSql = async (...statements: string[]): Promise<void> => {
  const connection = await createDatabase(places).connect();
  for (const statement of statements) await connection.run(statement);
  await connection.close();
};

/** The titles of CVX 01 that a library serves, looked at until one is as it should be. */
async function titled(library: Library, title: string | undefined): Promise<void> {
  for (;;) {
    const [concept] = library.findConcepts([{ system: 'cvx', code: '01' }]);
    if (concept?.title === title) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('the copy holds what the server holds, after imports, a rollback, clearing up and what a site has written', async () => {
  const { written, library } = await opened();
  await expectSame();
  for (const name of ['cvx-1', 'cvx-2', 'cvx-3']) await importCodes(name, ['01', '02']);
  const { release: releases } = await expectSame();
  expect(releases?.filter((row) => row.includes('"gone"'))).toHaveLength(1);
  await written.apply([put('a', handoutRows('local-a', 'W19')), put('b', handoutRows('local-b', 'W20'))], NOW);
  await written.apply([put('a', handoutRows('local-a', 'W21')), remove('b')], NOW);
  const { written: ofSite } = await expectSame();
  expect(ofSite).toHaveLength(2);
  const back = await Releases.open(places);
  await back.rollback('cvx');
  await back.close();
  await titled(library, 'cvx-2 01');
  await expectSame();
});

test('a file that is here is not fetched again; one that is damaged on the server or on the way is never used', async () => {
  const { library } = await opened();
  await importCodes('cvx-1', ['01']);
  await titled(library, 'cvx-1 01');
  // Nothing of it could be fetched any more.
  await runSql('UPDATE release_part SET bytes = substring(bytes FROM 1 FOR 1000)');
  const releases = await Releases.open(places);
  await releases.remove('cvx');
  await releases.close();
  await titled(library, undefined);
  const elsewhere = { ...places, libraryPath: `${folder.path}/elsewhere/library.db` };
  await expect(openLibrary(elsewhere)).rejects.toThrow(/the file of release \S+ is not there whole/);
  expect(readdirSync(`${folder.path}/elsewhere`).filter((name) => name.endsWith('-releases'))).toHaveLength(1);
  const [left] = readdirSync(`${folder.path}/elsewhere`).filter((name) => name.endsWith('-releases'));
  expect(readdirSync(`${folder.path}/elsewhere/${left}`)).toEqual([]);
});

test('a file that somebody took away is fetched again, and what is served goes on meanwhile', async () => {
  const { library } = await opened();
  await importCodes('cvx-1', ['01']);
  await titled(library, 'cvx-1 01');
  const [copies = ''] = readdirSync(folder.path).filter((name) => /^copy-.*-releases$/.test(name));
  for (const name of readdirSync(join(folder.path, copies))) rmSync(join(folder.path, copies, name));
  expect(library.findConcepts([{ system: 'cvx', code: '01' }])).toHaveLength(1);
  while (filesHere().length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  await importCodes('cvx-2', ['01']);
  await titled(library, 'cvx-2 01');
});

test('a copy that somebody took away is read and updated on by the process that has it open, and a start makes another', async () => {
  const { library, written } = await opened();
  for (const name of readdirSync(folder.path).filter((each) => /^copy-.*\.db/.test(each)))
    rmSync(join(folder.path, name));
  await written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  expect([library.findArticles(['local-a']).length, await library.ready(), library.storeLag()]).toEqual([
    1,
    true,
    undefined,
  ]);
  const again = await opened();
  await again.written.apply([put('b', handoutRows('local-b', 'W20'))], NOW);
  while (library.findArticles(['local-b']).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await expectSame();
});

test('a library that is closed right after it was opened waits for no connection', async () => {
  await buildLibraryFile(places);
  const patience = replaceLimit('databaseConnectMs', 300_000);
  try {
    for (let times = 0; times < 3; times += 1) await (await openStored(places)).close();
  } finally {
    patience.restore();
  }
});

test('an import is compared with what another machine has brought into use meanwhile', async () => {
  await opened();
  const releases = await Releases.open({ ...places, libraryPath: `${folder.path}/elsewhere/library.db` });
  const target = await releases.begin({ source: 'cvx', name: 'cvx-2', builtOn: '2026-01-02' });
  const concept = { system: 'cvx', code: '01', title: 'Another', parent: undefined, billable: undefined } as const;
  await target.write({ ...NO_ROWS, concepts: [{ ...concept, active: true, names: [] }] });
  await importCodes('cvx-1', ['01', '02']);
  expect((await target.finish([])).changes.concepts).toMatchObject({ added: 0, changed: 1, withdrawn: 1 });
  await releases.close();
});

test('written versions of before a restore give way to those of after it', async () => {
  const { written } = await opened();
  await written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  await written.apply([put('b', handoutRows('local-b', 'W20'))], NOW);
  await expectSame();
  await runSql(
    "DELETE FROM written_version WHERE id = 'b'",
    "DELETE FROM written_resource WHERE id = 'b'",
    "UPDATE written_version SET written_at = '2025-01-01T00:00:00.000Z'",
    "UPDATE release SET activated_at = '2026-02-03T00:00:00.000Z' WHERE layer = 'written'",
  );
  await expectSame();
});

test('of several readers of one copy each sees a whole state, while an import comes', async () => {
  const [first, second] = [await opened(), await opened()];
  await importCodes(
    'cvx-1',
    Array.from({ length: 3000 }, (_, n) => String(n).padStart(2, '0')),
  );
  for (const { library } of [first, second]) {
    await titled(library, 'cvx-1 01');
    expect(library.terminology.listConcepts('cvx', '', 5000)).toHaveLength(3000);
  }
});

test('a copy that ends half-way leaves the old state, and the next one brings the new', async () => {
  const { library } = await opened();
  const before = library.status().release;
  await runSql(
    // The last thing that is copied cannot be read.
    'ALTER TABLE active_release RENAME TO hidden_release',
    'CREATE VIEW active_release AS SELECT layer, source, release + CAST(1 / (release - release) AS INTEGER) AS release FROM hidden_release',
  );
  const reader = await createDatabase(places)
    .openReader()
    .catch((error: unknown) => error);
  expect(reader).toBeInstanceOf(Error);
  expect([library.status().release, await library.ready()]).toEqual([before, true]);
  await runSql('DROP VIEW active_release', 'ALTER TABLE hidden_release RENAME TO active_release');
  await importCodes('cvx-1', ['01']);
  await titled(library, 'cvx-1 01');
});

test('a damaged copy is made anew, and the server being away is told once something is served without it', async () => {
  await opened();
  for (const { written, library } of open.splice(0)) {
    await written.close();
    await library.close();
  }
  const [copy = ''] = readdirSync(folder.path).filter((name) => /^copy-.*\.db$/.test(name));
  writeFileSync(`${folder.path}/${copy}`, 'no database any more '.repeat(2000));
  await opened();
  await expectSame();
  await server().kill();
  const told: boolean[] = [];
  const onAvailable = (isAvailable: boolean): number => told.push(isAvailable);
  const elsewhere = { ...places, libraryPath: `${folder.path}/elsewhere/library.db`, onAvailable };
  await expect(openLibrary(elsewhere)).rejects.toMatchObject({ isPassing: true });
  expect(told).toEqual([]);
  await opened({ ...places, onAvailable });
  expect(told).toEqual([false]);
  await server().start();
});

test('without a copy and without a server nothing is opened, and without a place for a copy either', async () => {
  await opened();
  await server().kill();
  const elsewhere = temporaryFolder();
  await expect(openLibrary({ ...places, libraryPath: `${elsewhere.path}/library.db` })).rejects.toMatchObject({
    isPassing: true,
  });
  await server().start();
  writeFileSync(`${elsewhere.path}/file`, '');
  const none = { ...places, libraryPath: `${elsewhere.path}/file/library.db` };
  await expect(openLibrary(none)).rejects.toThrow(
    /cannot open the library in PostgreSQL .*: the files of releases cannot be kept: \S+\/file is no folder/,
  );
  elsewhere.remove();
});
