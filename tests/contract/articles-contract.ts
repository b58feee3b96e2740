import { codesOf } from '../support/codes-of.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Coding, Library } from '../../src/core/model/library.js';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { coding, icd10, only } from './seeded-library.js';

const LONG = 'genetics-hypomyelination-with-brainstem-and-spinal-cord-';
const UNKNOWN = [
  '',
  ' ',
  "'",
  '"',
  "metformin' OR '1'='1",
  'metformin"',
  'metformin\u0000',
  'topic-falls\u0000',
  'metformi_',
  'metf%',
  '\\',
  '|',
  '>',
  '[]',
  'null',
  '💊',
  '\ud800',
  'A'.repeat(5000),
];

/** Articles whole and by id, the codes of an article, strings that are neither; the status. */
export function articlesContract(open: OpenSeed): void {
  let seeded: SeededLibrary;
  let library: Library;
  beforeAll(async () => {
    seeded = await open(['starter']);
    ({ library } = seeded);
  });
  afterAll(() => seeded.remove());

  test('an article is whole, in both languages', () => {
    expect(only(library, 'ency-001282')).toEqual({
      id: 'ency-001282',
      kind: 'ency',
      publisher: {
        id: 'adam',
        name: 'A.D.A.M., Inc.',
        url: 'https://www.adam.com/',
        licensed: true,
        texts: {
          en: {
            attribution: 'Source: A.D.A.M.',
            rights: 'Copyright A.D.A.M.',
            disclaimer: 'Not for an "emergency", call 911',
          },
        },
      },
      ageGroups: ['adult', 'middle-aged'],
      sex: 'male',
      institute: undefined,
      sensitivity: 'SEX',
      reviewedOn: '2019-01-31',
      seenOn: '2020-03-23',
      reviewers: ['A. Reader, MD', 'B. Writer, MD'],
      relatedTopics: ['topic-maleinfertility'],
      links: [],
      groups: [],
      patientInstructions: ['encypi-000299', 'encypi-000300'],
      images: ['Male reproductive system'],
      referenceCount: 3,
      texts: {
        en: {
          language: 'en',
          title: 'Retrograde ejaculation',
          url: 'https://medlineplus.gov/ency/article/001282.htm',
          alsoCalled: ['Ejaculation retrograde', 'Dry climax'],
          summary: undefined,
          origin: 'curated',
        },
        es: {
          language: 'es',
          title: 'Eyaculación retrógrada',
          url: 'https://medlineplus.gov/spanish/ency/article/001282.htm',
          alsoCalled: [],
          summary: undefined,
          origin: 'recalled',
        },
      },
    });
  });

  test('an article without a text in a language has none there', () => {
    const { texts } = only(library, 'topic-falls');
    expect(Object.keys(texts)).toEqual(['en']);
  });

  test('a plain summary becomes HTML whose marks are escaped', () => {
    const { texts } = only(library, 'topic-asthma');
    expect(texts.en?.summary?.html).toBe('<p>Narrow &amp; swollen airways &lt;wheeze&gt;</p>');
  });

  test('articles come in the order of their ids in the question, unknown ones left out', () => {
    const articles = library.findArticles(['topic-falls', 'topic-nowhere', 'ency-001282', 'topic-asthma']);
    expect(articles.map(({ id }) => id)).toEqual(['topic-falls', 'ency-001282', 'topic-asthma']);
    const again = library.findArticles(['topic-asthma', 'drug-a696005', 'topic-falls']);
    expect(again.map(({ id }) => id)).toEqual(['topic-asthma', 'drug-a696005', 'topic-falls']);
  });

  test('the codes of articles are those of their own rows, in order of system and code', () => {
    const codes = codesOf(library, ['topic-diabetestype2', 'topic-falls', 'topic-nowhere']);
    expect(codes.filter(({ article }) => article === 'topic-falls')).toMatchObject([
      { ...coding('icd-10-cm', 'W19'), article: 'topic-falls', relationship: 'equivalent' },
      { ...coding('icd-9-cm', 'E885'), article: 'topic-falls', relationship: 'equivalent' },
      { ...coding('icd-9-cm', 'E888'), article: 'topic-falls', relationship: 'equivalent' },
      { ...coding('rxnorm', '900001'), article: 'topic-falls', relationship: 'related' },
    ]);
    expect(codes.filter(({ article }) => article === 'topic-diabetestype2')).toMatchObject([
      { ...coding('icd-10-cm', 'E11'), article: 'topic-diabetestype2', relationship: 'equivalent' },
      { ...coding('icd-10-cm', 'E11.3'), article: 'topic-diabetestype2', relationship: 'broader' },
      { ...coding('icd-9-cm', '250'), article: 'topic-diabetestype2', relationship: 'broader' },
    ]);
    expect(codes).toHaveLength(7);
  });

  test.each<[string, Coding, string[]]>([
    ['a code, by rank', icd10('J45'), ['topic-asthma', 'topic-asthmainchildren']],
    ['a descendant, not at all', icd10('J45.909'), []],
    ['a code that says none, not at all', icd10('Z53'), []],
    ['a code with a crosswalk only, not at all', coding('snomed-ct', '44054006'), []],
  ])('the articles of exactly %s', (_what, asked, ids) => {
    expect(library.findArticleIds(asked)).toEqual(ids);
  });

  test.each<[string, string[]]>([
    ['topic-asthma', ['topic-asthma', 'topic-asthmainchildren']],
    ['topic-asthmai', ['topic-asthmainchildren']],
    [LONG.slice(0, 50), [`${LONG}abnormalities`, `${LONG}involvement-and-leg-spasticity`]],
    ['topic-asthm_', []],
    ['topic-%', []],
    ['TOPIC-asthma', []],
    ['topic-zzz', []],
  ])('the ids that begin with %j', (prefix, ids) => {
    expect([...library.findArticleIds({ prefix: prefix })].sort()).toEqual(ids);
  });

  test('the status names the release, its day, what it holds and its code systems', () => {
    const { release, date, articles, mappings, systems } = library.status();
    expect(release).toMatch(/^[^+\s]+$/);
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect({ articles, mappings }).toEqual({ articles: 10, mappings: 17 });
    expect([...systems].sort()).toEqual(['drug-name', 'icd-10-cm', 'icd-9-cm', 'ndc', 'rxnorm', 'snomed-ct']);
  });

  test.each(UNKNOWN)('%j is unknown everywhere and breaks nothing', (text) => {
    expect(library.findMappings([icd10(text), coding('drug-name', text), coding('rxnorm', text)])).toEqual([]);
    expect(library.findArticles([text])).toEqual([]);
    expect(library.findCodes(text)).toHaveLength(0);
    expect(library.findArticleIds(coding('drug-name', text))).toEqual([]);
    if (text !== '') expect(library.findArticleIds({ prefix: text })).toEqual([]);
  });
}
