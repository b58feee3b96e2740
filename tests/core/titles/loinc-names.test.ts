import { expect, test } from '@jest/globals';
import { LoincNames } from '../../../src/core/titles/reading/loinc-names.js';
import type { MappingRecord } from '../../../src/core/model/library.js';

const names = new LoincNames([
  { code: '2160-0', title: 'Creatinine [Mass/volume] in Serum or Plasma' },
  { code: '38483-4', title: 'Creatinine [Mass/volume] in Blood' },
  { code: '2161-8', title: 'Creatinine [Mass/volume] in Urine' },
  { code: '4548-4', title: 'Hemoglobin A1c/Hemoglobin.total in Blood' },
]);
const pages = new Map([
  ['2160-0', 'test-creatinine'],
  ['38483-4', 'test-creatinine'],
  ['2161-8', 'test-urine'],
  ['4548-4', 'test-a1c'],
]);
const library = {
  findMappings: (codings: readonly { readonly system: string; readonly code: string }[]) =>
    codings.map(({ code }, input) => {
      const row = { article: pages.get(code), input, rank: 1, relationship: 'equivalent', levels: 0, crossings: 0 };
      return { ...row, path: [], note: '', system: 'loinc', code } as unknown as MappingRecord;
    }),
};

test.each([
  ['Creatinine [Moles/volume] in Serum or Plasma by Jaffe method', 'test-creatinine'],
  ['Creatinine [Moles/volume] in Plasma', 'test-creatinine'],
  ['Creatinine [Mass/time] in Urine', 'test-urine'],
  ['Hemoglobin A1c/Hemoglobin.total in Blood by HPLC', 'test-a1c'],
  // The page of another specimen is no page of it.
  ['Creatinine [Mass/volume] in Dialysis fluid', undefined],
  ['Creatine kinase [Mass/volume] in Serum or Plasma', undefined],
])('the test of %s is %s', (title, page) => {
  expect(names.findTest(title, library)).toBe(page);
});
