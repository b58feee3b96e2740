import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

const SOURCES = {
  'anew.ts': 'const one = 1;\nexport const END = /\\s+x$/;\n',
  'many-ways.ts': 'export const WORDS = /^(?:[a-z]+ ?)+$/;\n',
  'linear.ts': 'export const ALL = [/^[a-z]+$/, /a{0,9}b?$/, /\\d+/g];\n',
};

test('a pattern that is worse than linear fails the check, with its place; others do not', () => {
  for (const [name, source] of Object.entries(SOURCES)) writeFileSync(join(folder.path, name), source);
  const { status, stderr } = spawnSync(process.execPath, ['tools/patterns/check.mjs', folder.path], {
    encoding: 'utf8',
  });
  const complaints = stderr.replaceAll(`${folder.path}/`, '').trim().split('\n').sort();
  expect(complaints).toEqual([
    'anew.ts:2: 2nd degree polynomial: /\\s+x$/',
    'many-ways.ts:1: exponential: /^(?:[a-z]+ ?)+$/',
  ]);
  expect(status).toBe(1);
});
