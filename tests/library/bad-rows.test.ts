import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OpenOptions } from '../../src/library/open.js';
import { openLibrary } from '../../src/library/open.js';
import type { Complaint } from '../../src/build/source.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces, writeFiles } from './places.js';

const MAPPING = 'code,article,relationship,rank,sensitivity,origin,note\n';
const GOOD_BEFORE = 'W20,topic-falls,related,1,,,\n';
const GOOD_AFTER = 'W21,topic-falls,related,1,,,\n';

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
beforeEach(() => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
});
afterEach(() => {
  folder.remove();
});

/** Lays a site's folder over the seed; what was complained of, and the articles of the good rows around the bad one. */
async function lay(files: Record<string, string>): Promise<{ complaints: readonly Complaint[]; good: string[] }> {
  const localLibrary = writeFiles(join(folder.path, 'local'), files);
  const { library, reports } = await openLibrary({ ...places, localLibrary });
  const found = ['W20', 'W21'].map((code) => library.findArticleIds({ system: 'icd-10-cm', code }));
  await library.close();
  return { complaints: reports.flatMap((report) => report.complaints), good: found.flat() };
}

describe('a bad mapping row is named by file and line, left out, and the rows around it stand', () => {
  test.each([
    ['no article', 'N53.1,,equivalent,1,,,'],
    ['an article of no kind', 'N53.1,page-falls,equivalent,1,,,'],
    ['an article that nobody describes', 'N53.1,topic-nowhere,equivalent,1,,,'],
    ['no relationship', 'N53.1,topic-falls,,1,,,'],
    ['an unknown relationship', 'N53.1,topic-falls,wider,1,,,'],
    ['no rank', 'N53.1,topic-falls,equivalent,,,,'],
    ['rank 0', 'N53.1,topic-falls,equivalent,0,,,'],
    ['rank 7', 'N53.1,topic-falls,equivalent,7,,,'],
    ['a rank that is no number', 'N53.1,topic-falls,equivalent,first,,,'],
    ['an unknown sensitivity', 'N53.1,topic-falls,equivalent,1,SECRET,,'],
    ['an unknown origin', 'N53.1,topic-falls,equivalent,1,,guessed,'],
    ['an impossible code', 'N5X.1,topic-falls,equivalent,1,,,'],
    ['no code', ',topic-falls,equivalent,1,,,'],
    ['the same row again', 'w20 ,topic-falls,broader,2,,,'],
    ['none without a reason', 'N53.1,,none,,,,'],
    ['none with an article', 'N53.1,topic-falls,none,1,,,a reason'],
    ['none with a rank', 'N53.1,,none,1,,,a reason'],
    ['more cells than columns, a comma in its note', 'N53.1,,none,,,curated,refused, by the patient'],
    ['a quote where none belongs', 'N53.1,topic-falls,equivalent,1,,,the "dry" kind'],
  ])('%s', async (_what, row) => {
    const { complaints, good } = await lay({
      'mappings/icd-10-cm.csv': `${MAPPING}${GOOD_BEFORE}${row}\n${GOOD_AFTER}`,
    });
    expect(complaints).toEqual([{ file: 'icd-10-cm.csv', line: 3, reason: expect.stringMatching(/\w{3}/) }]);
    expect(good).toEqual(['topic-falls', 'topic-falls']);
  });

  test.each([
    [
      'a byte order mark and Windows line ends',
      `\ufeff${MAPPING}${GOOD_BEFORE}bad\n${GOOD_AFTER}`.replaceAll('\n', '\r\n'),
    ],
    ['blanks around cells', `${MAPPING} W20 , topic-falls , related , 1 ,,,\nbad\n${GOOD_AFTER}`],
    ['no line end at its end', `${MAPPING}${GOOD_BEFORE}bad\n${GOOD_AFTER.trimEnd()}`],
  ])('%s are read as they are meant', async (_what, text) => {
    const { complaints, good } = await lay({ 'mappings/icd-10-cm.csv': text });
    expect(complaints.map(({ line }) => line)).toEqual([3]);
    expect(good).toEqual(['topic-falls', 'topic-falls']);
  });

  test('a quote that is never closed costs its own row and none behind it', async () => {
    const rows = `${GOOD_BEFORE}"N53.1,topic-falls,equivalent,1,,,\n\nJ45,topic-falls,related,1,,,"a, b"\n${GOOD_AFTER}`;
    const { complaints, good } = await lay({ 'mappings/icd-10-cm.csv': `${MAPPING}${rows}` });
    expect(complaints.map(({ line }) => line)).toEqual([3]);
    expect(good).toEqual(['topic-falls', 'topic-falls']);
  });

  test('a row of several lines is one row, named by its first', async () => {
    const rows = `J45,topic-falls,wider,1,,,"two\nlines"\n${GOOD_BEFORE}bad\n${GOOD_AFTER}`;
    const { complaints } = await lay({ 'mappings/icd-10-cm.csv': `${MAPPING}${rows}` });
    expect(complaints.map(({ line }) => line)).toEqual([2, 5]);
  });

  test('empty lines are counted and not complained of', async () => {
    const { complaints } = await lay({ 'mappings/icd-10-cm.csv': `${MAPPING}\n\n${GOOD_BEFORE}\nbad\n` });
    expect(complaints.map(({ line }) => line)).toEqual([6]);
  });
});

describe('a bad catalogue row is named by file and line and left out', () => {
  const head = 'id,publisher,sex,age_groups,sensitivity,reviewed_on\n';
  const texts = 'id,title,url,also_called,origin\nlocal-a,A,https://clinic.example/a,,\n';
  test.each([
    ['an unknown sex', 'local.csv', `${head}local-b,,men,,,\n`],
    ['an unknown age group', 'local.csv', `${head}local-b,,,toddler,,\n`],
    ['a day that is none', 'local.csv', `${head}local-b,,,,,2024-02-30\n`],
    ["another kind's id", 'local.csv', `${head}topic-b,,,,,\n`],
    ['an id that an address could not hold', 'local.csv', `${head}local-b c,,,,,\n`],
    ['a column that is none', 'local.csv', 'id,colour\nlocal-b,red\n'],
    ['no title', 'local.en.csv', `${texts.split('\n')[0] ?? ''}\nlocal-b,,https://clinic.example/b,,\n`],
    ['a script for an address', 'local.en.csv', `${texts.split('\n')[0] ?? ''}\nlocal-b,B,javascript:alert(1),,\n`],
    ['a way out of the folder', 'local.en.csv', `${texts.split('\n')[0] ?? ''}\nlocal-b,B,handouts/../secret.pdf,,\n`],
    ['a publisher without a name', 'publisher.csv', 'id,name,url,licensed\nclinic,,,false\n'],
    ['a publisher whose id is too long', 'publisher.csv', `id,name,url,licensed\n${'c'.repeat(121)},C,,false\n`],
  ])('%s', async (_what, file, text) => {
    const { complaints } = await lay({ 'articles/local.es.csv': texts, [`articles/${file}`]: text });
    expect(complaints).toEqual([{ file, line: 2, reason: expect.stringMatching(/\w{3}/) }]);
  });

  test.each([
    [
      'publisher.csv',
      'id,name,url,licensed\nclinic,One,https://one.example/,false\nclinic,Two,https://two.example/,false\n',
    ],
    ['local.csv', 'id,publisher\nlocal-a,nlm\nlocal-a,adam\n'],
    ['local.en.csv', 'id,title,url\nlocal-a,One,https://clinic.example/1\nlocal-a,Two,https://clinic.example/2\n'],
  ])('%s: an id that is there twice', async (file, text) => {
    const { complaints } = await lay({ [`articles/${file}`]: text });
    expect(complaints).toEqual([{ file, line: 3, reason: expect.stringMatching(/\w{3}/) }]);
  });
});

describe('a file that cannot be used is named and the others stand', () => {
  const good = `${MAPPING}${GOOD_BEFORE}${GOOD_AFTER}`;
  test.each([
    ['a code system we do not know', 'mappings/icd10.csv', good],
    ['a kind we do not know', 'articles/pages.csv', 'id\nlocal-a\n'],
    ['a language we do not know', 'articles/local.fr.csv', 'id,title,url\nlocal-a,A,https://clinic.example/a\n'],
    ['a crosswalk from nowhere', 'mappings/crosswalks/read2.icd-10-cm.csv', 'code,target\nA,B\n'],
    ['a quote that never ends', 'mappings/loinc.csv', `${MAPPING}"2160-0,topic-falls,related,1,,,\n`],
  ])('%s', async (_what, name, text) => {
    const laid = await lay({ 'mappings/icd-10-cm.csv': good, [name]: text });
    expect(laid.complaints.map(({ file }) => file)).toEqual([name.split('/').at(-1)]);
    expect(laid.good).toEqual(['topic-falls', 'topic-falls']);
  });

  test("a drug's name that is too long is named by its line, and not repeated", async () => {
    const long = 'x'.repeat(501);
    const { complaints } = await lay({
      'mappings/drug-name.csv': `${MAPPING}aspirin,topic-falls,related,1,,,\n${long},topic-falls,related,1,,,\n`,
      'mappings/crosswalks/rxnorm.drug-name.csv': `code,target\n1191,aspirin\n1191,${long}\n`,
    });
    const reason = expect.stringMatching(/^\/(code|target) must NOT have more than 500 characters$/);
    expect(complaints).toEqual([
      { file: 'drug-name.csv', line: 3, reason },
      { file: 'rxnorm.drug-name.csv', line: 3, reason },
    ]);
  });

  test('an impossible code in a crosswalk is named by its line', async () => {
    const { complaints } = await lay({
      'mappings/crosswalks/snomed-ct.icd-10-cm.csv': 'code,target\n44054006,E11.9\n44054007,E11.9\n44054006,E1\n',
    });
    expect(complaints.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'snomed-ct.icd-10-cm.csv:3',
      'snomed-ct.icd-10-cm.csv:4',
    ]);
  });
});

test("a bad row of the project's own files is left out in the same way", async () => {
  appendFileSync(join(places.mappingsDir, 'icd-10-cm.csv'), 'W20,topic-falls,wider,1,,,\n');
  const lines = readFileSync(join(places.mappingsDir, 'icd-10-cm.csv'), 'utf8').trimEnd().split('\n').length;
  const { library, reports } = await openLibrary(places);
  expect(reports.flatMap(({ complaints }) => complaints)).toEqual([
    { file: 'icd-10-cm.csv', line: lines, reason: expect.stringContaining('/relationship') },
  ]);
  expect(library.findArticleIds({ system: 'icd-10-cm', code: 'W19' })).toEqual(['topic-falls']);
  await library.close();
});

test('a catalogue without any readable file still opens', async () => {
  writeFileSync(join(places.resourcesDir, 'articles/topic.en.csv'), '"');
  const { library, reports } = await openLibrary(places);
  expect(reports.flatMap(({ complaints }) => complaints)[0]).toMatchObject({ file: 'topic.en.csv' });
  expect(await library.ready()).toBe(true);
  await library.close();
});
