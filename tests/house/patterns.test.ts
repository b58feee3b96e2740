import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

/** The check of patterns over one source. */
function check(name: string, source: string): { readonly status: number | null; readonly stderr: string } {
  const path = join(folder.path, name);
  mkdirSync(path);
  writeFileSync(join(path, 'source.ts'), source);
  return spawnSync(process.execPath, ['tools/patterns/check.mjs', path], { encoding: 'utf8' });
}

test('a pattern that is tried anew at each blank fails the check, with its place', () => {
  const { status, stderr } = check('slow', 'const one = 1;\nexport const END = /\\s+x$/;\n');
  expect(stderr).toContain('source.ts:2: 2nd degree polynomial: /\\s+x$/');
  expect(status).toBe(1);
});

test('so does one that reads the same in many ways', () => {
  const { status, stderr } = check('slower', 'export const WORDS = /^(?:[a-z]+ ?)+$/;\n');
  expect([status, stderr]).toEqual([1, expect.stringContaining('exponential')]);
});

test('linear ones and bounded ones pass', () => {
  const { status, stderr } = check('fast', 'export const ALL = [/^[a-z]+$/, /a{0,9}b?$/, /\\d+/g];\n');
  expect([status, stderr]).toEqual([0, '']);
});
