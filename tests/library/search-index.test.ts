import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SearchHit } from '../../src/core/search-hit.js';
import { searchLibrary } from '../../src/core/text-search.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces } from './places.js';
import type { SqliteFile } from '../../src/store/sqlite/binding.js';
import { columnOf, openFile } from '../support/library-file.js';

const TABLES = ['search_index', 'search_document', 'search_term', 'search_gram', 'search_synonym'];

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

function inFile<T>(work: (db: SqliteFile) => T): T {
  const db = openFile(places.libraryPath);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Releases that have rows in each of the search's tables. */
const indexed = (): unknown[][] =>
  inFile((db) => TABLES.map((table) => columnOf(db, `SELECT DISTINCT release FROM ${table} ORDER BY 1`)));

async function search(query: string): Promise<SearchHit[]> {
  const { library } = await openLibrary(places);
  try {
    return await searchLibrary({ query, language: 'en', kind: undefined, count: 10 }, library);
  } finally {
    await library.close();
  }
}

async function importConcept(title: string): Promise<void> {
  const releases = await Releases.open(places);
  const target = await releases.begin({ source: 'test', name: `test-${title}`, builtOn: '2026-01-02' });
  const rest = { parent: undefined, billable: undefined, active: true, names: [] };
  await target.write({ ...NO_ROWS, concepts: [{ system: 'icd-10-cm', code: 'R05', title, ...rest }] });
  await target.finish([]);
  await releases.close();
}

describe('the search index', () => {
  test('goes with its release', async () => {
    for (const title of ['Cough', 'Dry cough', 'Wet cough']) await importConcept(title);
    const [indexes = [], documents, terms, grams, synonyms] = indexed();
    expect(indexes).toHaveLength(3);
    expect([documents, terms, grams]).toEqual([indexes, indexes, indexes]);
    expect(synonyms).toHaveLength(1);
  });

  test('of an import that was given up is not there, and neither are its rows', async () => {
    const before = indexed();
    const releases = await Releases.open(places);
    const target = await releases.begin({ source: 'test', name: 'test-1', builtOn: '2026-01-02' });
    await target.write({ ...NO_ROWS, synonyms: [{ term: 'coff', means: 'cough', language: 'en' }] });
    await target.abort();
    await releases.close();
    expect(indexed()).toEqual(before);
  });

  test('is made for what an older version imported without one', async () => {
    await importConcept('Barking cough');
    inFile((db) => {
      for (const table of TABLES) db.exec(`DROP TABLE ${table}`);
      db.exec('PRAGMA user_version = 2');
    });
    await buildLibraryFile(places);
    expect(indexed()[0]).toHaveLength(2);
    expect((await search('barking cough'))[0]).toMatchObject({ kind: 'concept', concept: { code: 'R05' } });
    expect((await search('asthma'))[0]).toMatchObject({ kind: 'article', article: { id: 'topic-asthma' } });
  });
});

describe('an index that was made in another way', () => {
  beforeEach(async () => {
    await importConcept('Barking cough');
    inFile((db) => {
      db.exec("UPDATE search_index SET version = 0; UPDATE search_term SET term = 'old-' || term");
    });
  });

  test('is made anew', async () => {
    expect((await search('barking cough'))[0]).toMatchObject({ kind: 'concept', concept: { code: 'R05' } });
  });

  test('is not searched where it cannot be', async () => {
    const { library } = await openLibrary({ ...places, readOnly: true });
    expect(library.searchIndexes()).toEqual([]);
    await library.close();
  });
});

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
      'synonyms.csv:4 no words to search by',
      'synonyms.csv:5 /language must be equal to one of the allowed values',
      'synonyms.csv:6 no words to search by',
    ]);
  });
});
