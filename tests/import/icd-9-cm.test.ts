import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportPlace } from './import-place.js';
import { DATA, describeWithData } from '../support/shared-data.js';
import { crosswalksOf, importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const TITLES_NAME = 'CMS32_DESC_LONG_DX.txt';
const TITLES = [
  '0010  Cholera due to vibrio cholerae',
  '25000 Diabetes mellitus without mention of complication, type II or unspecified type, not stated as uncontrolled',
  "38600 M\u00e9ni\u00e8re's disease, unspecified",
  'E8889 Unspecified fall',
  'V9199 Other specified multiple gestation',
  '',
].join('\r\n');
/** Source, target; approximate, no map, combination, scenario, choice list. */
const FROM_ICD_9 = [
  '0010  A000    00000',
  '0730  A70     10111',
  '36570 NoDx    11000',
  'V9199 O30899  10000',
  '',
].join('\r\n');
const FROM_ICD_10 = ['A000    0010  00000', 'E119    25000 10000', 'Z9989   V468  10000', ''].join('\r\n');
const GEMS = { '2018_I9gem.txt': FROM_ICD_9, '2018_I10gem.txt': FROM_ICD_10 };

describe('the titles of ICD-9-CM', () => {
  test('get their dots; letters beyond ASCII are as CMS writes them', async () => {
    writeFileSync(join(place.folder, TITLES_NAME), Buffer.from(TITLES, 'latin1'));
    const report = await place.importFrom('icd-9-cm', join(place.folder, TITLES_NAME));
    expect(report).toMatchObject({ name: 'icd-9-cm-32', read: 5, rejected: 0, imported: { concepts: 5 } });
    expect(await place.concept('icd-9-cm', '386.00')).toMatchObject({
      title: "M\u00e9ni\u00e8re's disease, unspecified",
      parent: undefined,
      billable: true,
    });
    expect(await place.concept('icd-9-cm', 'E888.9')).toMatchObject({ title: 'Unspecified fall' });
  });

  test('a bad row is rejected with its line and the rest is taken', async () => {
    const lines = TITLES.split('\r\n');
    lines[0] = '0010';
    lines[2] = '25000 Diabetes again';
    const report = await place.importTexts('icd-9-cm', { [TITLES_NAME]: lines.join('\r\n') });
    expect(report.complaints).toEqual([
      { file: `files-1/${TITLES_NAME}`, line: 1, reason: 'not an ICD-9-CM code with its title' },
      { file: `files-1/${TITLES_NAME}`, line: 3, reason: '250.00 is a duplicate' },
    ]);
    expect(await place.concept('icd-9-cm', 'V91.99')).toBeDefined();
  });

  test.each([
    ['stop in mid-line', { [TITLES_NAME]: TITLES.slice(0, -5) }, 'stops in line 5'],
    [
      'stop before the last codes',
      { [TITLES_NAME]: TITLES.slice(0, TITLES.indexOf('E8889')) },
      'ends with 386.00: truncated',
    ],
    ['are not there', { 'titles.txt': TITLES }, 'none of the files is the titles of ICD-9-CM or a General Equivalence'],
    [
      'come with half a mapping',
      { [TITLES_NAME]: TITLES, '2018_I9gem.txt': '0010  A000    00000\n' },
      'ends with 001.0: truncated',
    ],
  ])('that %s are refused and change nothing', async (_what, files, reason) => {
    await expect(place.importTexts('icd-9-cm', files)).rejects.toThrow(reason);
    expect(await place.look((library) => library.findReleases(9))).toHaveLength(1);
  });
});

describe('the General Equivalence Mappings', () => {
  test('lead from one system to the other, and to its articles', async () => {
    const zip = await writeZip(join(place.folder, '2018-gems.zip'), { ...GEMS, 'Dxgem_guide_2018.pdf': '%PDF' });
    expect(await place.importFrom('icd-9-cm', zip)).toMatchObject({
      name: 'icd-9-cm-2018',
      rejected: 0,
      // A code that has no target leads nowhere.
      imported: { crosswalks: 6 },
    });
    const rows = await place.mappings('icd-10-cm', 'E11.9');
    expect(rows.filter(({ crossings }) => crossings === 1)).toMatchObject([
      { system: 'icd-9-cm', code: '250', article: 'topic-diabetestype2' },
    ]);
  });

  test('say equivalent only of what is exact and no part of a combination', async () => {
    expect(await crosswalksOf('icd-9-cm', GEMS)).toEqual([
      '001.0 → A00.0 equivalent',
      '073.0 → A70 related',
      'V91.99 → O30.899 related',
      'A00.0 → 001.0 equivalent',
      'E11.9 → 250.00 related',
      'Z99.89 → V46.8 related',
    ]);
  });

  test('an ICD-9-CM code finds the article of the ICD-10-CM code that it became', async () => {
    const gem = FROM_ICD_9.replace('0010  A000 ', '49390 J45909');
    await place.importTexts('icd-9-cm', { '2018_I9gem.txt': gem });
    const [row] = await place.mappings('icd-9-cm', '493.90');
    expect(row).toMatchObject({ crossings: 1, article: 'topic-asthma' });
    expect(row?.path.map(({ kind, code }) => `${kind} ${code}`)).toContain('crosswalk J45.909');
  });

  test('a bad row is rejected with its line and the rest is taken', async () => {
    const gem = FROM_ICD_9.replace('0730  A70     10111', '0730  A70');
    const report = await place.importTexts('icd-9-cm', { '2018_I9gem.txt': gem });
    expect(report.complaints).toEqual([
      { file: 'files-1/2018_I9gem.txt', line: 2, reason: 'not a row of a General Equivalence Mapping' },
    ]);
    expect(report.imported.crosswalks).toBe(2);
  });

  test('count among what a release changes', async () => {
    const first = await place.importTexts('icd-9-cm', { '2018_I9gem.txt': FROM_ICD_9 });
    expect(first.content?.changes.crosswalks).toMatchObject({ added: 3, changed: 0, withdrawn: 0 });
    const gem = FROM_ICD_9.replace('0010  A000 ', '49390 J45909').replace('0730  A70 ', '0730  A709');
    const second = await place.importTexts('icd-9-cm', { '2018_I9gem.txt': gem });
    expect(second.content?.changes.crosswalks).toEqual({
      added: 1,
      changed: 1,
      withdrawn: 1,
      examples: ['added icd-9-cm 493.90', 'changed icd-9-cm 073.0', 'withdrawn icd-9-cm 001.0'],
    });
  });
});

describeWithData('icd9cm', 'titles and mappings as NBER offers them', () => {
  test('are taken whole', async () => {
    const report = await place.importFrom('icd-9-cm', `${DATA}/icd9cm`);
    expect(report).toMatchObject({
      name: 'icd-9-cm-2015',
      rejected: 0,
      imported: { concepts: 14_567, crosswalks: 101_656 },
    });
    expect(await place.concept('icd-9-cm', '041.3')).toMatchObject({ title: expect.stringContaining('Friedländer') });
    const rows = await place.mappings('icd-9-cm', '493.90');
    expect(rows).toContainEqual(expect.objectContaining({ article: 'topic-asthma' }));
  });
});
