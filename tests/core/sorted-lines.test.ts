import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { findLine, toSortedWords } from '../../src/core/sorted-lines.js';

test('each key of a table is found in its text, and nothing else', () => {
  const keys = [...Array(200).keys()].map((number) => `k${number * 3}`).sort();
  const lines = keys.map((key) => `${key},of ${key}\n`).join('');
  expect(keys.filter((key) => findLine(lines, key) !== `of ${key}`)).toEqual([]);
  const others = ['', 'a', 'k', 'k1', 'k3 ', 'k5', 'k30000', 'z', 'of', 'of k3'];
  expect(others.flatMap((key) => findLine(lines, key) ?? [])).toEqual([]);
});

test('a line may be a key alone', () => {
  const lines = toSortedWords('ab\nabc\nb\n');
  expect(['ab', 'abc', 'b'].filter((key) => !lines.has(key))).toEqual([]);
  expect(['', 'a', 'bc', 'c'].filter((key) => lines.has(key))).toEqual([]);
});

test.each(['search/plain-words.en.txt', 'search/plain-words.es.txt', 'drugs/plain-words.txt'])(
  'every word of %s is found, for they are in order',
  (file) => {
    const text = readFileSync(new URL(`../../resources/${file}`, import.meta.url), 'utf8');
    const lines = toSortedWords(text);
    expect(text.endsWith('\n')).toBe(true);
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((word) => !lines.has(word)),
    ).toEqual([]);
  },
);

test('a table may be empty, or have empty values', () => {
  expect(findLine('', 'a')).toBeUndefined();
  expect(findLine('a,\n', 'a')).toBe('');
});
