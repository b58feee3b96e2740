import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from '@jest/globals';

const FOLDER = 'docs/decisions';
const files = readdirSync(FOLDER).sort();
const numbers = files.map((name) => name.slice(0, 3));
const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
const names = new Set(tracked.map((path) => basename(path)));

test.each(files)('%s has its number in the title, a status, its parts, and names files that exist', (name) => {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  const [title = '', blank, status = ''] = text.split('\n');
  expect(name).toMatch(/^\d{3}-[a-z0-9-]+\.md$/);
  expect(/^# (\d+)[.:] \S/.exec(title)?.[1]).toBe(name.slice(0, 3));
  expect(blank).toBe('');
  expect(status).toMatch(/^Status: in force\b/);
  expect(text).toMatch(/^\*\*Context\b/m);
  expect(text).toMatch(/^\*\*Choice\b/m);
  const paths = [...text.matchAll(/`([\w/.-]+\.(?:tsx?|mjs|csv|yaml|sql|md))`/g)].map(([, path = '']) => path);
  const isThere = (path: string): boolean =>
    path.includes('/') ? existsSync(path) || existsSync(`src/${path}`) : names.has(path);
  expect(paths.filter((path) => !isThere(path))).toEqual([]);
});

test('no number of a decision is used twice', () => {
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('a decision that any file refers to is in force', () => {
  const ofText = /\.(?:tsx?|md|mjs|json|ya?ml|sql|csv)$/;
  const dangling = tracked
    .filter((path) => ofText.test(path))
    .flatMap((path) => {
      if (!existsSync(path)) return [];
      const references = readFileSync(path, 'utf8').matchAll(/\bdecisions? (\d{3}(?:(?:, | and )\d{3})*)/gi);
      const found = [...references].flatMap(([, list = '']) => list.split(/, | and /));
      return found.filter((number) => !numbers.includes(number)).map((number) => `${path}: ${number}`);
    });
  expect(dangling).toEqual([]);
});
