import { expect, test } from '@jest/globals';
import { isDextrose, isNoIcdCode } from '../../../src/core/codes/typed-fluid.js';

test.each([
  ...['D5W', 'd50w', 'D2.5W', 'D 10 W', 'D5% W', 'D10NS', 'D5 NS', 'D5-1/2NS', 'D5 ½NS', 'D5 .45NS', 'D5 0.225% NaCl'],
  ...['D5LR', 'D10W 500 mL', 'D50W 1 amp IV push stat'],
  'dextrose 50 % in water (D50W) syringe 25 g prn hypoglycemia',
])('a dextrose solution: %s', (line) => {
  expect(isDextrose(line)).toBe(true);
});

test.each(['D50', 'D50.9', 'D5', 'D10.NS', 'D5W with KCl 20 mEq', 'vitamin D 50 w', 'E11W', 'D10W anemia', '', 'W19'])(
  'no dextrose solution: %j',
  (line) => {
    expect(isDextrose(line)).toBe(false);
  },
);

test.each([
  ['D50W', true],
  ['T20W', true],
  ['W19', false],
  ['W19.XXXA', false],
  ['M1A.0', false],
  ['T20.00XA', false],
  ['O35.DXX0', false],
])('what looks like an ICD code and is none: %s → %s', (word, isNone) => {
  expect(isNoIcdCode(word)).toBe(isNone);
});

test('a line of any length is read in time', () => {
  expect(isDextrose(`D5W${' iv'.repeat(100_000)}`)).toBe(false);
});
