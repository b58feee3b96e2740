import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { CatalogueLine } from './tables.js';
import { CATALOGUE } from './tables.js';

/** docs/recalled-titles.md says of the catalogue what nobody has checked against a file; GOLDEN_UPDATE=1 writes it. */

const DOCUMENT = 'docs/recalled-titles.md';
/** Kinds whose Spanish titles are names of drugs and supplements: too many to list, and told by their English ones. */
const COUNTED_ONLY = ['drug', 'herb'];

const texts = CATALOGUE.filter(({ language }) => language !== undefined);
const recalled = texts.filter(({ cells }) => cells['origin'] === 'recalled');

const fileRow = (file: string): string => {
  const count = (rows: readonly CatalogueLine[], origin?: string): string =>
    rows
      .filter((row) => row.file === file && (origin === undefined || row.cells['origin'] === origin))
      .length.toLocaleString('en-US');
  return `| \`${file}\` | ${count(texts)} | ${count(texts, 'curated')} | ${count(texts, 'candidate-checked')} | ${count(texts, 'recalled')} |`;
};

const list = (file: string): string =>
  [
    `## ${file}`,
    '',
    ...recalled.filter((row) => row.file === file).map(({ id, cells }) => `- ${id}: ${cells['title'] ?? ''}`),
  ].join('\n');

function writeDocument(): string {
  const files = [...new Set(texts.map(({ file }) => file))].sort();
  const listed = files.filter(
    (file) => !COUNTED_ONLY.some((kind) => file.startsWith(`${kind}.`)) && recalled.some((row) => row.file === file),
  );
  return `${[
    '# Titles from memory',
    '',
    'Every title and address in `resources/articles` has an origin. `curated` ones stand in an index of their publisher,',
    'or are the heading of the page. `candidate-checked` ones were found in the index by a program and judged by a person:',
    'the Spanish index of the encyclopedia has titles and no numbers. `recalled` ones were checked against nothing;',
    '`education-connect check-links` visits their addresses. `grep ",recalled$" resources/articles/*.csv` lists them all; below',
    'are those that are not names of drugs or supplements.',
    '',
    '| file | titles | curated | candidate-checked | recalled |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...files.map(fileRow),
    '',
    listed.map(list).join('\n\n'),
  ].join('\n')}\n`;
}

test('the list of recalled titles is that of the catalogue', () => {
  const written = writeDocument();
  if (process.env['GOLDEN_UPDATE']) writeFileSync(DOCUMENT, written);
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(written);
});
