import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ServedLibrary } from '../../src/catalogue/served-library.js';
import type { ReleaseChange } from '../../src/core/model/library.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { readPolicy } from '../../src/build/read-policy.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import { testText } from '../support/memory-library.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces } from './places.js';

const folder = temporaryFolder();
const places = seedPlaces(folder.path);
let library: ServedLibrary;

/** `topic-a01`, `topic-a02` and so on. */
const many = (count: number): string[] =>
  Array.from({ length: count }, (_none, index) => `topic-a${String(index + 1).padStart(2, '0')}`);

async function importArticles(name: string, ids: readonly string[], title = ''): Promise<void> {
  const releases = await Releases.open(places);
  const target = await releases.begin({ source: 'test-source', name, builtOn: '2026-01-01' });
  const texts = ids.map((article) => ({ article, ...testText(`${article}${title}`, 'en') }));
  await target.write({ ...NO_ROWS, articles: ids.map((id) => ({ id })), texts });
  await target.finish([]);
  await releases.close();
}

beforeAll(async () => {
  await buildLibraryFile(places);
  await importArticles('first', many(25));
  await importArticles('second', many(26));
  await importArticles('third', many(24), ' anew');
  ({ library } = await openLibrary({ ...places, readOnly: true }));
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

/** Change in the history of a release's articles, for the readers of a site that suppresses some. */
async function changeOf(name: string, ...suppressed: readonly string[]): Promise<ReleaseChange | undefined> {
  const lines = suppressed.map((id) => `suppress,${id},,`);
  const { policy, faults } = readPolicy(['rule,what,for,value', ...lines, ''].join('\n'));
  expect(faults).toEqual([]);
  const releases = library.under(() => policy).findReleases(10);
  const change = releases.find((release) => release.name === name)?.changes.articles;
  for (const id of suppressed) expect(JSON.stringify(change)).not.toContain(id);
  return change;
}

test('where nothing is suppressed, all is counted', async () => {
  expect(await changeOf('first')).toMatchObject({ added: 25, changed: 0, withdrawn: 0 });
  expect(await changeOf('third')).toMatchObject({ added: 0, changed: 24, withdrawn: 2 });
  expect(await changeOf('first')).not.toHaveProperty('isLeast');
});

test('a suppressed article that is named among the changes is neither named nor counted', async () => {
  expect(await changeOf('second', 'topic-a26')).toMatchObject({ added: 0, changed: 0, withdrawn: 0, examples: [] });
  const withdrawn = await changeOf('third', 'topic-a26');
  expect(withdrawn).toMatchObject({ added: 0, withdrawn: 1 });
  expect(withdrawn?.examples).toContain('withdrawn topic-a25');
  const first = await changeOf('first', 'topic-a03');
  expect(first).toMatchObject({ added: 24, changed: 0, withdrawn: 0 });
  expect(first).not.toHaveProperty('isLeast');
});

test('one that may be among those that are not named is not counted either: the count is the least there may be', async () => {
  expect(await changeOf('first', 'topic-a24')).toMatchObject({ added: 24, isLeast: true });
  expect(await changeOf('first', 'topic-a01', 'topic-a24')).toMatchObject({ added: 23, isLeast: true });
  // No more can be missing than there are beside those that are named.
  const all = ['topic-a21', 'topic-a22', 'topic-a23', 'topic-a24', 'topic-a25', 'topic-b', 'topic-c'];
  expect(await changeOf('first', ...all)).toMatchObject({ added: 20, isLeast: true });
  expect(await changeOf('second', 'topic-a24')).toMatchObject({ added: 1, examples: ['added topic-a26'] });
  expect(await changeOf('second', 'topic-a24')).not.toHaveProperty('isLeast');
});
