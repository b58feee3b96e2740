import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { importRelease } from '../../src/cli/import.js';
import { rollback } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase, openLibrary } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import { keptStreams } from '../cli/seeded-config.js';
import { released } from '../contract/seeded-library.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { ownPostgres } from '../support/suite-postgres.js';
import { SEED, buildElsewhere, kill, seedPlaces, stallElsewhere, writeFiles } from './places.js';

const server = ownPostgres();

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
const open: ManagedLibrary[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  places = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 3 } };
});
afterEach(async () => {
  for (const library of open.splice(0)) await library.close();
  folder.remove();
});

async function opened(options = places): Promise<ManagedLibrary> {
  const { library } = await openLibrary(options);
  open.push(library);
  return library;
}

const W19 = { system: 'icd-10-cm', code: 'W19' } as const;
const N53 = { system: 'icd-10-cm', code: 'N53.14' } as const;
const config = (): Config => ({ ...testConfig(folder.path), ...places });

test('of several instances that start at once on an empty database, one builds and all are content', async () => {
  const reports = await Promise.all([1, 2, 3, 4].map(() => buildElsewhere(places)));
  expect(reports.map((ofOne) => ofOne.length).sort()).toEqual([0, 0, 0, 1]);
  expect((await opened()).findArticleIds(W19)).toEqual(['topic-falls']);
});

test('a process killed in the middle of a build leaves the old library, and the next start builds', async () => {
  await buildLibraryFile(places);
  const library = await opened();
  const before = library.status();
  const child = await stallElsewhere({ ...places, omitCodeSystems: ['icd-9-cm'] });
  expect(library.findArticleIds(W19)).toEqual(['topic-falls']);
  await kill(child);
  expect((await opened({ ...places, readOnly: true })).status()).toEqual(before);
  expect(await buildLibraryFile({ ...places, omitCodeSystems: ['icd-9-cm'] })).toHaveLength(1);
  expect(await released(library, (release) => release !== before.release)).not.toBe(before.release);
});

test('a table of a later version is refused, and nothing of it is touched', async () => {
  await buildLibraryFile(places);
  const connection = await createDatabase(places).connect();
  await connection.run('UPDATE schema_version SET version = 999');
  await connection.close();
  await expect(openLibrary(places)).rejects.toThrow(/later version/);
  await expect(openLibrary(places)).rejects.not.toThrow(/postgres@/);
});

test('a database that cannot hold every text is refused, with what to do', async () => {
  const url = await server().createDatabase("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  await expect(openLibrary({ ...places, database: { url, maxConnections: 3 } })).rejects.toThrow(
    /its encoding is LATIN1: create the database with ENCODING 'UTF8'/,
  );
});

test('a lost server: all that was stored is served, by an instance that starts meanwhile too', async () => {
  const library = await opened();
  await server().kill();
  expect(library.findMappings([N53])).not.toEqual([]);
  expect(await released(library, () => library.storeLag() !== undefined)).toBe(library.status().release);
  const another = await openLibrary(places);
  open.push(another.library);
  expect(another.library.findMappings([N53])).toEqual(library.findMappings([N53]));
  expect([another.isBuildDue, await another.library.ready(), another.library.storeLag()]).toEqual([
    true,
    true,
    { reason: 'away', since: expect.any(Date) },
  ]);
  await server().start();
  for (const one of [library, another.library])
    expect(await released(one, () => one.storeLag() === undefined)).not.toBe('');
});

test('connections are told by what they do, and those that wait for one; one that was lost idle is replaced', async () => {
  const { library, written } = await openLibrary(places);
  open.push(library);
  const list = (): Promise<unknown> => written.listVersions(0, 1);
  await list();
  const most = library.connections()?.most ?? 0;
  const asked = Array.from({ length: most + 5 }, list);
  await new Promise(setImmediate);
  expect(library.connections()?.waiting).toBeGreaterThan(0);
  await Promise.all(asked);
  expect(library.connections()).toMatchObject({ waiting: 0 });
  await server().kill();
  await server().start();
  for (let times = 0; times < 5; times += 1) expect(await list()).toEqual([]);
});

test('a swap by one instance is noticed by the others, and a rollback too', async () => {
  const libraries = [await opened(), await opened()];
  const releases = await Releases.open(places);
  for (const name of ['test-1', 'test-2']) {
    const target = await releases.begin({ source: 'test', name, builtOn: '2026-01-02' });
    const concept = { parent: undefined, billable: undefined, active: true, names: [] };
    await target.write({ ...NO_ROWS, concepts: [{ system: 'icd-10-cm', code: 'R05', title: name, ...concept }] });
    await target.finish([]);
    for (const library of libraries) {
      expect(await released(library, (release) => release.includes(name))).toContain(name);
      expect(library.findConcepts([{ system: 'icd-10-cm', code: 'R05' }])[0]?.title).toBe(name);
    }
  }
  await releases.rollback('test');
  await releases.close();
  for (const library of libraries) {
    expect(await released(library, (release) => release.includes('test-1'))).toContain('test-1');
  }
});

test("a site's folder comes by command, stays over starts without it, and goes by command", async () => {
  const local = join(SEED, 'local');
  const library = await opened({ ...places, localLibrary: local });
  expect(library.status().release).not.toContain('local');
  const { streams, written } = keptStreams();
  expect(await importRelease(config(), 'local', local, {}, streams)).toBe(0);
  expect(written().stdout).toMatch(/^local-\S+: \d+ articles, \d+ mapping rows, 0 left out\n$/);
  expect(await released(library, (release) => release.includes('local'))).toContain('local');
  await buildLibraryFile(places);
  expect((await opened()).status().release).toContain('local');
  expect(await rollback(config(), 'local', { remove: true }, streams)).toBe(0);
  expect((await opened()).status().release).not.toContain('local');
});

test('a row with what is too long for an index is left out, and the folder comes all the same', async () => {
  // Of digests, lest it be pressed together.
  const digests = Array.from({ length: 150 }, (_, n) => createHash('sha256').update(`${n}`).digest('hex')).join('');
  const local = writeFiles(join(folder.path, 'local'), {
    'articles/publisher.csv': `id,name,url,licensed\nc${digests.slice(0, 9000)},Clinic,,false\n`,
    'mappings/drug-name.csv': `code,article,relationship,rank\n${digests.slice(0, 3500)},topic-falls,related,1\n`,
    'mappings/icd-10-cm.csv': 'code,article,relationship,rank\nW20,topic-falls,related,1\n',
  });
  const { streams, written } = keptStreams();
  expect(await importRelease(config(), 'local', local, {}, streams)).toBe(2);
  expect(written().stdout).toMatch(/1 mapping rows, 2 left out\n {2}publisher\.csv:2: .*\n {2}drug-name\.csv:2: .*\n$/);
});

test('a folder that is none, and a library that is a file, take no folder by command', async () => {
  const { streams, written } = keptStreams();
  expect(await importRelease(config(), 'local', join(folder.path, 'nowhere'), {}, streams)).toBe(1);
  expect(await importRelease({ ...config(), database: undefined }, 'local', SEED, {}, streams)).toBe(1);
  expect(written().stderr).toMatch(/is not a folder\n.*a library file imports LOCAL_LIBRARY/s);
});
