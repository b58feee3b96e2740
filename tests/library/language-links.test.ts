import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Article } from '../../src/core/model/article.js';
import type { OpenOptions } from '../../src/library/open.js';
import { openLibrary } from '../../src/library/open.js';
import type { Complaint } from '../../src/build/source.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces, writeFiles } from './places.js';

const LINKS = 'article,language,title,url,publisher\n';

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
beforeEach(() => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
});
afterEach(() => {
  folder.remove();
});

/** The article after a site's links were laid over the seed, and what was complained of. */
async function lay(rows: string): Promise<{ article: Article | undefined; complaints: readonly Complaint[] }> {
  const files = { 'articles/language-link.csv': LINKS + rows };
  const { library, reports } = await openLibrary({
    ...places,
    localLibrary: writeFiles(join(folder.path, 'local'), files),
  });
  const [article] = library.findArticles(['topic-falls']);
  await library.close();
  return { article, complaints: reports.flatMap((report) => report.complaints) };
}

test("a site's links are added to an article that the site says nothing else of", async () => {
  const { article, complaints } = await lay(
    'topic-falls,vi,Preventing Falls,https://clinic.example/falls-vi.pdf,Our clinic\n' +
      'topic-falls,mul,,https://clinic.example/falls,Our clinic\n',
  );
  expect(complaints).toEqual([]);
  expect(article?.links).toEqual([
    { language: 'vi', title: 'Preventing Falls', url: 'https://clinic.example/falls-vi.pdf', publisher: 'Our clinic' },
    { language: 'mul', url: 'https://clinic.example/falls', publisher: 'Our clinic' },
  ]);
  expect(article?.texts.en?.title).toBeTruthy();
  expect(article?.publisher.id).toBe('nlm');
});

test.each([
  ['no article', ',vi,Falls,https://clinic.example/a,Our clinic'],
  ['no language', 'topic-falls,,Falls,https://clinic.example/a,Our clinic'],
  ['a name for a language', 'topic-falls,Vietnamese,Falls,https://clinic.example/a,Our clinic'],
  ['no title', 'topic-falls,vi,,https://clinic.example/a,Our clinic'],
  ['no address', 'topic-falls,vi,Falls,,Our clinic'],
  ['an address of another kind', 'topic-falls,vi,Falls,javascript:alert(1),Our clinic'],
  ['no publisher', 'topic-falls,vi,Falls,https://clinic.example/a,'],
  ['the same link again', 'topic-falls,ru,Falls,https://clinic.example/good,Our clinic'],
])('a row with %s is left out and named, and the one before it stands', async (_what, row) => {
  const good = 'topic-falls,ru,Falls,https://clinic.example/good,Our clinic';
  const { article, complaints } = await lay(`${good}\n${row}\n`);
  expect(complaints).toEqual([{ file: 'language-link.csv', line: 3, reason: expect.stringMatching(/\w{3}/) }]);
  expect(article?.links.map(({ language }) => language)).toEqual(['ru']);
});
