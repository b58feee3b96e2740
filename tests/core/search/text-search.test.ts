import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Article, ArticleText } from '../../../src/core/model/article.js';
import type { Concept, Layer } from '../../../src/core/model/library.js';
import type { SearchHit, SearchRequest } from '../../../src/core/search/search-hit.js';
import { phraseOf } from '../../../src/core/search/text-query.js';
import { searchLibrary } from '../../../src/core/search/text-search.js';
import { anyText } from '../../support/any-text.js';
import type { MemoryArticle, MemoryMapping, MemoryRows } from '../../support/memory-library.js';
import { MemoryLibrary, testText } from '../../support/memory-library.js';

interface Names {
  readonly en?: string;
  readonly es?: string;
  readonly alsoCalled?: readonly string[];
  readonly layer?: Layer;
}

function article(id: string, { en, es, alsoCalled = [], layer = 'starter' }: Names): MemoryArticle {
  const texts: Partial<Record<'en' | 'es', ArticleText>> = {};
  if (en !== undefined) texts.en = { ...testText(id, 'en'), title: en, alsoCalled };
  if (es !== undefined) texts.es = { ...testText(id, 'es'), title: es };
  return { layer, fields: { id, texts } satisfies Partial<Article> & Pick<Article, 'id'> };
}

function concept(code: string, title: string, fields: Partial<Concept> = {}): Concept {
  const rest = { parent: undefined, billable: undefined, active: true, names: [], release: 'memory' };
  return { system: 'icd-10-cm', code, title, ...rest, ...fields };
}

function mapping(system: MemoryMapping['system'], code: string, to: string): MemoryMapping {
  const rest = { layer: 'starter', rank: 1, sensitivity: undefined, origin: 'curated', note: '' } as const;
  return { system, code, article: to, relationship: 'equivalent', ...rest };
}

const ROWS: MemoryRows = {
  articles: [
    article('topic-diabetes', { en: 'Diabetes', es: 'Diabetes', alsoCalled: ['Diabetes mellitus', 'DM'] }),
    article('topic-diabetesinsipidus', { en: 'Diabetes Insipidus', es: 'Diabetes insípida' }),
    article('topic-diabeticdiet', { en: 'Diabetic Diet', es: 'Dieta diabética' }),
    article('topic-kidneystones', { en: 'Kidney Stones', es: 'Cálculos renales', alsoCalled: ['Nephrolithiasis'] }),
    article('encypi-000135', { en: 'Kidney stones - self-care' }),
    article('ency-000458', { en: 'Kidney stones' }),
    article('topic-xrays', { en: 'X-Rays', es: 'Rayos X' }),
    article('topic-asthma', { en: 'Asthma', es: 'Asma' }),
    article('topic-highbloodpressure', { en: 'High Blood Pressure', es: 'Presión arterial alta' }),
    article('ency-001179', { en: 'High potassium level', alsoCalled: ['High blood potassium'] }),
    article('ency-000386', { en: 'Low blood sugar' }),
    article('drug-a681004', { en: 'Acetaminophen', es: 'Acetaminofén' }),
    article('topic-alzheimersdisease', { en: "Alzheimer's Disease" }),
    article('topic-alzheimerscaregivers', { en: "Alzheimer's Caregivers" }),
    article('topic-enlargedprostatebph', { en: 'Enlarged Prostate (BPH)' }),
  ],
  mappings: [
    mapping('drug-name', 'tylenol', 'drug-a681004'),
    mapping('icd-10-cm', 'E11', 'topic-diabetes'),
    mapping('icd-9-cm', '250.00', 'topic-diabetes'),
    mapping('cvx', '08', 'topic-asthma'),
  ],
  crosswalks: [],
  concepts: [
    concept('E11', 'Type 2 diabetes mellitus'),
    concept('E11.9', 'Type 2 diabetes mellitus without complications', { parent: 'E11' }),
    concept('E11.311', 'Type 2 diabetes mellitus with retinopathy with macular edema', { parent: 'E11.31' }),
    concept('N20.0', 'Calculus of kidney', { names: ['kidney stone'] }),
    concept('J45', 'Asthma'),
    concept('Z00', 'Withdrawn ailment', { active: false }),
    concept('Z01', 'Present ailment'),
  ],
  synonyms: [
    { term: phraseOf('sugar diabetes'), means: 'diabetes', language: 'en' },
    { term: phraseOf('azúcar'), means: 'diabetes', language: 'es' },
    { term: phraseOf('high blood'), means: 'high blood pressure', language: 'en' },
    { term: phraseOf('stones in the kidneys'), means: 'kidney stones', language: 'en' },
  ],
};
const LIBRARY = new MemoryLibrary(ROWS);

const keyOf = (hit: SearchHit): string => (hit.kind === 'article' ? hit.article.id : hit.concept.code);

async function hitsOf(query: string, asked: Partial<SearchRequest> = {}, library = LIBRARY): Promise<SearchHit[]> {
  return searchLibrary({ query, language: 'en', kind: undefined, count: 10, ...asked }, library);
}

async function keysOf(query: string, asked: Partial<SearchRequest> = {}, library = LIBRARY): Promise<string[]> {
  return (await hitsOf(query, asked, library)).map(keyOf);
}

describe('the first hit is what a person means', () => {
  test.each([
    ['diabetes', 'topic-diabetes', 'title'],
    ['DIABETES', 'topic-diabetes', 'title'],
    ['the diabetes', 'topic-diabetes', 'title'],
    ['diabetis', 'topic-diabetes', 'spelling'],
    ['diab', 'topic-diabetes', 'title'],
    ['sugar diabetes', 'topic-diabetes', 'synonym'],
    ['suger diabetis', 'topic-diabetes', 'synonym'],
    ['azucar', 'topic-diabetes', 'synonym'],
    ['DM', 'topic-diabetes', 'synonym'],
    ['kidney stone', 'topic-kidneystones', 'title'],
    ['renales calculos', 'topic-kidneystones', 'title'],
    ['stones in the kidneys', 'topic-kidneystones', 'synonym'],
    ['nefrolitiasis', 'topic-kidneystones', 'spelling'],
    ['calculos renales', 'topic-kidneystones', 'title'],
    ['xray', 'topic-xrays', 'title'],
    ['x-ray', 'topic-xrays', 'title'],
    ['x rays', 'topic-xrays', 'title'],
    ['asma', 'topic-asthma', 'title'],
    ['astma', 'topic-asthma', 'spelling'],
    ['high blood', 'topic-highbloodpressure', 'synonym'],
    ['presion alta', 'topic-highbloodpressure', 'title'],
    ['tylenol', 'drug-a681004', 'synonym'],
    ['tilenol', 'drug-a681004', 'spelling'],
    ['bph', 'topic-enlargedprostatebph', 'synonym'],
    ['enlarged prostate', 'topic-enlargedprostatebph', 'title'],
    ["alzheimer's", 'topic-alzheimersdisease', 'title'],
    ['alzhimers', 'topic-alzheimersdisease', 'spelling'],
    ['macular edema', 'E11.311', 'title'],
    ['E11', 'topic-diabetes', 'code'],
    ['e11.9', 'topic-diabetes', 'code'],
    ['250.00', 'topic-diabetes', 'code'],
  ])('%s → %s by its %s', async (query, key, matched) => {
    const [first] = await hitsOf(query);
    expect(first && [keyOf(first), first.matched]).toEqual([key, matched]);
  });
});

describe('ranking', () => {
  test('articles come before concepts that suit as well, and health topics before other pages', async () => {
    expect(await keysOf('kidney stones')).toEqual(['topic-kidneystones', 'ency-000458', 'encypi-000135', 'N20.0']);
    expect(await keysOf('asthma')).toEqual(['topic-asthma', 'J45']);
  });

  test('a concept that suits better comes before articles that suit less', async () => {
    expect((await keysOf('type 2 diabetes mellitus without complications'))[0]).toBe('E11.9');
  });

  test('a retired code comes behind one in use', async () => {
    expect(await keysOf('ailment')).toEqual(['Z01', 'Z00']);
  });

  test('scores never rise along the hits of words', async () => {
    const scores = (await hitsOf('diabetes')).map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.length).toBeGreaterThan(4);
  });

  test('hits are no more than wanted, and of the kind that is wanted', async () => {
    expect(await keysOf('diabetes', { count: 1 })).toEqual(['topic-diabetes']);
    expect(await keysOf('diabetes', { kind: 'concept' })).toEqual(['E11', 'E11.9', 'E11.311']);
    expect(await keysOf('E11', { kind: 'article' })).toEqual(['topic-diabetes']);
    expect(await keysOf('E11', { kind: 'concept' })).toEqual(['E11', 'E11.9', 'E11.311']);
  });

  test('an article is shown in the asked language, else in the one it has', async () => {
    const titles = async (query: string): Promise<string[]> =>
      (await hitsOf(query, { language: 'es', kind: 'article' })).map((hit) =>
        hit.kind === 'article' ? hit.text.title : '',
      );
    expect(await titles('asthma')).toEqual(['Asma']);
    expect(await titles('kidney stones')).toEqual(['Cálculos renales', 'Kidney stones', 'Kidney stones - self-care']);
  });

  test('the library may give its records in any order', async () => {
    const reversed = new MemoryLibrary(ROWS, true);
    for (const query of ['diabetes', 'kidney', 'E11', 'tylenol']) {
      expect(await keysOf(query, {}, reversed)).toEqual(await keysOf(query));
    }
  });
});

describe('codes', () => {
  test('that are found are all that is meant: nothing is found by their digits', async () => {
    const noise = { ...concept('P07.18', 'Immaturity, 2160 grams'), names: ['2160 0', 'E11 9 weeks'] };
    const named = { ...concept('2160-0', 'Creatinine'), system: 'loinc' } as const;
    const library = new MemoryLibrary({ ...ROWS, concepts: [...(ROWS.concepts ?? []), noise, named] });
    expect(await keysOf('2160-0', {}, library)).toEqual(['2160-0']);
    expect(await keysOf('e11.9', {}, library)).toEqual(['topic-diabetes', 'E11.9']);
    expect(await keysOf('2161-8', {}, new MemoryLibrary({ ...ROWS, concepts: [noise] }))).toEqual([]);
    expect(await keysOf('2160', {}, library)).toContain('P07.18');
  });

  test('lead to their articles, then to themselves and the codes below them', async () => {
    expect(await keysOf('E11')).toEqual(['topic-diabetes', 'E11', 'E11.9', 'E11.311']);
    expect(await keysOf('e11')).toEqual(await keysOf('E11'));
  });

  test('that are only begun find those that begin so', async () => {
    expect(await keysOf('E1')).toEqual(['E11', 'E11.311', 'E11.9']);
  });

  test('that may belong to several systems count where a system has a row for them', async () => {
    expect(await keysOf('08')).toEqual(['topic-asthma']);
    expect(await keysOf('99213')).toEqual([]);
    expect(await keysOf('25000')).toEqual(['topic-diabetes']);
  });
});

describe('layers', () => {
  test('one article is one hit, found by the name that it has now', async () => {
    const articles = [
      article('topic-asthma', { en: 'Asthma' }),
      article('topic-asthma', { en: 'Breathing with asthma', layer: 'local' }),
    ];
    const library = new MemoryLibrary({ ...ROWS, articles, concepts: [] });
    const hits = await hitsOf('asthma', {}, library);
    expect(hits.map((hit) => hit.kind === 'article' && hit.text.title)).toEqual(['Breathing with asthma']);
    expect(hits[0]?.score).toBeLessThan(1);
  });
});

describe('queries that ask for nothing', () => {
  test.each(['', ' ', '???', 'the of', 'qqqqqqqq', '💊', '\ud800'])('%j find nothing', async (query) => {
    expect(await hitsOf(query)).toEqual([]);
  });

  test('whatever is typed, hits are each once and scored between 0 and 1', async () => {
    const word = fc.constantFrom(
      'diabetes',
      'kidney',
      'stones',
      'E11',
      'sugar',
      'x-ray',
      'the',
      'diabetis',
      'alta',
      '2',
    );
    const typed = fc.oneof(
      anyText,
      fc.array(word, { maxLength: 15 }).map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (query) => {
        const hits = await hitsOf(query, { count: 50 });
        expect(new Set(hits.map(keyOf)).size).toBe(hits.length);
        for (const { score } of hits) {
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });
});
