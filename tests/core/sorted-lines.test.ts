import { expect, test } from '@jest/globals';
import { findLine } from '../../src/core/sorted-lines.js';

test('each key of a table is found in its text, and nothing else', () => {
  const keys = [...Array(200).keys()].map((number) => `k${number * 3}`).sort();
  const lines = keys.map((key) => `${key},of ${key}\n`).join('');
  expect(keys.filter((key) => findLine(lines, key) !== `of ${key}`)).toEqual([]);
  const others = ['', 'a', 'k', 'k1', 'k3 ', 'k5', 'k30000', 'z', 'of', 'of k3'];
  expect(others.flatMap((key) => findLine(lines, key) ?? [])).toEqual([]);
});

test('a table may be empty, or have empty values', () => {
  expect(findLine('', 'a')).toBeUndefined();
  expect(findLine('a,\n', 'a')).toBe('');
});
