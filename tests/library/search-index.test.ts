import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SearchHit } from '../../src/core/search/search-hit.js';
import { searchLibrary } from '../../src/core/search/text-search.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces } from './places.js';

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
beforeEach(async () => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
  await buildLibraryFile(places);
});
afterEach(() => {
  folder.remove();
});

async function search(query: string): Promise<SearchHit[]> {
  const { library } = await openLibrary(places);
  try {
    return await searchLibrary({ query, language: 'en', kind: undefined, count: 10 }, library);
  } finally {
    await library.close();
  }
}

describe('synonyms', () => {
  test('are part of what the starter is built from', async () => {
    expect(await search('huffing and puffing')).toEqual([]);
    appendFileSync(join(places.resourcesDir, 'search/synonyms.csv'), 'huffing and puffing,asthma,en\n');
    const [report] = await buildLibraryFile(places);
    expect(report).toMatchObject({ layer: 'starter', complaints: [] });
    expect((await search('huffing and puffing'))[0]).toMatchObject({
      matched: 'synonym',
      article: { id: 'topic-asthma' },
    });
  });

  test('that say nothing are left out and named', async () => {
    appendFileSync(join(places.resourcesDir, 'search/synonyms.csv'), 'the,asthma,en\nwheeze,asthma,fr\nwheeze,?,en\n');
    const [report] = await buildLibraryFile(places);
    expect(report?.complaints.map(({ file, line, reason }) => `${file}:${line} ${reason}`)).toEqual([
      'synonyms.csv:4 no searchable words',
      'synonyms.csv:5 /language must be equal to one of the allowed values',
      'synonyms.csv:6 no searchable words',
    ]);
  });
});
