import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Coding, Library, MappingRecord } from '../../src/core/model/library.js';
import { distanceOf } from '../../src/core/codes/resolve-coding.js';
import { type OpenSeed, type SeededLibrary, coding, icd10 } from './seeded-library.js';

const wayOf = ({ path }: MappingRecord): string => path.map(({ kind, code }) => `${kind} ${code}`).join(' → ');
const brief = (row: MappingRecord): string =>
  `${row.crossings}/${row.levels} ${row.code} ${row.article ?? 'none'} ${row.relationship} ${row.rank}`;

/** Rows: a code's own, its ancestors', what crosswalks lead to; batches. */
export function mappingsContract(open: OpenSeed): void {
  let seeded: SeededLibrary;
  let library: Library;
  beforeAll(async () => {
    seeded = await open(['starter']);
    ({ library } = seeded);
  });
  afterAll(() => seeded.remove());

  test('a row comes as it was written', () => {
    expect(library.findMappings([icd10('N53.14')])).toEqual([
      {
        input: 0,
        layer: 'starter',
        system: 'icd-10-cm',
        code: 'N53.14',
        levels: 0,
        crossings: 0,
        path: [{ kind: 'asked', system: 'icd-10-cm', code: 'N53.14' }],
        article: 'ency-001282',
        relationship: 'equivalent',
        rank: 1,
        sensitivity: 'SEX',
        origin: 'curated',
        note: 'with "quotes", and a comma',
      },
    ]);
  });

  test('a row that says none has no article and keeps its reason', () => {
    const [row, ...others] = library.findMappings([icd10('Z53')]);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ article: undefined, relationship: 'none', note: 'an administrative code' });
  });

  // Crosswalks/levels, the row's code, its article, relationship and rank; then the way of the nearest row.
  test.each<[string, Coding, string[], string]>([
    [
      'own rows and those of ancestors',
      icd10('E11.3'),
      [
        '0/0 E11.3 topic-diabetestype2 broader 2',
        '0/0 E11.3 topic-diabeticeyeproblems equivalent 1',
        '0/1 E11 topic-diabetestype2 equivalent 1',
      ],
      'asked E11.3',
    ],
    [
      'ancestors several levels up',
      icd10('E11.3211'),
      [
        '0/3 E11.3 topic-diabetestype2 broader 2',
        '0/3 E11.3 topic-diabeticeyeproblems equivalent 1',
        '0/4 E11 topic-diabetestype2 equivalent 1',
      ],
      'asked E11.3211 → ancestor E11.3',
    ],
    [
      'the ancestor of a code that no release has',
      icd10('J45.ZZZ9'),
      ['0/4 J45 topic-asthma equivalent 1', '0/4 J45 topic-asthmainchildren narrower 2'],
      'asked J45.ZZZ9 → ancestor J45',
    ],
    [
      'the category of an external cause in ICD-9-CM',
      coding('icd-9-cm', 'E888.9'),
      ['0/1 E888 topic-falls equivalent 1'],
      'asked E888.9 → ancestor E888',
    ],
    [
      'what a crosswalk leads to',
      coding('snomed-ct', '44054006'),
      ['1/1 E11 topic-diabetestype2 equivalent 1'],
      'asked 44054006 → crosswalk E11.9 → ancestor E11',
    ],
    [
      'own rows beside those of a crosswalk',
      coding('snomed-ct', '195967001'),
      [
        '0/0 195967001 topic-asthma equivalent 1',
        '1/3 J45 topic-asthma equivalent 1',
        '1/3 J45 topic-asthmainchildren narrower 2',
      ],
      'asked 195967001',
    ],
    [
      'a crosswalk that starts at an ancestor, its levels counted too',
      coding('icd-9-cm', '493.90'),
      ['1/4 J45 topic-asthma equivalent 1', '1/4 J45 topic-asthmainchildren narrower 2'],
      'asked 493.90 → ancestor 493.9 → crosswalk J45.909 → ancestor J45',
    ],
    [
      'no way back into a system that it has left',
      coding('icd-9-cm', 'E885'),
      ['0/0 E885 topic-falls equivalent 1'],
      'asked E885',
    ],
    [
      'a package, its drug, its ingredient',
      coding('ndc', '00093104801'),
      ['2/0 6809 drug-a696005 equivalent 1'],
      'asked 00093104801 → crosswalk 861007 → crosswalk 6809',
    ],
    [
      "a drug's name with every kind of quote",
      coding('drug-name', 'o\'brien\'s "5%" \\ base_1; -- ñ 💊'),
      ['0/0 o\'brien\'s "5%" \\ base_1; -- ñ 💊 drug-a696005 related 1'],
      'asked o\'brien\'s "5%" \\ base_1; -- ñ 💊',
    ],
    [
      "a drug's name with the marks that divide things",
      coding('drug-name', 'metformin | insulin > tablet'),
      ['0/0 metformin | insulin > tablet drug-a696005 related 1'],
      'asked metformin | insulin > tablet',
    ],
  ])('finds %s', (_what, asked, rows, way) => {
    const found = library.findMappings([asked]);
    expect(found.map(brief).sort()).toEqual([...rows].sort());
    const nearest = [...found].sort((a, b) => distanceOf(a) - distanceOf(b))[0];
    expect(nearest && wayOf(nearest)).toBe(way);
  });

  test.each([
    ['a sibling', icd10('N53.1')],
    ['a child that only looks like one', icd10('E1')],
    ['the same code in another system', coding('icd-9-cm', 'N53.14')],
    ['a part of a package number', coding('ndc', '0009310480')],
    ['a lab code that is not there', coding('loinc', '2160-0')],
    ['a longer number', coding('rxnorm', '68091')],
    ['another case', icd10('n53.14')],
  ])('finds nothing for %s', (_what, asked) => {
    expect(library.findMappings([asked])).toEqual([]);
  });

  test('crosswalks that lead in a circle come to an end', () => {
    const rows = library.findMappings([coding('rxnorm', '900002')]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map(({ article }) => article)).toContain('topic-falls');
    expect(Math.min(...rows.map(({ crossings }) => crossings))).toBe(1);
  });

  test('a batch is answered in one call, each row under the place of its coding', () => {
    const asked = [icd10('N53.14'), icd10('A00'), coding('snomed-ct', '44054006'), icd10('N53.14')];
    const rows = library.findMappings(asked);
    expect(rows.map(({ input, article }) => `${input} ${article ?? ''}`).sort()).toEqual([
      '0 ency-001282',
      '2 topic-diabetestype2',
      '3 ency-001282',
    ]);
    expect(rows.find(({ input }) => input === 3)?.path).toEqual([{ kind: 'asked', ...icd10('N53.14') }]);
  });

  test('a batch of a thousand loses none', () => {
    const rows = library.findMappings(Array.from({ length: 1000 }, () => icd10('W19.XXXA')));
    expect(rows.map(({ input }) => input).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test('empty batches give empty answers', () => {
    expect(library.findMappings([])).toEqual([]);
    expect(library.findArticles([])).toEqual([]);
    expect(library.findCodes('')).toHaveLength(0);
  });
}
