import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ServedLibrary } from '../../src/catalogue/served-library.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, createDatabase } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import { NOW } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces } from './places.js';

let folder: ReturnType<typeof temporaryFolder>;
let options: OpenOptions;
let library: ServedLibrary;

beforeEach(async () => {
  folder = temporaryFolder();
  options = seedPlaces(folder.path);
  await buildLibraryFile(options);
  library = await ServedLibrary.open(await createDatabase(options).openReader());
});
afterEach(async () => {
  await library.close();
  folder.remove();
});

const CONCEPTS = {
  ...NO_ROWS,
  concepts: [
    { system: 'cvx', code: '01', title: 'DTP', parent: undefined, billable: undefined, active: true, names: [] },
  ],
} as const;

test('what is written beside the library and is no swap changes nothing of it', async () => {
  const status = library.status();
  const releases = await Releases.open(options);
  const target = await releases.begin({ source: 'cvx', name: 'cvx', builtOn: '2026-01-02' });
  await target.write(CONCEPTS);
  const db = await createDatabase(options).connect();
  await db.run("INSERT INTO written_version VALUES (1, 'Document', 'a', 1, 'PUT', $1, '{}')", NOW.toISOString());
  await db.close();
  await library.noticeSwap();
  expect(library.status()).toBe(status);
  await target.finish([]);
  await releases.close();
  await library.noticeSwap();
  expect(library.status()).not.toBe(status);
  expect(library.status().releases.map(({ source }) => source)).toContain('cvx');
});

test('a swap that brings codes alone leaves all else as it was, and a fresh look says the same', async () => {
  const { articles, mappings, systems } = library.status();
  const before = library.findArticles(library.findArticleIds({ prefix: '' }));
  const releases = await Releases.open(options);
  const target = await releases.begin({ source: 'cvx', name: 'cvx', builtOn: '2026-01-02' });
  await target.write(CONCEPTS);
  await target.finish(['cvx']);
  await releases.close();
  await library.noticeSwap();
  expect(library.status()).toMatchObject({ articles, mappings, systems });
  expect([...library.status().completeSystems]).toEqual([['cvx', 'cvx']]);
  for (const [index, article] of library.findArticles(library.findArticleIds({ prefix: '' })).entries())
    expect(article).toBe(before[index]);
  expect(library.status().concepts.get('cvx')).toBe(1);
  const fresh = await ServedLibrary.open(await createDatabase(options).openReader());
  expect(fresh.status()).toEqual(library.status());
  expect(fresh.status().concepts).toEqual(library.status().concepts);
  await fresh.close();
});
