import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const FOLDER = 'docs/decisions';
const files = readdirSync(FOLDER).sort();
const numbers = files.map((name) => Number(name.slice(0, 3)));

test.each(files)('%s has its number in the title, and its status below', (name) => {
  const [title = '', blank, status = ''] = readFileSync(`${FOLDER}/${name}`, 'utf8').split('\n');
  expect(name).toMatch(/^\d{3}-[a-z0-9-]+\.md$/);
  expect(Number(/^# (\d+)[.:] \S/.exec(title)?.[1])).toBe(Number(name.slice(0, 3)));
  expect(blank).toBe('');
  expect(status).toMatch(/^Status: (?:in force|superseded by \d{3})\b/);
  const named = [...status.matchAll(/\b\d{3}\b/g)].map(([number]) => Number(number));
  expect(named.filter((number) => !numbers.includes(number))).toEqual([]);
});

test('no number of a decision is used twice: one whose subject is gone is deleted', () => {
  expect(new Set(numbers).size).toBe(numbers.length);
});
