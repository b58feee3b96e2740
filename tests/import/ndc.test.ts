import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { writeFiles } from '../library/places.js';
import type { ImportPlace } from './import-place.js';
import { importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const PRODUCT_COLUMNS = (
  'PRODUCTID PRODUCTNDC PRODUCTTYPENAME PROPRIETARYNAME PROPRIETARYNAMESUFFIX NONPROPRIETARYNAME DOSAGEFORMNAME ' +
  'ROUTENAME STARTMARKETINGDATE ENDMARKETINGDATE MARKETINGCATEGORYNAME APPLICATIONNUMBER LABELERNAME SUBSTANCENAME ' +
  'ACTIVE_NUMERATOR_STRENGTH ACTIVE_INGRED_UNIT PHARM_CLASSES DEASCHEDULE NDC_EXCLUDE_FLAG LISTING_RECORD_CERTIFIED_THROUGH'
).split(' ');
const PACKAGE_COLUMNS =
  'PRODUCTID PRODUCTNDC NDCPACKAGECODE PACKAGEDESCRIPTION STARTMARKETINGDATE ENDMARKETINGDATE NDC_EXCLUDE_FLAG SAMPLE_PACKAGE'.split(
    ' ',
  );

type Cells = Readonly<Record<string, string>>;
const table = (columns: readonly string[], rows: readonly Cells[]): string =>
  [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => `${cells.join('\t')}\r\n`)
    .join('');

/** Products, and one package of each: 0002-1000-01, 0002-1001-01, …. */
function tables(products: readonly Cells[], columns: readonly string[] = PRODUCT_COLUMNS): Record<string, string> {
  const id = (index: number): string => `0002-${String(1000 + index)}_x`;
  const rows = products.map((product, index) => ({ PRODUCTID: id(index), ...product }));
  const packages = rows.map(({ PRODUCTID }, index) => ({
    PRODUCTID,
    NDCPACKAGECODE: `0002-${String(1000 + index)}-01`,
    PACKAGEDESCRIPTION: '100 TABLET in 1 BOTTLE',
    NDC_EXCLUDE_FLAG: 'N',
  }));
  return { 'product.txt': table(columns, rows), 'package.txt': table(PACKAGE_COLUMNS, packages) };
}

const GLUCOPHAGE: Cells = {
  PROPRIETARYNAME: 'Glucophage',
  PROPRIETARYNAMESUFFIX: 'XR',
  NONPROPRIETARYNAME: 'Metformin Hydrochloride',
  DOSAGEFORMNAME: 'TABLET, FILM COATED, EXTENDED RELEASE',
  ROUTENAME: 'ORAL',
  SUBSTANCENAME: 'METFORMIN HYDROCHLORIDE',
  ACTIVE_NUMERATOR_STRENGTH: '500',
  ACTIVE_INGRED_UNIT: 'mg/1',
};
const product = (name: string, form: string, route: string, more: Cells = {}): Cells => ({
  PROPRIETARYNAME: name,
  NONPROPRIETARYNAME: name,
  DOSAGEFORMNAME: form,
  ROUTENAME: route,
  SUBSTANCENAME: name.toUpperCase(),
  ...more,
});

const named = (brand: string, name: string, form: string, route: string): Cells =>
  product(name, form, route, { PROPRIETARYNAME: brand });

test('packages get 11-digit codes, titles of brand, ingredient, strength, form and route, and their drug by name', async () => {
  const combined = product('Caduet', 'TABLET', 'ORAL', {
    NONPROPRIETARYNAME: 'amlodipine besylate and atorvastatin calcium',
    SUBSTANCENAME: 'AMLODIPINE BESYLATE; ATORVASTATIN CALCIUM TRIHYDRATE',
    ACTIVE_NUMERATOR_STRENGTH: '2.5; 10',
    ACTIVE_INGRED_UNIT: 'mg/1; mg/1',
  });
  const report = await place.importTexts('ndc', tables([GLUCOPHAGE, combined]));
  expect(report).toMatchObject({ rejected: 0, imported: { concepts: 2 } });
  expect(report.name).toMatch(/^ndc-\d{4}-\d{2}-\d{2}$/);
  expect(await place.concept('ndc', '00002100001')).toMatchObject({
    title: 'Glucophage XR (Metformin Hydrochloride) 500 mg tablet, film coated, extended release, oral',
    names: ['Glucophage XR', 'Metformin Hydrochloride'],
    active: true,
  });
  expect((await place.concept('ndc', '00002100101'))?.title).toMatch(/2\.5 mg \/ 10 mg tablet, oral$/);
  // The brand's name, then the ingredient's that says by mouth, then the bare one.
  expect(await place.mappings('ndc', '00002100001')).toMatchObject([{ article: 'drug-a696005', crossings: 3 }]);
});

describe('the name by which a product is looked up', () => {
  const NAMES = [
    ...[
      'dilaudid',
      'dilaudid oral',
      'flonase',
      'flonase nasal',
      'codeine oral',
      'relief',
      'albuterol',
      'albuterol oral',
      'albuterol inhalation',
      'fluticasone nasal',
      'fluticasone',
      'estradiol vaginal',
    ],
    ...['estradiol', 'estradiol oral', 'acetaminophen', 'acetaminophen / codeine', 'codeine', 'ofloxacin ophthalmic'],
    ...[
      'ofloxacin otic',
      'ofloxacin',
      'goserelin implant',
      'goserelin injection',
      'goserelin',
      'insulin lispro injection',
    ],
    ...[
      'triamcinolone intralesional',
      'triamcinolone',
      'triamcinolone injection',
      'copper intrauterine',
      'copper',
      'copper hemodialysis',
    ],
    ...[
      'vitamin e',
      'vitamin e topical',
      'nitroglycerin',
      'nitroglycerin spray',
      'estrogens conjugated',
      'conjugated estrogens',
    ],
  ];

  const rows = `code,article,relationship,rank\n${NAMES.map((name) => `${name},topic-asthma,related,1\n`).join('')}`;

  test.each<[string, Cells, string[]]>([
    ['tablets: by mouth, then the bare name', product('Albuterol', 'TABLET', 'ORAL'), ['albuterol oral', 'albuterol']],
    [
      'an inhaler: with its route alone',
      product('Albuterol', 'AEROSOL, METERED', 'RESPIRATORY (INHALATION)'),
      ['albuterol inhalation'],
    ],
    ['a nasal spray', product('Fluticasone propionate', 'SPRAY, METERED', 'NASAL'), ['fluticasone nasal']],
    ['a tablet that is not for the mouth', product('Estradiol', 'TABLET', 'VAGINAL'), ['estradiol vaginal']],
    ['a capsule for the skin', product('Vitamin E', 'CAPSULE', 'TOPICAL'), ['vitamin e topical']],
    [
      'a combination',
      product('Acetaminophen and Codeine Phosphate', 'TABLET', 'ORAL', {
        SUBSTANCENAME: 'ACETAMINOPHEN; CODEINE PHOSPHATE',
      }),
      ['acetaminophen / codeine'],
    ],
    [
      'a combination divided by commas',
      product('Codeine phosphate, Acetaminophen', 'TABLET', 'ORAL', {
        SUBSTANCENAME: 'ACETAMINOPHEN; CODEINE PHOSPHATE',
      }),
      ['acetaminophen / codeine'],
    ],
    [
      'a combination labelled with one of its ingredients',
      product('Acetaminophen', 'TABLET', 'ORAL', { SUBSTANCENAME: 'ACETAMINOPHEN; CODEINE PHOSPHATE' }),
      ['acetaminophen / codeine'],
    ],
    [
      'a mixture that has a name of its own',
      product('Conjugated Estrogens', 'TABLET', 'ORAL', { SUBSTANCENAME: 'EQUILIN; ESTRONE SODIUM SULFATE' }),
      ['conjugated estrogens'],
    ],
    ['two routes with pages of their own: none', product('Ofloxacin', 'SOLUTION', 'AURICULAR (OTIC); OPHTHALMIC'), []],
    [
      'two routes of one kind',
      product('Insulin lispro', 'INJECTION, SOLUTION', 'INTRAVENOUS; SUBCUTANEOUS'),
      ['insulin lispro injection'],
    ],
    ['two ways by mouth', product('Nitroglycerin', 'TABLET', 'ORAL; SUBLINGUAL'), ['nitroglycerin']],
    ['an implant', product('Goserelin acetate', 'IMPLANT', 'SUBCUTANEOUS'), ['goserelin implant']],
    ['a route of its own', product('Copper', 'INTRAUTERINE DEVICE', 'INTRAUTERINE'), ['copper intrauterine']],
    ['a route told by the form', product('Triamcinolone', 'INJECTION', 'INTRALESIONAL'), ['triamcinolone injection']],
    ['a spray into the mouth', product('Nitroglycerin', 'SPRAY, METERED', 'SUBLINGUAL'), ['nitroglycerin spray']],
    ['a route without a word of ours', product('Copper', 'TABLET', 'HEMODIALYSIS'), ['copper hemodialysis']],
    [
      'a brand: its name first',
      named('Dilaudid', 'Albuterol', 'TABLET', 'ORAL'),
      ['dilaudid', 'albuterol oral', 'albuterol'],
    ],
    ['a brand with a route', named('Flonase', 'Fluticasone', 'SPRAY', 'NASAL'), ['flonase nasal', 'fluticasone nasal']],
    [
      'a label that says the ingredient',
      named('Albuterol Sulfate', 'albuterol', 'TABLET', 'ORAL'),
      ['albuterol oral', 'albuterol'],
    ],
    [
      'a label that says one of two ingredients',
      named('Codeine', 'Acetaminophen and codeine', 'TABLET', 'ORAL'),
      ['acetaminophen / codeine'],
    ],
    ['no route: none', product('Albuterol', 'TABLET', ''), []],
  ])('of %s', async (_what, sold, names) => {
    await place.importTexts('csv', { 'drug-name.csv': rows });
    await place.importTexts('ndc', tables([GLUCOPHAGE, sold]));
    expect((await place.mappings('ndc', '00002100101')).map(({ code }) => code)).toEqual(names);
  });

  test('of a brand that several drugs share is that of its ingredients', async () => {
    await place.importTexts('csv', { 'drug-name.csv': rows });
    const relief = [named('Relief', 'Albuterol', 'TABLET', 'ORAL'), named('Relief', 'Codeine', 'TABLET', 'ORAL')];
    await place.importTexts('ndc', tables(relief));
    expect((await place.mappings('ndc', '00002100001')).map(({ code }) => code)).toEqual([
      'albuterol oral',
      'albuterol',
    ]);
  });

  test('of a brand that comes as tablets and otherwise says by mouth for the tablets', async () => {
    await place.importTexts('csv', { 'drug-name.csv': rows });
    const dilaudid = [
      named('Dilaudid', 'Codeine', 'TABLET', 'ORAL'),
      named('Dilaudid', 'Codeine', 'INJECTION', 'INTRAVENOUS'),
    ];
    await place.importTexts('ndc', tables(dilaudid));
    expect((await place.mappings('ndc', '00002100001')).map(({ code }) => code)).toEqual([
      'dilaudid oral',
      'codeine oral',
      'codeine',
    ]);
  });
});

describe('files', () => {
  test('may come in FDA’s zip', async () => {
    const zip = await writeZip(join(place.folder, 'ndctext.zip'), tables([GLUCOPHAGE]));
    expect(await place.importFrom('ndc', zip)).toMatchObject({ rejected: 0, imported: { concepts: 1 } });
  });

  test('are in Windows-1252, and older ones have fewer columns', async () => {
    const products = [{ ...GLUCOPHAGE, PROPRIETARYNAME: 'Café' }];
    const folder = writeFiles(join(place.folder, 'old'), tables(products, PRODUCT_COLUMNS.slice(0, -2)));
    const path = join(folder, 'product.txt');
    writeFileSync(path, readFileSync(path, 'utf8'), 'latin1');
    expect(await place.importFrom('ndc', folder)).toMatchObject({ rejected: 0, imported: { concepts: 1 } });
    expect((await place.concept('ndc', '00002100001'))?.title).toMatch(/^Café XR/);
  });

  test('with rows that are none leave these out, by line and reason', async () => {
    const files = tables([GLUCOPHAGE]);
    const rows = [
      ['0002-1000_x', '', '12-34'],
      ['9999_x', '', '0002-1000-02'],
      ['0002-1000_x', '', '0002-1000-03'],
    ];
    const more = rows.map((cells) => [...cells, '', '', '', 'E', ''].join('\t'));
    const report = await place.importTexts('ndc', {
      'product.txt': `${files['product.txt'] ?? ''}short\trow\r\n`,
      'package.txt': `${files['package.txt'] ?? ''}${more.join('\r\n')}\r\n`,
    });
    expect(report.complaints).toEqual([
      { file: expect.stringMatching(/product\.txt$/), line: 3, reason: '2 columns instead of 20' },
      { file: expect.stringMatching(/package\.txt$/), line: 3, reason: '12-34 is not an NDC' },
      { file: expect.stringMatching(/package\.txt$/), line: 4, reason: 'no product 9999_x' },
    ]);
    expect(await place.concept('ndc', '00002100003')).toMatchObject({ active: false });
  });

  test('that are missing, cut short or something else are refused', async () => {
    const files = tables([GLUCOPHAGE]);
    const [products = '', packages = ''] = [files['product.txt'], files['package.txt']];
    await expect(place.importTexts('ndc', { 'product.txt': products })).rejects.toThrow(/package\.txt/);
    await expect(
      place.importTexts('ndc', { 'product.txt': products, 'package.txt': packages.slice(0, -30) }),
    ).rejects.toThrow(/package\.txt stops in line 2/);
    await expect(place.importTexts('ndc', { 'product.txt': 'a\tb\r\n', 'package.txt': packages })).rejects.toThrow(
      /product\.txt has no column PRODUCTID/,
    );
  });
});
