import { expect, test } from '@jest/globals';
import { LayeredTerminology } from '../../src/catalogue/layered-terminology.js';
import type { ReleaseFile } from '../../src/catalogue/releases/release-file.js';

/** A release that describes codes of ICD-10-CM, each below another one. */
function createRelease(name: string, parents: Readonly<Record<string, string>>): ReleaseFile {
  const rows = Object.entries(parents).map(([code, parent]) => {
    return { code, title: `${code} of ${name}`, parent, billable: null, active: 1, names: '[]' };
  });
  const read = (statement: string, _system: string, code: string): unknown[] =>
    rows.filter((row) => (statement === 'children' ? row.parent : row.code) === code);
  const facts = { concepts: { 'icd-10-cm': rows.length }, crosswalks: [] };
  return { place: { name }, facts, read } as unknown as ReleaseFile;
}

const findTitles = (files: readonly ReleaseFile[], code: string): string[] =>
  new LayeredTerminology(files).findChildren({ system: 'icd-10-cm', code }).map(({ title }) => title);

test('the highest release that describes a code decides whose child it is', () => {
  const higher = createRelease('import', { 'A00.1': 'A00', 'A00.2': 'B00' });
  const lower = createRelease('starter', { 'A00.0': 'A00', 'A00.1': 'A00', 'A00.2': 'A00', 'A00.3': 'A00' });
  expect(findTitles([higher, lower], 'A00')).toEqual(['A00.0 of starter', 'A00.1 of import', 'A00.3 of starter']);
  expect(findTitles([higher, lower], 'B00')).toEqual(['A00.2 of import']);
  expect(findTitles([lower], 'A00')).toHaveLength(4);
  expect(findTitles([], 'A00')).toEqual([]);
});
