import { describe, expect, test } from '@jest/globals';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import { ageInCode } from '../../src/core/codes/stated-in-code.js';
import { type MappingLine, ENGLISH, FACTS, MAPPINGS, ROWS_OF, answering, name, readCsv, titleOf } from './tables.js';

/** Rules 16 to 19 of choosing a page: whether a page is as wide as its code. */

const ICD = ['icd-10-cm', 'icd-9-cm'];
const CONCEPTS = ICD.flatMap((system) =>
  readCsv(`resources/code-systems/${system}.csv`).map(({ cells: { code = '', title = '' } }) => ({
    system,
    code,
    title,
  })),
);
const TITLES = new Map(CONCEPTS.map(({ system, code, title }) => [`${system}|${code}`, title]));
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
const ordered = (rows: readonly MappingLine[]): MappingLine[] =>
  [...rows].sort((a, b) => Number(a.rank) - Number(b.rank));
const otherNames = (article: string): string[] => (ENGLISH.get(article)?.cells['also_called'] ?? '').split('|');
const isNamed = (article: string, code: string): boolean =>
  [titleOf(article), ...otherNames(article)].some((one) => plain(one) === plain(code));

describe('rule 16: a page narrower than its code says what makes it true', () => {
  const narrower = MAPPINGS.filter(({ relationship }) => relationship === 'narrower');
  const agesOf = ({ article }: MappingLine): string => FACTS.get(article)?.cells['age_groups'] ?? '';

  test('each names its allowance: all parts are present, or the age of the reader', () => {
    expect(narrower.length).toBeGreaterThan(20);
    expect(narrower.filter(({ note }) => !/^(all parts present|by age): ./.test(note)).map(name)).toEqual([]);
  });

  test('a page by age is marked for that age, and waits behind a page for everybody while the age is unknown', () => {
    const wrong = narrower
      .filter(({ note }) => note.startsWith('by age'))
      .filter((row) => {
        const others = ROWS_OF.get(`${row.system}|${row.code}`) ?? [];
        const isKnown = ageInCode(row.system as CodeSystemId, row.code).length > 0;
        return agesOf(row) === '' || !(isKnown || others.some((other) => agesOf(other) === ''));
      });
    expect(wrong.map(name)).toEqual([]);
  });

  test.each([
    ['icd-10-cm', 'N62', 'ency-003165'],
    ['icd-10-cm', 'K12.2', 'ency-001047'],
    ['icd-10-cm', 'M31.0', 'ency-000142'],
    ['icd-10-cm', 'D33.3', 'topic-acousticneuroma'],
    ['icd-10-cm', 'Z31.0', 'topic-vasectomy'],
    ['icd-10-cm', 'M42.08', 'ency-001240'],
    ['icd-10-cm', 'O36.51', 'ency-001500'],
    ['icd-10-cm', 'Q61.5', 'ency-000465'],
    ['icd-10-cm', 'Z48.01', 'encypi-000738'],
    ['icd-10-cm', 'T45.513', 'topic-bloodthinners'],
    ['icd-9-cm', '154.0', 'topic-analcancer'],
    ['loinc', '11558-4', 'test-arterial-blood-gas-abg-test'],
    ['snomed-ct', '43071001', 'topic-sinusitis'],
  ])('%s %s does not lead to %s', (system, code, article) => {
    expect(answering(system, code).map((row) => row.article)).not.toContain(article);
  });
});

describe('rule 17: the exact page leads', () => {
  /** Codes whose page of the same name is not, or not only, about them, and why. */
  const NOT_ABOUT_ALL: Readonly<Record<string, string>> = {
    'E70-E88': 'a block of codes has no rows; its categories have',
    K42: 'the page is about babies; an adult has a hernia',
    K44: 'the page is about the one that a baby is born with',
    'K55.3': 'the page is about newborns, who have P77',
    'F60.2': 'respectfully broad (rule 11)',
    'R40.2': 'the codes below are scores of a scale',
    '511': 'effusions of other causes are below it',
    '591': 'the page is about one kidney',
    'R09.82': 'the page is about children',
  };
  const KINDS = /^(topic|ency|test)-/;
  const byTitle = new Map<string, string>();
  for (const id of ENGLISH.keys()) if (KINDS.test(id)) byTitle.set(plain(titleOf(id)), id);
  const leads = (rows: readonly MappingLine[], article: string): boolean => {
    const [first] = ordered(rows);
    // Equally fit pages may stand in either order (rule 2).
    return first?.article === article || first?.relationship === 'equivalent';
  };

  test('a code that is called as a page is leads to that page', () => {
    const wrong = CONCEPTS.filter(({ system, code, title }) => {
      const article = byTitle.get(plain(title));
      if (article === undefined || code in NOT_ABOUT_ALL) return false;
      const own = ROWS_OF.get(`${system}|${code}`);
      return own ? !leads(own, article) : !answering(system, code).some((row) => row.article === article);
    });
    expect(wrong).toEqual([]);
  });

  test('a page that bears the name of its code, as title or other name, stands before broader ones', () => {
    const wrong = [...ROWS_OF.values()].flatMap((rows) =>
      rows.filter(({ system, code, article }) => {
        const title = TITLES.get(`${system}|${code}`);
        return (
          title !== undefined &&
          KINDS.test(article) &&
          !(code in NOT_ABOUT_ALL) &&
          isNamed(article, title) &&
          !leads(rows, article)
        );
      }),
    );
    expect(wrong.map(name)).toEqual([]);
  });

  test.each([
    ['icd-10-cm', 'S02.6', 'ency-000019'],
    ['icd-10-cm', 'T81.40XA', 'ency-007645'],
    ['icd-10-cm', 'Z68.31', 'ency-007196'],
    ['icd-9-cm', 'V22.2', 'topic-pregnancy'],
    ['icd-9-cm', 'V85.30', 'ency-007196'],
  ])('%s %s leads to %s first', (system, code, article) => {
    expect(ordered(answering(system, code))[0]?.article).toBe(article);
  });
});

describe('a part of a panel', () => {
  test.each([
    ['2951-2', 'test-sodium-blood-test', 'test-electrolyte-panel'],
    ['2823-3', 'test-potassium-blood-test', 'test-electrolyte-panel'],
    ['2345-7', 'test-blood-glucose-test', 'test-basic-metabolic-panel-bmp'],
    ['1742-6', 'test-alt-blood-test', 'test-comprehensive-metabolic-panel-cmp'],
    ['718-7', 'test-hemoglobin-test', 'test-complete-blood-count-cbc'],
    ['3016-3', 'test-tsh-thyroid-stimulating-hormone-test', 'topic-thyroidtests'],
    ['2571-8', 'test-triglycerides-test', 'test-cholesterol-levels'],
    ['2276-4', 'test-ferritin-blood-test', 'test-iron-tests'],
    ['5804-0', 'test-protein-in-urine', 'topic-urinalysis'],
  ])('%s shows the page of the test, then that of its panel', (code, test, panel) => {
    expect(
      ordered(answering('loinc', code))
        .map(({ article }) => article)
        .slice(0, 2),
    ).toEqual([test, panel]);
  });

  test.each([
    ['2955-3', 'test-electrolyte-panel'],
    ['2350-7', 'test-basic-metabolic-panel-bmp'],
    ['2889-4', 'topic-urinalysis'],
  ])('%s, of another specimen or a whole day, does not show %s', (code, panel) => {
    expect(answering('loinc', code).map(({ article }) => article)).not.toContain(panel);
  });
});

describe('rule 18: a measurement is not a disease page of another quantity', () => {
  const diseases = new Set(
    MAPPINGS.filter((row) => row.system === 'icd-10-cm' && row.relationship === 'equivalent')
      .filter(({ code }) => /^[A-QST]/.test(code))
      .map(({ article }) => article),
  );
  /** Results that are the thing itself, and why. */
  const OF_THE_THING: Readonly<Record<string, string>> = { '33756-8': 'the size of a polyp that was found' };

  test('no laboratory test, reading or score leads to the page of a disease', () => {
    const rows = MAPPINGS.filter(({ system }) => system === 'loinc').filter(({ article }) => diseases.has(article));
    expect(rows.filter(({ code }) => !(code in OF_THE_THING)).map(name)).toEqual([]);
  });

  /** The pages that are about a quantity itself; a reading of it leads to no other. */
  test.each([
    ['height', ['8301-4', '8302-2', '8306-3', '8308-9', '3137-7', '3138-5'], []],
    ['pain', ['72514-3', '38208-5', '38214-3', '38221-8'], []],
    ['weight', ['29463-7'], ['topic-bodyweight']],
    ['body mass index', ['39156-5'], ['ency-007196', 'topic-bodyweight']],
    ['blood pressure', ['85354-9', '8480-6', '8462-4'], ['test-measuring-blood-pressure', 'topic-vitalsigns']],
    ['pulse', ['8867-4'], ['ency-003399', 'topic-vitalsigns']],
  ])('a reading of %s', (_quantity, codes, pages) => {
    for (const code of codes) {
      const given = answering('loinc', code).filter(({ relationship }) => relationship !== 'none');
      expect(answering('loinc', code).length).toBeGreaterThan(0);
      expect(given.map(({ article }) => article).filter((article) => !pages.includes(article as never))).toEqual([]);
    }
  });

  test.each([
    ['icd-10-cm', 'Z68.41'],
    ['icd-9-cm', 'V85.4'],
  ])('%s %s, a number, is not obesity', (system, code) => {
    expect(answering(system, code).filter(({ article }) => diseases.has(article))).toEqual([]);
  });
});

describe("rule 19: what is left over takes the family's page", () => {
  const RESIDUAL = /^(other|unspecified)\b|, unspecified$|not elsewhere classified$/i;
  /** Pages of one sibling's own that are true of the residual code, and why. */
  const TRUE_OF_THE_REST: Readonly<Record<string, string>> = {
    'E86.9': 'dehydration is the everyday word for a lack of volume',
    'J98.19': "the page's other name is partial lung collapse",
    'M31.6': 'giant cell arteritis with polymyalgia is the sibling, the arteritis the family',
    'H34.2': 'the page is about every artery of the retina',
    'J30.2': 'hay fever is the everyday word for it',
    'P08.1': 'the page is about every baby that is large for its weeks',
    'P71.1': 'the page is about every baby with too little calcium',
    'Z37.6': 'a child lost (rule 7)',
    'Z37.7': 'all children lost (rule 7)',
    '276.50': 'dehydration is the everyday word for a lack of volume',
    '298.8': 'the page is about any brief psychosis',
    '714.2': 'a form of rheumatoid arthritis by its own name',
    '726.10': 'rotator cuff syndrome is what the index leads here',
    '766.1': 'the page is about every baby that is large for its weeks',
    '768.0': 'a child lost (rule 7)',
    '780.31': 'the page is about every febrile seizure',
    '785.3': 'the page is about murmurs and other sounds',
    'V76.12': 'the page is about every mammogram',
  };

  const parentOf = (code: string): string => code.slice(0, -1).replace(/\.$/, '');
  const childrenOf = new Map<string, string[]>();
  for (const key of ROWS_OF.keys()) {
    const [system = '', code = ''] = key.split('|');
    const above = `${system}|${parentOf(code)}`;
    if (ICD.includes(system)) childrenOf.set(above, [...(childrenOf.get(above) ?? []), key]);
  }
  /** A page whose words are all in the code's own title is the family's: Kyphosis for "other secondary kyphosis". */
  const isOfItsWords = (article: string, title: string): boolean =>
    [titleOf(article), ...otherNames(article)].some(
      (one) =>
        one !== '' &&
        plain(one)
          .split(' ')
          .every((word) => plain(title).includes(word)),
    );
  const isOwnPage = (key: string, article: string): boolean =>
    (ROWS_OF.get(key) ?? []).some((row) => row.article === article && row.relationship === 'equivalent');

  test('no residual code leads to a page that is one sibling alone', () => {
    const wrong = MAPPINGS.filter(({ system, code, article, relationship }) => {
      const title = TITLES.get(`${system}|${code}`);
      if (title === undefined || relationship === 'none' || code in TRUE_OF_THE_REST) return false;
      if (!code.includes('.')) return false; // categories are not siblings
      if (!RESIDUAL.test(title) || isOfItsWords(article, title)) return false;
      if (answering(system, code, false).some((row) => row.article === article)) return false;
      const siblings = (childrenOf.get(`${system}|${parentOf(code)}`) ?? []).filter(
        (key) => key !== `${system}|${code}` && !RESIDUAL.test(TITLES.get(key) ?? ''),
      );
      return siblings.filter((key) => isOwnPage(key, article)).length === 1;
    });
    expect(wrong.map(name)).toEqual([]);
  });

  test('no exception outlives its row', () => {
    const gone = Object.keys(TRUE_OF_THE_REST).filter(
      (code) => !ICD.some((system) => ROWS_OF.has(`${system}|${code}`)),
    );
    expect(gone).toEqual([]);
  });

  test.each([
    ['icd-10-cm', 'B85.2', 'topic-parasiticdiseases'],
    ['icd-10-cm', 'B85.4', 'topic-parasiticdiseases'],
    ['icd-9-cm', '788.69', 'topic-urineandurination'],
  ])('%s %s leads to %s alone', (system, code, article) => {
    expect(answering(system, code).map((row) => row.article)).toEqual([article]);
  });
});
