import { describe, expect, test } from '@jest/globals';
import type { MappingLine } from './tables.js';
import { ENGLISH, FACTS, MAPPINGS, answering, name, readCsv, sensitivityOf, titleOf } from './tables.js';

/** The rules of choosing a page that are marked (lint); rule 1's needs the code set and is in shared-data.test.ts. */

const rowsIn = (system: string, codes: RegExp): MappingLine[] =>
  MAPPINGS.filter((row) => row.system === system && codes.test(row.code));
const failing = (rows: readonly MappingLine[], isWrong: (row: MappingLine) => boolean): string[] =>
  rows.filter(isWrong).map(name);

describe('rule 3: a cancer page only for a cancer', () => {
  const SPEAKS_OF_CANCER =
    /cancer|carcinoma|leukemia|lymphoma|melanoma|sarcoma|myeloma|tumor|neoplasm|malignan|blastoma|glioma|mesothelioma|metasta|chemotherapy|radiation therapy|mycosis fungoides|macroglobulinemia/i;
  /** Pages whose title says so though they are none, or not only that, and why. */
  const OTHER_PAGES: Readonly<Record<string, string>> = {
    'topic-benigntumors': 'about tumors that are no cancer',
    'topic-braintumors': 'about benign and malignant ones alike; D33, D42, D43 and D49.6 are among them',
    'topic-pituitarytumors': 'almost all of them are benign, and the page says so',
    'ency-001310': 'about growths of either kind, for neoplasms whose behaviour is not known',
    'ency-001086': 'tumors of the mediastinum of either kind',
    'ency-001033': 'a benign one, as its title says',
    'ency-001623': 'an inflammation that only looks like a tumor',
    'ency-001315': 'a reaction to anesthesia',
    'genetics-desmoid-tumor': 'it does not spread; D48.11 has its name',
    'encypi-000735': 'about the skin that radiation has hurt, which is L58 itself',
    'ency-001403': 'spinal tumors of every kind, benign ones first',
    'ency-000347': 'a syndrome with a code of its own (E34.0)',
    'ency-000351': 'pseudotumor cerebri is no tumor',
    'ency-000672': 'malignant otitis externa is an infection',
    'topic-tumorsandpregnancy': 'O9A.1 is a cancer by its own name, as the page has it',
    'encypi-000830': 'about a risk, for the family history Z80.3',
    'encypi-000842': 'about a gene test, for the susceptibility Z15.0',
    'test-tumor-marker-tests': 'a test, for the finding R97.8',
    'test-her2-tumor-marker-test': 'a test, for the receptor status Z17',
    'test-colorectal-cancer-screening-tests': 'a screening test',
    'test-skin-cancer-screening': 'a screening test',
    'topic-cervicalcancerscreening': 'a screening test',
    'topic-prostatecancerscreening': 'a screening test',
    'encypi-000837': 'a screening test',
  };
  /** Rows outside the rule's codes that are true of every patient with the code, and why. */
  const OTHER_CODES: Readonly<Record<string, string>> = {
    Z08: 'follow-up after a treated cancer: pages for survivors, as for Z85',
  };
  const isCancerPage = ({ article }: MappingLine): boolean =>
    SPEAKS_OF_CANCER.test(titleOf(article)) && !(article in OTHER_PAGES);

  test('ICD-10-CM: C00 to C96, D00 to D09, Z85, Z51.0 and Z51.1', () => {
    const allowed = /^(C[0-8]|C9[0-6]|D0\d|Z85|Z51\.[01])/;
    const outside = MAPPINGS.filter(({ system, code }) => system === 'icd-10-cm' && !allowed.test(code));
    expect(failing(outside, (row) => isCancerPage(row) && !(row.code in OTHER_CODES))).toEqual([]);
  });

  test('ICD-9-CM: the same diseases under their older codes', () => {
    // 209 is named after its cancers; 273.3 is Waldenström's disease, a lymphoma (C88.0 today).
    const allowed = /^(1[4-9]\d|20[0-8]|209$|209\.[0-37]|23[0-4]|273\.3|V10|V58\.[01])/;
    const outside = MAPPINGS.filter(({ system, code }) => system === 'icd-9-cm' && !allowed.test(code));
    expect(failing(outside, isCancerPage)).toEqual([]);
  });

  test('no exception outlives its page or its row', () => {
    expect(Object.keys(OTHER_PAGES).filter((id) => !MAPPINGS.some(({ article }) => article === id))).toEqual([]);
    expect(
      Object.keys(OTHER_CODES).filter((code) => rowsIn('icd-10-cm', new RegExp(`^${code}$`)).length === 0),
    ).toEqual([]);
  });

  test('a secondary cancer is never shown the page of one primary', () => {
    const ofPrimaries = new Set(
      rowsIn('icd-10-cm', /^(C[0-6]|C7[0-6]|C8[1-9]|C9)/)
        .filter(({ relationship }) => relationship === 'equivalent')
        .map(({ article }) => article),
    );
    expect(failing(rowsIn('icd-10-cm', /^C7[789]|^C80/), ({ article }) => ofPrimaries.has(article))).toEqual([]);
  });
});

/** Pages that are the very page of a disease: equivalent to a code of a disease's chapter. */
const diseasePages = new Map<string, string>();
for (const { article, code } of rowsIn('icd-10-cm', /^[A-QST]/).filter((row) => row.relationship === 'equivalent')) {
  diseasePages.set(article, code);
}
const named = (row: MappingLine): string => `${name(row)}, the page of ${diseasePages.get(row.article) ?? ''}`;

describe('rules 4 and 5: neither a finding nor a test is the disease', () => {
  const FINDINGS: Readonly<Record<string, string>> = {
    'R07.0': 'the page is about the pain in the throat itself',
    'R03.1': 'the page is about the low reading itself',
    'R10.13': 'dyspepsia is indexed here',
    'R11.16': 'the code names cannabis as the cause',
    'R11.15': 'the page is about the vomiting that comes in cycles',
    'R29.891': 'the page is about the tilted head itself',
    'R48.0': 'the page is about the trouble with reading itself',
    'R53.1': 'the page is about the weakness itself',
    'R65.2': 'severe sepsis is the disease',
    'R65.21': 'septic shock is the disease',
    'R68.0': 'the page is about the low temperature itself',
    'R73.9': 'the page is about high blood sugar itself',
    'R85.81': 'what was found is the virus that the page is about',
    'R85.82': 'what was found is the virus that the page is about',
  };
  const EXPOSED: Readonly<Record<string, string>> = {
    'Z20.3': 'the page says what to do at once after a bite',
  };

  /** Pages about a whole organ system name no disease. */
  const GENERAL = new Set(['topic-braindiseases', 'topic-digestivediseases']);

  test('an R code does not lead to a page that is a disease of another chapter', () => {
    const rows = rowsIn('icd-10-cm', /^R/).filter(
      ({ code, article }) => diseasePages.has(article) && !(code in FINDINGS) && !GENERAL.has(article),
    );
    expect(rows.map(named)).toEqual([]);
  });

  test('screening, contact, observation, family history and genetic risk do not lead to the disease', () => {
    const rows = rowsIn('icd-10-cm', /^(Z0[345]|Z1[1234]|Z15|Z20|R75|Z8[0-4])/).filter(
      ({ code, article }) => diseasePages.has(article) && !(code in EXPOSED),
    );
    expect(rows.map(named)).toEqual([]);
  });

  test('suspected and ruled out is answered with nothing', () => {
    for (const code of ['Z03.89', 'Z03.818', 'Z04.1', 'Z05.1']) {
      expect(answering('icd-10-cm', code).map(({ relationship }) => relationship)).toEqual(['none']);
    }
  });

  test('no exception outlives its row', () => {
    const gone = [...Object.keys(FINDINGS), ...Object.keys(EXPOSED)].filter(
      (code) => !rowsIn('icd-10-cm', /^[RZ]/).some((row) => row.code === code && diseasePages.has(row.article)),
    );
    expect(gone).toEqual([]);
  });
});

describe('rule 7: pregnancy loss is a wall', () => {
  const HAPPY =
    /pregnan|childbirth|newborn|prenatal|postpartum|\bbaby\b|babies|infant|breastfe|\blabor\b|cesarean|twins|fetal|delivery/i;
  /** Pages about the loss itself. */
  const OF_LOSS = new Set(['topic-miscarriage', 'topic-stillbirth', 'topic-ectopicpregnancy', 'encypi-000626']);
  const LOSSES = [
    ...['O00', 'O00.109', 'O01', 'O01.9', 'O02', 'O02.0', 'O02.1', 'O02.89', 'O02.9', 'O03', 'O03.4', 'O03.9'],
    ...['O04', 'O04.80', 'O07', 'O07.4', 'O08', 'O08.9', 'O31.00X0', 'O31.10X0', 'O31.20X1', 'O31.30X0', 'O36.4'],
    ...['O36.4XX0', 'P95', 'Z33.2', 'Z37.1', 'Z37.3', 'Z37.4', 'Z37.60', 'Z37.69', 'Z37.7'],
  ];
  const OLDER_LOSSES = [
    '630',
    '631.0',
    '632',
    '633.10',
    '634.91',
    '635.92',
    '638.9',
    '639.0',
    '656.40',
    'V27.1',
    'V27.3',
    'V27.4',
    'V27.6',
    'V27.7',
  ];

  test.each(LOSSES)('%s leads to no page on pregnancy, birth or a newborn, its own or inherited', (code) => {
    expect(
      failing(answering('icd-10-cm', code), ({ article }) => HAPPY.test(titleOf(article)) && !OF_LOSS.has(article)),
    ).toEqual([]);
  });

  test.each(OLDER_LOSSES)('ICD-9-CM %s neither', (code) => {
    expect(
      failing(answering('icd-9-cm', code), ({ article }) => HAPPY.test(titleOf(article)) && !OF_LOSS.has(article)),
    ).toEqual([]);
  });

  test.each([
    ['O03.9', 'topic-miscarriage'],
    ['O02.1', 'topic-miscarriage'],
    ['O36.4XX0', 'topic-stillbirth'],
    ['Z37.1', 'topic-stillbirth'],
    ['P95', 'topic-stillbirth'],
  ])('%s leads to %s', (code, article) => {
    expect(answering('icd-10-cm', code).map((row) => row.article)).toContain(article);
  });

  test('no row of any loss leads there', () => {
    const rows = [
      ...rowsIn('icd-10-cm', /^(O0[0-8]|O31\.[0-3]|O36\.4|P95|Z33\.2|Z37\.[13467])/),
      ...rowsIn('icd-9-cm', /^(63[0-9]|656\.4|V27\.[13467])/),
    ];
    expect(rows.length).toBeGreaterThan(20);
    expect(failing(rows, ({ article }) => HAPPY.test(titleOf(article)) && !OF_LOSS.has(article))).toEqual([]);
  });

  /** SNOMED CT identifiers of an induced termination and of its complications, each judged by its official name. */
  const TERMINATIONS = new Set(readCsv('tests/mappings/terminations.csv').map(({ cells }) => cells['code']));

  test('a page that says abortion stands at O04 and Z33.2 alone (635 and 636 in ICD-9-CM)', () => {
    const rows = MAPPINGS.filter(({ article }) => /abortion/i.test(titleOf(article)));
    expect(rows.length).toBeGreaterThan(0);
    expect(failing(rows, ({ code }) => !/^(O04|Z33\.2$|63[56])/.test(code) && !TERMINATIONS.has(code))).toEqual([]);
  });
});

describe('rule 10: abuse is held', () => {
  const heldPages = new Set(
    [...FACTS.values()].filter(({ cells }) => cells['sensitivity'] === 'SDV').map(({ id }) => id),
  );

  test('confirmed abuse leads only to pages that carry SDV', () => {
    const rows = rowsIn('icd-10-cm', /^(T74|T76|Z69|O9A\.[345]|Z91\.41|Z62\.81|Y07)/);
    expect(rows.length).toBeGreaterThan(20);
    expect(failing(rows, (row) => row.article !== '' && sensitivityOf(row) !== 'SDV')).toEqual([]);
    expect(
      failing(
        rowsIn('icd-9-cm', /^(995\.(5|8[0-5])|V61\.(1[12]|2[12])|E967|V15\.4)/),
        (row) => row.article !== '' && sensitivityOf(row) !== 'SDV',
      ),
    ).toEqual([]);
  });

  test('no row takes SDV away from a page that has it', () => {
    expect(failing(MAPPINGS, (row) => heldPages.has(row.article) && sensitivityOf(row) !== 'SDV')).toEqual([]);
  });

  test('pages about abuse, assault and violence carry it', () => {
    const pages = [...ENGLISH.keys()].filter((id) =>
      /abuse|violence|\bassault|\brape\b|shaken baby|neglect/i.test(titleOf(id)),
    );
    expect(pages.filter((id) => !heldPages.has(id) && !/drug|substance|alcohol|neglected/i.test(titleOf(id)))).toEqual(
      [],
    );
  });

  test.each([
    ['icd-10-cm', 'T74.11XA', 'topic-intimatepartnerviolence'],
    ['icd-10-cm', 'Z69.11', 'topic-intimatepartnerviolence'],
  ])('%s %s leads to %s', (system, code, article) => {
    expect(answering(system, code).map((row) => row.article)).toContain(article);
  });

  test.each([
    ...['T76', 'T76.01XA', 'T76.11XA', 'T76.22XA', 'T76.92XD', 'Y07', 'Y07.01', 'Y07.499'],
    ...['Z69.011', 'Z69.021', 'Z69.12', 'Z69.82'],
  ])('%s (suspected, or the one who did it) leads nowhere, for a reason', (code) => {
    expect(answering('icd-10-cm', code).map(({ relationship }) => relationship)).toEqual(['none']);
  });
});

describe('rule 14: no page that blames', () => {
  test.each([
    ...['Y92', 'Y92.009', 'Y93', 'Y93.01', 'Y99.0', 'Z53', 'Z53.20', 'Z53.21', 'Z53.9'],
    ...['Z91.1', 'Z91.11', 'Z91.120', 'Z91.14', 'Z91.148', 'Z91.15', 'Z91.19', 'Z91.A28', 'Z28.21', 'Z76.5'],
  ])('%s leads nowhere, for a reason', (code) => {
    expect(answering('icd-10-cm', code).map(({ relationship }) => relationship)).toEqual(['none']);
  });

  test('no code below them has rows of its own that lead anywhere', () => {
    expect(failing(rowsIn('icd-10-cm', /^(Y9[0-9]|Z53|Z91\.1|Z91\.A)/), ({ article }) => article !== '')).toEqual([]);
  });

  test('a week of gestation leads to the plain subject at most', () => {
    const articles = rowsIn('icd-10-cm', /^Z3A/).map(({ article }) => article);
    expect(new Set(articles)).toEqual(new Set(['topic-pregnancy']));
  });
});
