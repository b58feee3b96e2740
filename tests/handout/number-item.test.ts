import { expect, test } from '@jest/globals';
import { numberItem } from '../../src/handout/print-blocks.js';

test.each([
  [3, 'a', 'c'],
  [26, 'A', 'Z'],
  [27, 'a', '27'],
  [4, 'i', 'iv'],
  [39, 'I', 'XXXIX'],
  [40, 'i', '40'],
  [12, undefined, '12'],
] as const)('item %i of a list of kind %s has the number %s', (number, numbering, expected) => {
  expect(numberItem(number, numbering)).toBe(expected);
});
