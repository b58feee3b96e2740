import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportPlace } from './import-place.js';
import { importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const SITE = {
  'articles/publisher.csv': 'id,name,url,licensed\nclinic,The Clinic,,false\n',
  'articles/publisher.en.csv': 'id,attribution\nclinic,Source: The Clinic\n',
  'articles/local.csv': 'id,publisher,age_groups\nlocal-inhaler,clinic,child\n',
  'articles/local.en.csv':
    'id,title,url,summary\nlocal-inhaler,Your inhaler,https://clinic.example/inhaler.pdf,How & why\n',
  'mappings/icd-10-cm.csv': 'code,article,relationship,rank\nJ45.2,local-inhaler,related,1\n',
  'mappings/crosswalks/ndc.rxnorm.csv': 'code,target\n00310-0751-39,861007\n',
  'code-systems/icd-10-cm.csv': 'code,title\nJ45.2,Mild intermittent asthma\n',
  'search/synonyms.csv': 'term,means,language\nblue puffer,inhaler,en\n',
  'README.md': 'Ours.',
};

describe('a folder like LOCAL_LIBRARY', () => {
  test('is imported whole: articles, texts, rows, crosswalks and concepts', async () => {
    const report = await place.importTexts('csv', SITE);
    expect(report).toMatchObject({ read: 7, rejected: 0 });
    expect(report.name).toMatch(/^csv-\d{4}-\d{2}-\d{2}$/);
    const kept = { publishers: 1, articles: 1, texts: 1, mappings: 1, crosswalks: 1, concepts: 1, synonyms: 1 };
    expect(report.imported).toMatchObject(kept);
    const [article] = await place.look((library) => library.findArticles(['local-inhaler']));
    expect(article).toMatchObject({
      publisher: { name: 'The Clinic', texts: { en: { attribution: 'Source: The Clinic' } } },
      ageGroups: ['child'],
      texts: { en: { title: 'Your inhaler', summary: { html: '<p>How &amp; why</p>' } } },
    });
    expect(await place.mappings('icd-10-cm', 'J45.20')).toMatchObject([
      { code: 'J45.2', article: 'local-inhaler', levels: 1, layer: 'imported', origin: 'curated' },
      { code: 'J45', layer: 'starter' },
      { code: 'J45', layer: 'starter' },
    ]);
    expect(await place.mappings('ndc', '00310075139')).toMatchObject([{ article: 'drug-a696005', crossings: 2 }]);
    expect(await place.concept('icd-10-cm', 'J45.2')).toMatchObject({ title: 'Mild intermittent asthma' });
  });

  test('may be a zip', async () => {
    const zip = await writeZip(join(place.folder, 'site.zip'), SITE);
    expect(await place.importFrom('csv', zip)).toMatchObject({ rejected: 0, imported: { texts: 1, mappings: 1 } });
  });
});

test('one mapping file is enough, also packed; its rows may lead to articles that are there already', async () => {
  const path = join(place.folder, 'snomed-ct.csv.gz');
  writeFileSync(path, gzipSync('code,article,relationship,rank\n44054006,topic-diabetestype2,equivalent,1\n'));
  expect(await place.importFrom('csv', path)).toMatchObject({ rejected: 0, imported: { mappings: 1 } });
  expect(await place.mappings('snomed-ct', '44054006')).toMatchObject([
    { article: 'topic-diabetestype2', layer: 'imported', crossings: 0 },
    { article: 'topic-diabetestype2', layer: 'starter', crossings: 1 },
  ]);
});

test('bad rows are left out by file, line and reason, as those of LOCAL_LIBRARY are', async () => {
  const report = await place.importTexts('csv', {
    'articles/local.en.csv':
      'id,title,url\nlocal-a,A,https://a.example/\ntopic-b,B,https://b.example/\nlocal-c,C,handouts/c.pdf\n',
    'mappings/icd-10-cm.csv': [
      'code,article,relationship,rank',
      'E11,local-a,equivalent,1',
      'E11,local-a,equivalent,2',
      'nonsense,local-a,equivalent,1',
      'E12,local-a,wider,1',
      'E13,local-nowhere,equivalent,1',
      'E14,local-a,equivalent,1',
      'E15,local-a,equivalent,1',
      'E16,local-a,equivalent,1',
      'E17,local-a,equivalent,1',
      'E18,local-a,equivalent,1',
      'E19,local-a,equivalent,1\n',
    ].join('\n'),
    'mappings/furniture.csv': 'code,article,relationship,rank\nX,local-a,equivalent,1\n',
    'handouts/c.pdf': '%PDF',
  });
  expect(report.imported).toMatchObject({ texts: 1, mappings: 7 });
  expect(report.complaints.map(({ file, line, reason }) => `${file}:${line} ${reason}`)).toEqual([
    expect.stringMatching(/handouts\/c\.pdf:0 not a CSV file/),
    expect.stringMatching(/local\.en\.csv:3 the id of a local article/),
    expect.stringMatching(/local\.en\.csv:4 there is no handout c\.pdf/),
    expect.stringMatching(/furniture\.csv:0 .*not a known code system/),
    expect.stringMatching(/icd-10-cm\.csv:3 E11 has this row already/),
    expect.stringMatching(/icd-10-cm\.csv:4 nonsense is not a possible code/),
    expect.stringMatching(/icd-10-cm\.csv:5 .*relationship/),
    expect.stringMatching(/icd-10-cm\.csv:6 E13: no article local-nowhere/),
  ]);
});

test('two files of one name and kind: the second is left out', async () => {
  const rows = 'code,article,relationship,rank\nE12,topic-diabetestype2,related,1\n';
  const report = await place.importTexts('csv', { 'a/mappings/icd-10.csv': rows, 'b/mappings/icd-10.csv': rows });
  expect(report.imported).toMatchObject({ mappings: 1 });
  expect(report.complaints).toMatchObject([{ file: expect.stringMatching(/b\/mappings/), line: 0 }]);
});

test('files that are none of a library’s, or that break off, are refused', async () => {
  await expect(place.importTexts('csv', { 'notes.txt': 'x' })).rejects.toThrow(/none of the files.*mappings\/\*\.csv/);
  await expect(place.importTexts('csv', { 'furniture.csv': 'code\nX\n' })).rejects.toThrow(
    /furniture\.csv.*not a known code system/,
  );
  const path = join(place.folder, 'icd-10.csv.gz');
  writeFileSync(
    path,
    gzipSync(`code,article,relationship,rank\n${'E12,topic-diabetestype2,related,1\n'.repeat(99)}`).subarray(0, 40),
  );
  await expect(place.importFrom('csv', path)).rejects.toThrow(/icd-10\.csv\.gz cannot be read to its end/);
});

test('a large file is read in portions: its rows are told by their lines, a code’s second row in any of them', async () => {
  const rows = Array.from({ length: 12_000 }, (_, at) => `${100_000 + at},topic-diabetestype2,related,1`);
  // A quoted cell goes on over lines, and over the end of a portion.
  rows[9_998] = '"109998",topic-diabetestype2,related,1';
  rows[9_999] = '109999,topic-diabetestype2,related,"\n\n1"';
  const late = ['nonsense,topic-diabetestype2,related,1', rows[5]];
  const text = ['code,article,relationship,rank', ...rows, ...late].join('\n');
  const report = await place.importTexts('csv', { 'mappings/rxnorm.csv': text });
  expect(report).toMatchObject({ read: 12_002, rejected: 2, imported: { mappings: 12_000 } });
  expect(report.complaints.map(({ file, line, reason }) => `${file}:${line} ${reason}`)).toEqual([
    expect.stringMatching(/^rxnorm\.csv:12004 nonsense is not a possible code/),
    'rxnorm.csv:12005 100005 has this row already',
  ]);
});

test('what unpacks to blank lines alone is refused, in place of being held', async () => {
  const path = join(place.folder, 'icd-10.csv.gz');
  writeFileSync(
    path,
    gzipSync(`code,article,relationship,rank\n${'\n'.repeat(200_000)}E12,topic-diabetestype2,related,1\n`),
  );
  await expect(place.importFrom('csv', path)).rejects.toThrow(/more than 100000 blank lines/);
});
