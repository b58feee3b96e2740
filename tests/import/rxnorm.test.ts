import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { selectRows } from '../../src/core/codes/resolve-coding.js';
import { type ImportPlace, importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const row = (width: number, cells: Readonly<Record<number, string>>): string =>
  `${Array.from({ length: width }, (_, index) => cells[index] ?? '').join('|')}|\n`;

/** A name: RXCUI, LAT, …, SAB, TTY, CODE, STR, SRL, SUPPRESS, CVF. */
const conso = (code: string, type: string, text: string, source = 'RXNORM', suppressed = 'N'): string =>
  row(18, { 0: code, 1: 'ENG', 7: `A${code}`, 11: source, 12: type, 13: code, 14: text, 16: suppressed });

const INVERSE: Readonly<Record<string, string>> = {
  tradename_of: 'has_tradename',
  has_ingredient: 'ingredient_of',
  has_ingredients: 'ingredients_of',
  has_precise_ingredient: 'precise_ingredient_of',
  has_part: 'part_of',
  form_of: 'has_form',
  consists_of: 'constitutes',
  contains: 'contained_in',
};

/** A relationship, as RxNorm writes it: both ways, each read "second … first". */
const rel = (from: string, relationship: string, to: string): string =>
  row(16, { 0: to, 2: 'CUI', 3: 'RO', 4: from, 6: 'CUI', 7: relationship, 10: 'RXNORM' }) +
  row(16, { 0: from, 2: 'CUI', 3: 'RO', 4: to, 6: 'CUI', 7: INVERSE[relationship] ?? '', 10: 'RXNORM' });

const sat = (code: string, attribute: string, value: string, source = 'RXNORM'): string =>
  row(13, { 0: code, 4: 'AUI', 8: attribute, 9: source, 10: value, 11: 'N' });

/** A generic drug with its component, as RxNorm takes it apart. */
function clinical(code: string, title: string, ingredients: readonly string[], whole?: string) {
  const components = ingredients.map((_, index) => `${code}0${index}`);
  return {
    names: [conso(code, 'SCD', title), ...components.map((component) => conso(component, 'SCDC', `part of ${title}`))],
    relations: [
      ...components.map((component) => rel(code, 'consists_of', component)),
      ...ingredients.map((ingredient, index) => rel(components[index] ?? '', 'has_ingredient', ingredient)),
      ...(whole === undefined ? [] : [rel(code, 'has_ingredients', whole)]),
    ],
  };
}

const branded = (code: string, title: string, generic: string, brand: string) => ({
  names: [conso(code, 'SBD', title)],
  relations: [rel(code, 'tradename_of', generic), rel(code, 'has_ingredient', brand)],
});

const ingredient = (code: string, title: string, type = 'IN') => ({ names: [conso(code, type, title)], relations: [] });
const brand = (code: string, title: string, ...ingredients: readonly string[]) => ({
  names: [conso(code, 'BN', title)],
  relations: ingredients.map((of) => rel(code, 'tradename_of', of)),
});

const PARTS = [
  ingredient('100', 'fluticasone'),
  ingredient('101', 'fluticasone propionate', 'PIN'),
  ingredient('110', 'amoxicillin'),
  ingredient('111', 'clavulanate'),
  ingredient('112', 'amoxicillin / clavulanate', 'MIN'),
  ingredient('120', 'albuterol'),
  ingredient('130', 'aspirin'),
  ingredient('131', 'caffeine'),
  ingredient('140', 'ethinyl estradiol'),
  ingredient('141', 'levonorgestrel'),
  ingredient('142', 'ethinyl estradiol / levonorgestrel', 'MIN'),
  ingredient('143', 'inert ingredients'),
  clinical('200', 'fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray', ['100']),
  clinical('210', 'amoxicillin 875 MG / clavulanate 125 MG Oral Tablet', ['110', '111'], '112'),
  clinical('211', 'amoxicillin 500 MG Oral Capsule', ['110']),
  clinical('220', 'albuterol 4 MG Oral Tablet', ['120']),
  clinical('221', 'albuterol 0.09 MG/ACTUAT Metered Dose Inhaler', ['120']),
  clinical('230', 'aspirin 500 MG / caffeine 32 MG Oral Tablet', ['130', '131']),
  clinical('240', 'ethinyl estradiol 0.03 MG / levonorgestrel 0.05 MG Oral Tablet', ['140', '141'], '142'),
  clinical('241', 'ethinyl estradiol 0.03 MG / levonorgestrel 0.125 MG Oral Tablet', ['140', '141'], '142'),
  clinical('242', 'inert ingredients 1 MG Oral Tablet', ['143']),
  brand('300', 'Flonase', '100'),
  brand('310', 'Augmentin', '110', '111'),
  brand('320', 'Proventil', '120'),
  branded('400', 'fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray [Flonase]', '200', '300'),
  branded('410', 'amoxicillin 875 MG / clavulanate 125 MG Oral Tablet [Augmentin]', '210', '310'),
  branded('420', 'albuterol 4 MG Oral Tablet [Proventil]', '220', '320'),
  branded('421', 'albuterol 0.09 MG/ACTUAT Metered Dose Inhaler [Proventil]', '221', '320'),
  {
    names: [conso('500', 'GPCK', '{21 (x) / 7 (inert)} Pack')],
    relations: [rel('500', 'contains', '240'), rel('500', 'contains', '242')],
  },
  {
    names: [conso('501', 'GPCK', '{6 (x) / 5 (y)} Pack')],
    relations: [rel('501', 'contains', '240'), rel('501', 'contains', '241')],
  },
  {
    names: [conso('502', 'GPCK', '{tablets and spray} Pack')],
    relations: [rel('502', 'contains', '220'), rel('502', 'contains', '200')],
  },
  {
    names: [conso('510', 'BPCK', '{21 (x) / 7 (inert)} Pack [Levora]')],
    relations: [rel('510', 'tradename_of', '500')],
  },
  {
    names: [conso('600', 'SCDG', 'albuterol Pill'), conso('601', 'SBDG', 'Proventil Inhalant Product')],
    relations: [rel('600', 'has_ingredient', '120')],
  },
];
const MORE_NAMES = [
  conso('210', 'PSN', 'amoxicillin 875 MG / clavulanate potassium 125 MG Oral Tablet'),
  conso('210', 'SY', 'amoxicillin 875 MG / clavulanate 125 MG Oral Tablet'),
  conso('120', 'SU', 'ALBUTEROL', 'MTHSPL'),
  conso('700', 'SCD', 'withdrawn 1 MG Oral Tablet', 'RXNORM', 'O'),
  conso('701', 'DF', 'Oral Tablet'),
  conso('100', 'SY', 'fluticasona').replace('|ENG|', '|SPA|'),
];
const PACKAGES = [
  sat('410', 'NDC', '00029608612'),
  sat('420', 'NDC', '00085025802'),
  sat('510', 'NDC', '52544027928'),
  sat('700', 'NDC', '00000000001'),
  sat('210', 'NDC', '0029-6086-12', 'MTHSPL'),
  sat('210', 'RXN_HUMAN_DRUG', 'US'),
];
const RELEASE = {
  'rrf/RXNCONSO.RRF': [...PARTS.flatMap(({ names }) => names), ...MORE_NAMES].join(''),
  'rrf/RXNREL.RRF': [
    ...PARTS.flatMap(({ relations }) => relations),
    rel('101', 'form_of', '100'),
    rel('112', 'has_part', '110'),
    rel('112', 'has_part', '111'),
    rel('142', 'has_part', '140'),
    rel('142', 'has_part', '141'),
    rel('200', 'isa', '600'),
  ].join(''),
  'rrf/RXNSAT.RRF': PACKAGES.join(''),
};

const CODES = ['100', '101', '110', '112', '120', '130', '131', '142', '200', '210', '211', '220', '221', '240'];
const NAMES = [
  ...['fluticasone', 'fluticasone nasal', 'flonase', 'amoxicillin', 'amoxicillin / clavulanate', 'augmentin'],
  ...['albuterol', 'albuterol oral', 'albuterol inhalation', 'proventil', 'proventil oral', 'aspirin', 'caffeine'],
  ...[
    'amoxicillin / clavulanate oral',
    'amoxicillin oral',
    'aspirin / caffeine oral',
    'ethinyl estradiol / levonorgestrel',
  ],
];
const rowsFor = (codes: readonly string[]): string =>
  `code,article,relationship,rank\n${codes.map((code) => `${code},topic-asthma,related,1\n`).join('')}`;

/** Every code and name that has a row, with the fewest crosswalks that reach it: `rxnorm|100 1`. */
async function reached(system: 'rxnorm' | 'ndc', code: string): Promise<string[]> {
  const nearest = new Map<string, number>();
  for (const { system: of, code: at, crossings, layer } of await place.mappings(system, code)) {
    const key = `${of}|${at}`;
    if (layer === 'imported') nearest.set(key, Math.min(crossings, nearest.get(key) ?? Infinity));
  }
  return [...nearest].sort(([a, far], [b, near]) => far - near || (a < b ? -1 : 1)).map((found) => found.join(' '));
}

test('drugs in use become concepts with their other names; other sources, forms and suppressed drugs do not', async () => {
  const report = await place.importTexts('rxnorm', RELEASE);
  expect(report).toMatchObject({ rejected: 0 });
  expect(await place.concept('rxnorm', '210')).toMatchObject({
    title: 'amoxicillin 875 MG / clavulanate 125 MG Oral Tablet',
    names: ['amoxicillin 875 MG / clavulanate potassium 125 MG Oral Tablet'],
    active: true,
  });
  expect(await place.concept('rxnorm', '100')).toMatchObject({ title: 'fluticasone', names: [] });
  for (const code of ['700', '701']) expect(await place.concept('rxnorm', code)).toBeUndefined();
});

describe('where a drug is looked for next', () => {
  test.each<[string, 'rxnorm' | 'ndc', string, string[]]>([
    ['an ingredient: its name', 'rxnorm', '120', ['rxnorm|120 0', 'drug-name|albuterol 1']],
    ['a salt: its ingredient', 'rxnorm', '101', ['rxnorm|101 0', 'rxnorm|100 1', 'drug-name|fluticasone 2']],
    [
      'tablets: the name that says by mouth, and the ingredient',
      'rxnorm',
      '220',
      ['rxnorm|220 0', 'drug-name|albuterol oral 1', 'rxnorm|120 1', 'drug-name|albuterol 2'],
    ],
    [
      'a pill group: likewise',
      'rxnorm',
      '600',
      ['drug-name|albuterol oral 1', 'rxnorm|120 1', 'drug-name|albuterol 2'],
    ],
    [
      'an inhaler: the name with its route alone',
      'rxnorm',
      '221',
      ['rxnorm|221 0', 'drug-name|albuterol inhalation 1'],
    ],
    ['a nasal spray: likewise', 'rxnorm', '200', ['rxnorm|200 0', 'drug-name|fluticasone nasal 1']],
    [
      'a combination: the whole of it, never one ingredient',
      'rxnorm',
      '210',
      [
        'rxnorm|210 0',
        'drug-name|amoxicillin / clavulanate oral 1',
        'rxnorm|112 1',
        'drug-name|amoxicillin / clavulanate 2',
      ],
    ],
    [
      'a combination that RxNorm has no concept of: its name alone',
      'rxnorm',
      '230',
      ['drug-name|aspirin / caffeine oral 1'],
    ],
    [
      'a branded spray: the brand’s name and the generic',
      'rxnorm',
      '400',
      ['rxnorm|200 1', 'drug-name|fluticasone nasal 2'],
    ],
    [
      'the brand of a spray: its name, then the ingredient’s with its route',
      'rxnorm',
      '300',
      ['drug-name|flonase 1', 'drug-name|fluticasone nasal 2'],
    ],
    [
      'the brand of a combination',
      'rxnorm',
      '310',
      [
        'drug-name|augmentin 1',
        'rxnorm|112 1',
        'drug-name|amoxicillin / clavulanate 2',
        'drug-name|amoxicillin / clavulanate oral 2',
      ],
    ],
    [
      'the brand of tablets and inhalers: as its tablets',
      'rxnorm',
      '320',
      ['drug-name|proventil 1', 'rxnorm|120 1', 'drug-name|albuterol 2'],
    ],
    ['a component of sprays alone: the name with their route', 'rxnorm', '20000', ['drug-name|fluticasone nasal 1']],
    ['a component of tablets: their ingredient', 'rxnorm', '21100', ['rxnorm|110 1', 'drug-name|amoxicillin 2']],
    [
      'a pack of one drug and inert tablets: that drug, and its ingredients',
      'rxnorm',
      '500',
      ['rxnorm|142 1', 'rxnorm|240 1', 'drug-name|ethinyl estradiol / levonorgestrel 2'],
    ],
    [
      'a pack of several strengths: their whole set of ingredients',
      'rxnorm',
      '501',
      ['rxnorm|142 1', 'drug-name|ethinyl estradiol / levonorgestrel 2'],
    ],
    ['a pack of tablets and a spray: nothing', 'rxnorm', '502', []],
    [
      'a branded pack: the generic one, and the ingredients',
      'rxnorm',
      '510',
      ['rxnorm|142 1', 'drug-name|ethinyl estradiol / levonorgestrel 2', 'rxnorm|240 2'],
    ],
    [
      'branded tablets: the brand’s name and the generic',
      'rxnorm',
      '420',
      [
        'drug-name|proventil oral 1',
        'rxnorm|220 1',
        'drug-name|albuterol oral 2',
        'rxnorm|120 2',
        'drug-name|albuterol 3',
      ],
    ],
    [
      'a package: its drug, and so to the generic’s name',
      'ndc',
      '00085025802',
      ['drug-name|proventil oral 2', 'rxnorm|220 2', 'drug-name|albuterol oral 3', 'rxnorm|120 3'],
    ],
    [
      'a package of what is taken by mouth alone: to its ingredients’ name',
      'ndc',
      '00029608612',
      [
        'drug-name|augmentin 2',
        'rxnorm|112 2',
        'rxnorm|210 2',
        'drug-name|amoxicillin / clavulanate 3',
        'drug-name|amoxicillin / clavulanate oral 3',
      ],
    ],
    [
      'the package of a branded pack',
      'ndc',
      '52544-0279-28',
      ['rxnorm|142 2', 'drug-name|ethinyl estradiol / levonorgestrel 3', 'rxnorm|240 3'],
    ],
    ['a package of a suppressed drug: nothing', 'ndc', '00000000001', []],
  ])('%s', async (_what, system, code, expected) => {
    await place.importTexts('csv', { 'rxnorm.csv': rowsFor(CODES), 'drug-name.csv': rowsFor(NAMES) });
    await place.importTexts('rxnorm', RELEASE);
    expect(await reached(system, code.replaceAll('-', ''))).toEqual(expected);
  });

  test('the tablets’ page wins over that of the bare name', async () => {
    await place.importTexts('csv', {
      'drug-name.csv':
        'code,article,relationship,rank\nalbuterol,topic-asthma,equivalent,1\nalbuterol oral,drug-a696005,equivalent,1\n',
    });
    await place.importTexts('rxnorm', RELEASE);
    const selection = selectRows(await place.mappings('rxnorm', '420'));
    expect(selection?.rows.map(({ article }) => article)).toEqual(['drug-a696005']);
  });

  test('what a curator says of a brand goes before what holds for its ingredient, and ends the search', async () => {
    await place.importTexts('csv', {
      'drug-name.csv':
        'code,article,relationship,rank,note\nflonase nasal,,none,,no page\nfluticasone nasal,topic-asthma,equivalent,1,\n' +
        'augmentin,drug-a696005,equivalent,1,\namoxicillin / clavulanate,topic-asthma,equivalent,1,\n',
    });
    await place.importTexts('rxnorm', RELEASE);
    const selected = async (code: string) => selectRows(await place.mappings('rxnorm', code));
    expect(await selected('400')).toMatchObject({ rows: [], noneNote: 'no page' });
    expect(await selected('200')).toMatchObject({ rows: [{ article: 'topic-asthma' }] });
    expect((await selected('410'))?.rows.map(({ article }) => article)).toEqual(['drug-a696005']);
  });

  test('relationships that are told in one direction alone are understood', async () => {
    const lines = RELEASE['rrf/RXNREL.RRF'].split('\n');
    const oneWay = lines.filter((_, index) => index % 2 === 1).join('\n');
    await place.importTexts('csv', { 'rxnorm.csv': rowsFor(CODES) });
    await place.importTexts('rxnorm', { ...RELEASE, 'rrf/RXNREL.RRF': `${oneWay}\n` });
    expect(await reached('rxnorm', '410')).toEqual(['rxnorm|112 1', 'rxnorm|210 1']);
  });
});

describe('files', () => {
  test('may come in NLM’s zip, whose name tells the day; the prescribable content inside it is left alone', async () => {
    const path = join(place.folder, 'RxNorm_full_11032026.zip');
    await writeZip(path, { ...RELEASE, 'prescribe/rrf/RXNCONSO.RRF': conso('1', 'IN', 'other') });
    expect(await place.importFrom('rxnorm', path)).toMatchObject({ name: 'rxnorm-2026-11-03', rejected: 0 });
    const [release] = await place.look((library) => library.findReleases(1));
    expect(release?.builtOn).toBe('2026-11-03');
    expect(await place.concept('rxnorm', '1')).toBeUndefined();
  });

  test('with rows that are none leave these out, by line and reason', async () => {
    const report = await place.importTexts('rxnorm', {
      ...RELEASE,
      'rrf/RXNCONSO.RRF': `a|b|\n${conso('x1', 'IN', 'x')}${RELEASE['rrf/RXNCONSO.RRF']}`,
      'rrf/RXNSAT.RRF': `${RELEASE['rrf/RXNSAT.RRF']}${sat('210', 'NDC', '12')}`,
    });
    expect(report.complaints).toEqual([
      { file: expect.stringMatching(/RXNCONSO/), line: 1, reason: '3 columns instead of 19' },
      { file: expect.stringMatching(/RXNCONSO/), line: 2, reason: 'x1 is not an RxCUI' },
      { file: expect.stringMatching(/RXNSAT/), line: 7, reason: '12 is not an NDC' },
    ]);
  });

  test('that are missing or cut short are refused', async () => {
    const { 'rrf/RXNSAT.RRF': packages, ...others } = RELEASE;
    await expect(place.importTexts('rxnorm', others)).rejects.toThrow(/none of the files is RxNorm's RXNSAT\.RRF/);
    await expect(place.importTexts('rxnorm', { ...others, 'rrf/RXNSAT.RRF': packages.slice(0, -9) })).rejects.toThrow(
      /RXNSAT\.RRF stops in line 6/,
    );
    const path = join(place.folder, 'half.zip');
    await writeZip(path, RELEASE);
    writeFileSync(path, gzipSync('no zip'));
    await expect(place.importFrom('rxnorm', path)).rejects.toThrow(/half\.zip is not a zip file/);
  });
});
