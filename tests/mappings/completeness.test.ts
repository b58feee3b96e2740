import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { normalizeCode } from '../../src/core/codes/normalize-code.js';
import { column, describeWithData, read } from '../support/shared-data.js';
import { ROWS_OF, answering, readCsv } from './tables.js';

/** How much of each code system has rows, or says on purpose that it has none. */

const CATEGORIES = readCsv('resources/code-systems/icd-10-cm.csv')
  .map(({ cells }) => cells['code'] ?? '')
  .filter((code) => /^[A-Z]\w\w$/.test(code));

const codesOf = (system: string): string[] =>
  [...ROWS_OF.keys()].filter((key) => key.startsWith(`${system}|`)).map((key) => key.slice(system.length + 1));

test('the starter knows every ICD-10-CM category', () => {
  expect(CATEGORIES).toHaveLength(1921);
});

test.each(['icd-10-cm', 'icd-9-cm'])('the starter knows the title of every %s code that a row names', (system) => {
  const titled = new Set(readCsv(`resources/code-systems/${system}.csv`).map(({ cells }) => cells['code']));
  expect(codesOf(system).filter((code) => !titled.has(code))).toEqual([]);
});

test.each([
  ['snomed-ct', 1500],
  ['loinc', 1000],
  ['drug-name', 1000],
  ['cvx', 150],
])('%s: at least %i codes have rows', (system, least) => {
  expect(codesOf(system).length).toBeGreaterThanOrEqual(least);
});

test('no code of CPT is shipped: it is licensed', () => {
  expect(codesOf('cpt')).toEqual([]);
  expect(existsSync('mappings/cpt.csv')).toBe(false);
});

test('the SNOMED CT file holds identifiers and no terms', () => {
  const notes = readFileSync('mappings/snomed-ct.csv', 'utf8').match(
    /\((disorder|finding|procedure|situation|event)\)/g,
  );
  expect(notes).toBeNull();
});

describeWithData('medlineplus', 'beside the official code sets', () => {
  const unanswered = (system: string, codes: readonly string[]): string[] =>
    [...new Set(codes)].filter((code) => answering(system, code).length === 0);

  test('every billable ICD-10-CM code is answered, by itself or an ancestor, or has none for a reason', () => {
    const earlier = read('icd10cm/icd10cm_merged.csv.gz').filter(({ status }) => status === 'billable');
    const today = read('icd10cm/icd10cm_2027.csv.gz').filter(({ billable }) => billable === '1');
    expect(today.length).toBeGreaterThan(74_000);
    expect(
      unanswered(
        'icd-10-cm',
        [...earlier, ...today].map(({ code = '' }) => code),
      ),
    ).toEqual([]);
  });

  test('every ICD-9-CM code too', () => {
    const codes = column('icd9cm/icd9dx2015.csv.gz', 'dgns_cd');
    expect(codes.length).toBeGreaterThan(14_000);
    expect(
      unanswered(
        'icd-9-cm',
        codes.map((code) => normalizeCode('icd-9-cm', code) ?? code),
      ),
    ).toEqual([]);
  });

  test.each([
    ['loinc', 6_400],
    ['cvx', 170],
    ['icd-10-cm', 22_000],
  ])(
    "every code of %s that the quality measures' value sets name is answered, or has none for a reason",
    (system, least) => {
      const named = read('value-sets/quality_measure_codes.csv.gz')
        .filter((row) => row['system'] === system)
        .map(({ code = '' }) => code);
      expect(named.length).toBeGreaterThan(least);
      // LA and LP are LOINC's answers and parts: no codes of tests.
      const codes = named.filter((code) => !/^L[AP]\d/.test(code));
      expect(unanswered(system, codes)).toEqual([]);
    },
  );

  test('every frequent laboratory result and every universal order too', () => {
    const codes = [
      ...column('loinc/LOINC_1.6_Top2000CommonLabResultsUS.csv', 'LOINC #'),
      ...column('loinc/LoincUniversalLabOrdersValueSet.csv', 'LOINC_NUM'),
    ];
    expect(codes.length).toBeGreaterThan(2_000);
    expect(unanswered('loinc', codes)).toEqual([]);
  });

  test('every code of the synthetic hospital has rows', () => {
    const snomed = ['conditions.csv', 'procedures.csv'].flatMap((file) => column(`sample-codes/${file}`, 'CODE'));
    // One identifier of the sample has a wrong check digit.
    const possible = snomed.filter((code) => normalizeCode('snomed-ct', code) !== undefined);
    expect(unanswered('snomed-ct', possible)).toEqual([]);
    const loinc = column('sample-codes/observations.csv', 'CODE').filter((code) => /^\d+-\d$/.test(code));
    expect(unanswered('loinc', loinc)).toEqual([]);
  });
});
