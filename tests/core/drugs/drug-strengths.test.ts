import { expect, test } from '@jest/globals';
import { readDrugNames } from '../../../src/build/read-drug-facts.js';
import { DrugStrengths } from '../../../src/core/drugs/drug-strengths.js';
import { readDrugLine } from '../../../src/core/drugs/drug-line.js';

const strengths = new DrugStrengths(
  new Map([
    ['metformin', '100 mg / ml|1000 mg|500 mg'],
    ['warfarin', '2.5 mg|5 mg'],
    ['latanoprost', '0.005 %|0.05 mg / ml'],
  ]),
);

test.each([
  ['warfarin', ['5 mg'], true],
  ['warfarin', ['0.005 g'], true],
  // Two tablets, and half of one.
  ['warfarin', ['10 mg'], true],
  ['warfarin', ['1.25 mg'], true],
  ['warfarin', ['300 mg'], false],
  // Of a liquid any amount may be given, up to 30 ml.
  ['metformin', ['850 mg'], true],
  ['metformin', ['3500 mg'], false],
  ['latanoprost', ['0.005 %'], true],
  ['latanoprost', ['1 %'], false],
  ['unknown', ['5 mg'], false],
  // Nothing to compare.
  ['warfarin', ['5-325 mg'], true],
  ['warfarin', [], true],
])('%s %j fits: %s', (drug, stated, fits) => {
  expect(strengths.fits([drug], stated)).toBe(fits);
});

test('what is a tablet is no amount of a liquid', () => {
  expect(strengths.fits(['metformin'], ['850 mg'], true)).toBe(false);
  expect(strengths.fits(['metformin'], ['500 mg'], true)).toBe(true);
});

test('where no strengths are known all fit', () => {
  expect(new DrugStrengths(new Map()).fits(['warfarin'], ['300 mg'])).toBe(true);
});

const names = readDrugNames('resources');

test.each([
  ['metfromin 500 mg tablet', 'metformin'],
  ['warfrin 5 mg', 'warfarin'],
  ['lovenx 80 mg', 'lovenox'],
  ['synthoid 88 mcg', 'synthroid'],
  ['synthoid 90 mcg', undefined],
  // Sold as a liquid as well, of which any amount is given: no tablet, and no number alone, is one.
  ['amoxacillin 600 mg', 'amoxicillin'],
  ['amoxacillin 600 mg tablet', undefined],
  ['amoxacillin 600 bid', undefined],
  ['latanaprost 0.005% drops', 'latanoprost'],
  // Sold in no such strength, it is another drug that no table has.
  ['warfrin 300 mg tablet', undefined],
  ['latanaprost 5 % drops', undefined],
])('a misspelt name beside a strength is the drug that has it: %s', (line, to) => {
  expect(readDrugLine(line, names)?.corrected?.to).toBe(to);
});

test.each<[string, boolean, boolean]>([
  ['50 mg', true, true],
  ['100 mg', true, false],
  ['20 mg / ml', false, false],
])('of a brand only the very mass of a tablet confirms it: %s', (strength, isSolid, fits) => {
  const known = new DrugStrengths(new Map([['sertraline', '50 mg|20 mg / ml']]));
  expect(known.fitsBrand(['sertraline'], [strength], isSolid)).toBe(fits);
});

test.each<[string, string, string[]]>([
  ['gaba 300 tid', 'gabapentin', []],
  ['dig 0.125', 'digoxin', []],
  ['dig 1.2', '', []],
  ['trazo 50 hs', 'trazodone', []],
  ['pred 20', '', ['prednisolone', 'prednisone']],
  ['Mg oxide 400', 'magnesium oxide', []],
  ['metropolol 25', 'metoprolol', []],
  ['Product containing timolol in ocular dose form (medicinal product form)', 'timolol', []],
])('shorthand of orders: %s', (line, drug, offered) => {
  const read = readDrugLine(line, names);
  expect(read?.ingredients.join() ?? '').toBe(drug);
  expect(read?.readings ?? []).toEqual(offered);
});
