import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, databaseOf } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import type { LibraryReader } from '../../src/store/connection.js';
import { StoredLibrary } from '../../src/catalogue/stored-library.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces } from './places.js';

let folder: ReturnType<typeof temporaryFolder>;
let options: OpenOptions;
let library: StoredLibrary;
let reader: LibraryReader;
/** Statements that were run, by name or by the table that they count. */
let run: string[];

beforeEach(async () => {
  folder = temporaryFolder();
  options = seedPlaces(folder.path);
  await buildLibraryFile(options);
  const inner = await databaseOf(options).openReader();
  run = [];
  reader = {
    read: (name, argument) => {
      run.push(name);
      return inner.read(name, argument);
    },
    readHistory: (name, argument) => inner.readHistory(name, argument),
    all: (sql, ...values) => {
      run.push(/FROM (\w+)/.exec(sql)?.[1] ?? '');
      return inner.all(sql, ...values);
    },
    version: () => inner.version(),
    check: () => inner.check(),
    isPassing: (error) => inner.isPassing(error),
    unavailable: (error) => inner.unavailable(error),
    close: () => inner.close(),
  };
  library = await StoredLibrary.open(reader);
});
afterEach(async () => {
  await library.close();
  folder.remove();
});

const W19 = [{ system: 'icd-10-cm', code: 'W19' }] as const;
const CONCEPTS = {
  ...NO_ROWS,
  concepts: [
    { system: 'cvx', code: '01', title: 'DTP', parent: undefined, billable: undefined, active: true, names: [] },
  ],
} as const;

test('what is written beside the library and is no swap changes nothing of it: all stays in memory', async () => {
  const status = library.status();
  const [row] = library.findMappings(W19);
  const version = await reader.version();
  const releases = await Releases.open(options);
  const target = await releases.begin({ source: 'cvx', name: 'cvx', builtOn: '2026-01-02' });
  await target.write(CONCEPTS);
  expect(await reader.version()).not.toBe(version);
  run.length = 0;
  await library.noticeSwap();
  expect(library.status()).toBe(status);
  expect(library.findMappings(W19)).toEqual([row]);
  expect(run).not.toContain('find-mappings');
  await target.finish([]);
  await releases.close();
  await library.noticeSwap();
  expect(library.status()).not.toBe(status);
  expect(library.status().releases.map(({ source }) => source)).toContain('cvx');
});

test('a swap that brings codes alone counts no articles and no rows again', async () => {
  const { articles, mappings, systems } = library.status();
  await library.countConcepts();
  const releases = await Releases.open(options);
  const target = await releases.begin({ source: 'cvx', name: 'cvx', builtOn: '2026-01-02' });
  await target.write(CONCEPTS);
  await target.finish(['cvx']);
  await releases.close();
  run.length = 0;
  await library.noticeSwap();
  expect(library.status()).toMatchObject({ articles, mappings, systems });
  expect([...library.status().completeSystems]).toEqual([['cvx', 'cvx']]);
  for (const table of ['article', 'article_text', 'mapping', 'crosswalk', 'publisher'])
    expect(run).not.toContain(table);
  const counts = await library.countConcepts();
  expect(counts.get('cvx')).toBe(1);
  // A fresh look says the same.
  const fresh = await StoredLibrary.open(await databaseOf(options).openReader());
  expect(fresh.status()).toEqual({ ...library.status(), generation: 1 });
  expect(await fresh.countConcepts()).toEqual(counts);
  await fresh.close();
});
