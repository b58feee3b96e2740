import { expect, test } from '@jest/globals';
import { isAgainstLoss } from '../../../src/core/policy/pregnancy-pages.js';

test.each([
  ['Disorder of vein following molar pregnancy', 'Pregnancy', true],
  ['Embolism after ectopic pregnancy', 'Health Problems in Pregnancy', true],
  ['Missed abortion with sepsis', 'Miscarriage', false],
  ['Threatened abortion', 'Health Problems in Pregnancy', false],
  ['Pregnant, history of miscarriage', 'Prenatal Care', false],
  ['Membranous pregnancy', 'Pregnancy', false],
])('%s: a page "%s" is against the loss: %s', (title, page, isAgainst) => {
  expect(isAgainstLoss(title, { texts: { en: { title: page } } })).toBe(isAgainst);
});
