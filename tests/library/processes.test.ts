import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { buildElsewhere, kill, overwriteElsewhere, seedPlaces, stallElsewhere } from './places.js';

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
let open: ManagedLibrary[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
  open = [];
});
afterEach(async () => {
  for (const library of open) await library.close();
  folder.remove();
});

const addRow = (code: string): void => {
  appendFileSync(join(places.mappingsDir, 'icd-10-cm.csv'), `${code},topic-falls,related,1,,,\n`);
};

async function openReadOnly(options: OpenOptions): Promise<ReturnType<typeof openLibrary>> {
  const opened = await openLibrary({ ...options, readOnly: true });
  open.push(opened.library);
  return opened;
}

const W20 = { system: 'icd-10-cm', code: 'W20' } as const;
const W19 = { system: 'icd-10-cm', code: 'W19' } as const;

test('of several processes that start at once on no file, one builds and all are content', async () => {
  const reports = await Promise.all([1, 2, 3, 4].map(() => buildElsewhere(places)));
  expect(reports.map((ofOne) => ofOne.length).sort()).toEqual([0, 0, 0, 1]);
  const { library, outOfDate } = await openReadOnly(places);
  expect(outOfDate).toBe(false);
  expect(library.findArticleIds(W19)).toEqual(['topic-falls']);
});

test('of several processes that find changed files, one builds', async () => {
  await buildLibraryFile(places);
  addRow('W20');
  const reports = await Promise.all([1, 2, 3].map(() => buildElsewhere(places)));
  expect(reports.map((ofOne) => ofOne.length).sort()).toEqual([0, 0, 1]);
});

test('while another process builds, a server answers from the old library without waiting', async () => {
  await buildLibraryFile(places);
  const { library } = await openLibrary(places);
  open.push(library);
  const { release } = library.status();
  addRow('W20');
  const child = await stallElsewhere(places);
  try {
    expect(library.findArticleIds(W19)).toEqual(['topic-falls']);
    expect(library.findArticleIds(W20)).toEqual([]);
    expect(await library.ready()).toBe(true);
    expect(library.status().release).toBe(release);
  } finally {
    await kill(child);
  }
});

test('a process killed in the middle of a build leaves the old library, and the next start builds the new', async () => {
  await buildLibraryFile(places);
  const old = (await openReadOnly(places)).library.status();
  addRow('W20');
  await kill(await stallElsewhere(places));
  const { library, outOfDate } = await openReadOnly(places);
  expect(outOfDate).toBe(true);
  expect(library.status()).toEqual(old);
  expect(library.findArticleIds(W20)).toEqual([]);
  const next = await openLibrary(places);
  open.push(next.library);
  expect(next.reports.map(({ layer }) => layer)).toEqual(['starter']);
  expect(next.library.findArticleIds(W20)).toEqual(['topic-falls']);
  expect(next.library.status()).toMatchObject({ articles: old.articles, mappings: old.mappings + 1 });
});

test('a library file that is spoilt under a server makes its answers unavailable, is told once, and does not end it', async () => {
  expect(await overwriteElsewhere(places)).toEqual({ answer: 'library-unavailable', isToldOnce: true });
});

test('a read-only library is a file of its own, opened without writing beside it', async () => {
  await buildLibraryFile(places, true);
  const before = readFileSync(places.libraryPath);
  expect(readdirSync(folder.path).filter((name) => name.startsWith('library.db'))).toEqual(['library.db']);
  // Bytes 18 and 19 of an SQLite file are 2 in WAL mode, which needs a writable folder, and 1 otherwise.
  expect([before[18], before[19]]).toEqual([1, 1]);
  const { library, reports, outOfDate } = await openReadOnly(places);
  expect({ reports, outOfDate }).toEqual({ reports: [], outOfDate: false });
  expect(library.findArticleIds(W19)).toEqual(['topic-falls']);
  expect(library.findArticles(['topic-falls'])[0]?.texts.en?.title).toBe('Falls');
  expect(readdirSync(folder.path).filter((name) => name.startsWith('library.db'))).toEqual(['library.db']);
  expect(readFileSync(places.libraryPath).equals(before)).toBe(true);
});

test('a read-only library that is older than the files beside it says so and is not rebuilt', async () => {
  await buildLibraryFile(places, true);
  addRow('W20');
  const { library, reports, outOfDate } = await openReadOnly(places);
  expect({ reports, outOfDate }).toEqual({ reports: [], outOfDate: true });
  expect(library.findArticleIds(W20)).toEqual([]);
});

test('finishing an up-to-date library that was in WAL mode makes it fit for a read-only volume', async () => {
  await buildLibraryFile(places);
  expect(await buildLibraryFile(places, true)).toEqual([]);
  const head = readFileSync(places.libraryPath);
  expect([head[18], head[19]]).toEqual([1, 1]);
});

test('a read-only library that is not there is an error, and none is made', async () => {
  await expect(openLibrary({ ...places, readOnly: true })).rejects.toThrow(/no library at/);
  expect(existsSync(places.libraryPath)).toBe(false);
});

test('a read-only library that was never built is an error', async () => {
  writeFileSync(places.libraryPath, '');
  await expect(openLibrary({ ...places, readOnly: true })).rejects.toThrow();
});
