import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { normalizeCode } from '../../src/core/codes/normalize-code.js';
import type { ImportPlace } from './import-place.js';
import { importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const HEADING = [
  ...['LOINC_NUM', 'COMPONENT', 'PROPERTY', 'TIME_ASPCT', 'SYSTEM', 'SCALE_TYP', 'METHOD_TYP', 'CLASS'],
  ...['VersionLastChanged', 'STATUS', 'CONSUMER_NAME', 'RELATEDNAMES2', 'SHORTNAME', 'LONG_COMMON_NAME'],
];

type Term = readonly [
  code: string,
  version: string,
  status: string,
  consumer: string,
  related: string,
  short: string,
  long: string,
];

const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');

/** A table as Regenstrief writes it, with half of its columns. */
function table(terms: readonly Term[]): string {
  const rows = terms.map(([code, ...rest]) => [code, 'Component', 'MCnc', 'Pt', 'Bld', 'Qn', '', 'CHEM', ...rest]);
  return [HEADING, ...rows].map((cells) => `${quoted(cells)}\r\n`).join('');
}

const TERMS: readonly Term[] = [
  [
    '4548-4',
    '2.73',
    'ACTIVE',
    'Hemoglobin A1c, Blood',
    'A1c; HbA1c; ',
    'HbA1c MFr Bld',
    'Hemoglobin A1c/Hemoglobin.total in Blood',
  ],
  ['718-7', '2.78', 'TRIAL', '', 'Hb', 'Hgb Bld-mCnc', 'Hemoglobin [Mass/volume] in Blood'],
  ['1001-7', '2.10', 'DEPRECATED', '', '', '', 'DBG Ab [Presence] in "Serum", or\nPlasma'],
  ['20570-8', '2.70', 'DISCOURAGED', '', '', '', 'Hematocrit [Volume Fraction] of Blood'],
];
const TABLE = table(TERMS);
const MAP_TO =
  '"LOINC","MAP_TO","COMMENT"\r\n"1001-7","718-7",""\r\n"20570-8","718-7","as a"\r\n"20570-8","4548-4","as b"\r\n';

describe('the LOINC table', () => {
  test('gives each term its long name, its other names and whether it is in use', async () => {
    const report = await place.importTexts('loinc', { 'Loinc.csv': TABLE });
    expect(report).toMatchObject({ name: 'loinc-2.78', read: 5, rejected: 0, imported: { concepts: 4 } });
    expect(await place.concept('loinc', '4548-4')).toEqual({
      system: 'loinc',
      code: '4548-4',
      title: 'Hemoglobin A1c/Hemoglobin.total in Blood',
      parent: undefined,
      billable: undefined,
      active: true,
      names: ['Hemoglobin A1c, Blood', 'HbA1c MFr Bld', 'A1c', 'HbA1c'],
      release: 'loinc-2.78',
    });
    const inUse = await Promise.all(TERMS.map(([code]) => place.concept('loinc', code)));
    expect(inUse.map((concept) => concept?.active)).toEqual([true, true, false, false]);
    // A quoted cell may hold quotes and line ends.
    expect(inUse[2]?.title).toBe('DBG Ab [Presence] in "Serum", or\nPlasma');
  });

  test('names that very many terms have are those of no test', async () => {
    const many = Array.from({ length: 500 }, (_, index) => withCheckDigit(String(20_000 + index)));
    const terms = many.map((code): Term => [code, '2.78', 'ACTIVE', '', `Serum; Own ${code}`, '', `Test ${code}`]);
    await place.importTexts('loinc', { 'Loinc.csv': table(terms) });
    expect((await place.concept('loinc', many[0] ?? ''))?.names).toEqual([`Own ${many[0] ?? ''}`]);
  });

  test('is found among the many files of a release; what replaces deprecated terms leads on', async () => {
    const zip = await writeZip(join(place.folder, 'Loinc_2.78.zip'), {
      'LoincTable/Loinc.csv': TABLE,
      'LoincTable/MapTo.csv': MAP_TO,
      'LoincTableCore/LoincTableCore.csv': '"LOINC_NUM"\r\n',
      'LoincTableCore/MapTo.csv': MAP_TO,
      'AccessoryFiles/PanelsAndForms/Loinc.csv': '"LOINC_NUM"\r\n',
      'AccessoryFiles/ConsumerName/ConsumerName.csv': '"LoincNumber","ConsumerName"\r\n',
    });
    const report = await place.importFrom('loinc', zip);
    expect(report).toMatchObject({ rejected: 0, imported: { concepts: 4, crosswalks: 3 } });
  });

  test('a bad row is rejected with its line and the rest is taken', async () => {
    const lines = TABLE.split('\r\n');
    lines[1] = lines[1]?.replace('4548-4', '4548-5') ?? '';
    lines[2] = lines[2]?.replace('"Hb"', '"H"b"') ?? '';
    const report = await place.importTexts('loinc', { 'Loinc.csv': lines.join('\r\n') });
    expect(report.complaints).toEqual([
      { file: 'files-1/Loinc.csv', line: 3, reason: 'a misplaced or unclosed quote' },
      { file: 'files-1/Loinc.csv', line: 2, reason: '4548-5 is not a LOINC code' },
    ]);
    expect(report.imported.concepts).toBe(2);
  });

  test.each([
    ['stops in mid-line', { 'Loinc.csv': TABLE.slice(0, -30) }, 'truncated'],
    ['stops in a quote', { 'Loinc.csv': `${TABLE.slice(0, -30)}\r\n` }, 'ends in an unclosed quote: truncated'],
    ['stops in mid-record', { 'Loinc.csv': `${TABLE}"2345-7","Glucose"\r\n` }, 'stops in mid-record: truncated'],
    ['is empty', { 'Loinc.csv': '' }, 'is empty'],
    ['has other columns', { 'Loinc.csv': TABLE.replace('RELATEDNAMES2', 'RELATED') }, 'has no column RELATEDNAMES2'],
    ['is not there', { 'LoincTableCore.csv': TABLE }, 'none of the files is the LOINC table (Loinc.csv)'],
  ])('that %s is refused and changes nothing', async (_what, files, reason) => {
    await expect(place.importTexts('loinc', files)).rejects.toThrow(reason);
    expect(await place.look((library) => library.findReleases(9))).toHaveLength(1);
  });
});

/** A LOINC code of these digits: its check digit stands behind a hyphen. */
function withCheckDigit(digits: string): string {
  const codes = Array.from({ length: 10 }, (_, check) => `${digits}-${check}`);
  return codes.find((code) => normalizeCode('loinc', code) !== undefined) ?? '';
}
