import { expect, it } from '@jest/globals';
import { flatMap } from '../../src/core/flat-map.js';

it('joins lists and single values as Array.prototype.flatMap does, one level deep', () => {
  const toOnes = (value: number, index: number): number | number[] | number[][] =>
    [value, [], [value, index], [[value]]][index % 4] ?? [];
  const list = [5, 6, 7, 8, 9];
  expect(flatMap<number, unknown>(list, toOnes)).toEqual(list.flatMap<unknown>(toOnes));
  expect(flatMap([], () => 1)).toEqual([]);
});
