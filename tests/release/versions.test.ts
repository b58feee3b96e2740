import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';

const { findVersionFaults, findChangelogFaults, readVersion } = (await import(
  pathToFileURL(resolve('tools/release/versions.mjs')).href
)) as {
  readonly findVersionFaults: () => string[];
  readonly findChangelogFaults: (text: string, version: string) => string[];
  readonly readVersion: () => string;
};

test('every file names the version of package.json', () => {
  expect(findVersionFaults()).toEqual([]);
});

test('the CHANGELOG has short, dated notes of this version, below what is not released', () => {
  expect(findChangelogFaults(readFileSync('CHANGELOG.md', 'utf8'), readVersion())).toEqual([]);
});

test.each([
  ['no notes of the version', '## Unreleased\n\n## 1.0.0 - 2026-01-01\n', 'has no notes of 1.1.0'],
  ['no head for later changes', '## 1.1.0 - 2026-01-01\n', 'does not begin with "## Unreleased"'],
  ['a version without a date', '## Unreleased\n\n## 1.1.0\n', '"1.1.0" is no version with its date'],
  ['too many lines', `## Unreleased\n\n## 1.1.0 - 2026-01-01\n\n${'- One.\n'.repeat(41)}`, '1.1.0 has 41 lines'],
  [
    'a line that nobody reads',
    `## Unreleased\n\n## 1.1.0 - 2026-01-01\n\n- ${'x'.repeat(160)}\n`,
    'a line of 162 characters',
  ],
  ['a section of its own', '## Unreleased\n\n## 1.1.0 - 2026-01-01\n\n### News\n', 'has a section News'],
])('a CHANGELOG with %s is no release', (_name, text, fault) => {
  expect(findChangelogFaults(text, '1.1.0').join('\n')).toContain(fault);
});
