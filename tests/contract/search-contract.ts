import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import { PackedListReader } from '../../src/core/search/packed-list.js';
import type { SearchHit } from '../../src/core/search/search-hit.js';
import type { TermRecord } from '../../src/core/search/search-index.js';
import { searchLibrary } from '../../src/core/search/text-search.js';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { icd10, released } from './seeded-library.js';

const UNKNOWN = [
  '',
  "'",
  '"',
  "asthma' OR '1'='1",
  'asth%',
  'asth_a',
  'Asthma',
  '\u0000',
  '💊',
  '\ud800',
  'a'.repeat(5000),
];

function documentsOf(library: Library, { release, postings }: TermRecord): string[] {
  const refs: { release: number; document: number }[] = [];
  for (const list = new PackedListReader(postings); list.next();) refs.push({ release, document: list.number });
  const found = library.search.findDocuments(refs);
  return found.map(({ system, key }) => (system === undefined ? key : `${system} ${key}`)).sort();
}

const brief = (hit: SearchHit): string =>
  hit.kind === 'article' ? `${hit.article.id}: ${hit.text.title}` : `${hit.concept.code}: ${hit.concept.title}`;

async function hitsOf(library: Library, query: string): Promise<string[]> {
  return (await searchLibrary({ query, language: 'en', kind: undefined, count: 50 }, library)).map(brief);
}

/** The search index of one layer: terms, documents, likely spellings, synonyms. */
function indexContract(open: OpenSeed): void {
  let seeded: SeededLibrary;
  let library: Library;
  const find = (terms: string[], prefix?: string, mostCompletions = 9): TermRecord[] =>
    library.search.findTerms({ terms, prefix, mostCompletions });
  beforeAll(async () => {
    seeded = await open(['starter']);
    ({ library } = seeded);
  });
  afterAll(() => seeded.remove());

  test('the index counts its documents, articles and drug names before concepts', () => {
    const [index, ...others] = library.search.indexes;
    expect(others).toEqual([]);
    expect(index).toMatchObject({ documents: 18, conceptsFrom: 13 });
  });

  test('a term leads to all that are named so: articles in any language, drug names, concepts', () => {
    const [asthma, ...others] = find(['asthma']);
    expect(others).toEqual([]);
    expect(asthma).toMatchObject({ term: 'asthma', documents: 4 });
    expect(asthma && documentsOf(library, asthma)).toEqual([
      'icd-10-cm J45',
      'icd-10-cm J45.909',
      'topic-asthma',
      'topic-asthmainchildren',
    ]);
    const [asma] = find(['asma']);
    expect(asma && documentsOf(library, asma)).toEqual(['topic-asthma', 'topic-asthmainchildren']);
    const [metformin] = find(['metformin']);
    expect(metformin && documentsOf(library, metformin)).toEqual([
      'drug-a696005',
      'drug-name metformin',
      'drug-name metformin | insulin > tablet',
    ]);
  });

  test('terms that begin with a prefix come with it, those of most documents first, no more than are wanted', () => {
    const terms = (prefix: string, most: number): string[] =>
      find([], prefix, most)
        .map(({ term }) => term)
        .sort();
    expect(terms('asth', 9)).toEqual(['asthma']);
    expect(terms('diab', 9)).toEqual(['diabet', 'diabetic']);
    expect(terms('re', 1)).toEqual(['respiratory']);
    expect(terms('asthma', 9)).toEqual([]);
    expect(terms('zzz', 9)).toEqual([]);
    expect(find(['asthma'], 'asth').map(({ term }) => term)).toEqual(['asthma']);
  });

  test('strings that are no terms find nothing and break nothing', () => {
    expect(find(UNKNOWN)).toEqual([]);
    for (const prefix of UNKNOWN.slice(1)) expect(find([], prefix)).toEqual([]);
    expect(library.search.findSynonyms(UNKNOWN)).toEqual([]);
    expect(library.search.findSimilarTerms(UNKNOWN.slice(0, 2), 5).flat()).toEqual([]);
    expect(library.search.findDocuments([])).toEqual([]);
  });

  test('documents that are not there are left out', () => {
    const [index] = library.search.indexes;
    const release = index?.release ?? 0;
    const refs = [
      { release, document: 0 },
      { release, document: 9999 },
      { release: 9999, document: 0 },
    ];
    expect(library.search.findDocuments(refs)).toEqual([
      { release, document: 0, system: undefined, key: 'drug-a696005' },
    ]);
  });

  test('for each sound the terms like it', () => {
    const [asthma = [], ejaculation = []] = library.search.findSimilarTerms(['astma', 'eiasulation'], 3);
    expect(asthma[0]).toMatchObject({ term: 'asthma', word: 'asthma' });
    expect(ejaculation.map(({ term }) => term)).toContain('ejaculation');
    expect(asthma.length).toBeLessThanOrEqual(3);
  });

  test('synonyms by their terms', () => {
    expect(library.search.findSynonyms(['wheezing sicknes', 'wheezing sickness', 'mal pecho'])).toEqual([
      { term: 'wheezing sickness', means: 'asthma', language: 'en' },
      { term: 'mal pecho', means: 'asthma', language: 'es' },
    ]);
  });
}

function belowContract(open: OpenSeed): void {
  test('codes right below a code, then those that begin with it, each as its highest layer describes it', async () => {
    const seeded = await open(['starter', 'imported']);
    const { library } = seeded;
    const below = (codes: string[], most: number): string[] =>
      library.terminology.findConceptsBelow(codes.map(icd10), most).map(({ code, title }) => `${code} ${title}`);
    expect(below(['J40-J4A'], 9)).toEqual(['J45 Asthma']);
    expect(below(['J45'], 9)).toEqual(['J45.90 Unspecified asthma', 'J45.909 Asthma, as an import words it']);
    expect(below(['J45'], 1)).toEqual(['J45.90 Unspecified asthma']);
    expect(below(['J4', 'J45'], 2)).toHaveLength(4);
    expect(below(['J45.909', 'Z99', '%', ''], 0)).toEqual([]);
    expect(below([], 9)).toEqual([]);
    await seeded.remove();
  });
}

function searchedLayersContract(open: OpenSeed): void {
  test('what a higher layer says anew is one hit, under the name it has now', async () => {
    const seeded = await open(['starter', 'imported', 'local']);
    const { library } = seeded;
    expect(library.search.indexes).toHaveLength(3);
    expect(await hitsOf(library, 'retrograde ejaculation')).toEqual([
      'ency-001282: Retrograde ejaculation at our clinic',
      'N53.14: Retrograde ejaculation',
    ]);
    // The import's own words for the title stand no longer, its other title neither.
    expect(await hitsOf(library, 'imported')).toEqual([]);
    expect((await hitsOf(library, 'asthma import'))[0]).toBe('J45.909: Asthma, as an import words it');
    expect(await hitsOf(library, 'uncomplicated')).toEqual([]);
    await seeded.remove();
  });

  test('every layer adds its synonyms', async () => {
    const seeded = await open(['starter', 'local']);
    const hits = await hitsOf(seeded.library, 'wheezing sickness');
    expect(hits.slice(0, 2).sort()).toEqual(['local-asthmaplan: Our asthma plan', 'topic-asthma: Asthma']);
    await seeded.remove();
  });

  test('a swap changes what is found', async () => {
    const seeded = await open(['starter']);
    const { library } = seeded;
    expect(await hitsOf(library, 'asthma plan')).not.toContain('local-asthmaplan: Our asthma plan');
    await seeded.relay(['starter', 'local']);
    await released(library, (release) => release.includes('local'));
    expect((await hitsOf(library, 'asthma plan'))[0]).toBe('local-asthmaplan: Our asthma plan');
    await seeded.relay(['starter']);
    await released(library, (release) => !release.includes('local'));
    expect(await hitsOf(library, 'asthma plan')).not.toContain('local-asthmaplan: Our asthma plan');
    await seeded.remove();
  });

  test('a closed library refuses as unavailable', async () => {
    const seeded = await open(['starter']);
    // Earlier results are not returned from memory.
    expect(await hitsOf(seeded.library, 'asthma')).not.toEqual([]);
    await seeded.library.close();
    await expect(hitsOf(seeded.library, 'asthma')).rejects.toMatchObject({ code: 'library-unavailable' });
    await seeded.remove();
  });
}

/** Search: the index of each layer, and what the layers together find. */
export function searchContract(open: OpenSeed): void {
  describe('search', () => {
    indexContract(open);
    belowContract(open);
    searchedLayersContract(open);
  });
}
