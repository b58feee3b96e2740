import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { coverage } from '../../src/cli/coverage.js';
import type { CoverageOptions } from '../../src/cli/reports/write-coverage.js';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { runHere } from './run-cli.js';
import { keptStreams, seededConfig } from './seeded-config.js';

interface JsonReport {
  readonly release: string;
  readonly codes: number;
  readonly answered: number;
  readonly leftOut: { line: number; reason: string }[];
  readonly coverage: { system: string; language: string; kind: string; codes: number; count: number }[];
  readonly gaps: { system: string; code: string; count: number; reason: string; hint?: string; title?: string }[];
  readonly languageGaps: Record<'en' | 'es', { code: string; count: number }[]>;
  readonly sensitive: { code: string; count: number; marks: string[] }[];
}

const LIST = `system,code,count,display
ICD-10-CM,n5314,12,
2.16.840.1.113883.6.90,E11.9,400,
http://hl7.org/fhir/sid/icd-10-cm,E11.9,100,
snomed,44054006,30,
rxnorm,123,9,Metformin 500 MG Oral Tablet
rxnorm,,2,Nosuchdrugium
icd10,Z53.20,3,
icd10,J45.909,40,
icd10,W19.XXXA,7,
icd10,Q99.9,77,
CPT,99213,60,
`;

const folder = temporaryFolder();
let config: Config;
beforeAll(async () => {
  config = seededConfig(folder.path);
  await buildLibraryFile({ ...config, readOnly: false });
});
afterAll(() => {
  folder.remove();
});

async function measured(list: string, options: Partial<CoverageOptions> = {}) {
  const path = join(folder.path, 'codes.csv');
  writeFileSync(path, list);
  const { streams, written } = keptStreams();
  const exit = await coverage(config, path, { format: 'text', top: 20, ...options }, streams);
  return { exit, path, ...written() };
}

async function measuredJson(list: string, options: Partial<CoverageOptions> = {}) {
  const { stdout, ...rest } = await measured(list, { ...options, format: 'json' });
  return { ...rest, report: JSON.parse(stdout) as JsonReport };
}

/** `kind codes/count` of a system's readers. */
function kindsOf({ coverage: rows }: JsonReport, system: string, language = 'en'): string[] {
  return rows
    .filter((row) => row.system === system && row.language === language)
    .map(({ kind, codes, count }) => `${kind} ${codes}/${count}`)
    .sort();
}

describe('how codes are answered', () => {
  test('is told by code system, each code once however it was written, weighted by its count', async () => {
    const { exit, stderr, report } = await measuredJson(LIST);
    expect({ exit, stderr, leftOut: report.leftOut }).toEqual({ exit: 0, stderr: '', leftOut: [] });
    expect(kindsOf(report, 'icd-10-cm')).toEqual([
      'ancestor 3/547',
      'code-not-mapped 1/77',
      'no-page-on-purpose 1/3',
      'own 1/12',
    ]);
    expect(kindsOf(report, 'snomed-ct')).toEqual(['crosswalk 1/30']);
    expect(kindsOf(report, 'rxnorm')).toEqual(['drug-name-not-known 1/2', 'name 1/9']);
    expect(kindsOf(report, 'cpt')).toEqual(['system-not-shipped 1/60']);
    expect(kindsOf(report, 'all', 'es')).toHaveLength(8);
    expect({ codes: report.codes, answered: report.answered }).toEqual({ codes: 10, answered: 6 });
    expect(report.release).toMatch(/^starter-/);
  });

  test('is told by language: who gets a page, and who gets one in another language only', async () => {
    const { report } = await measuredJson(LIST);
    expect(report.languageGaps.en).toEqual([]);
    expect(report.languageGaps.es.map(({ code, count }) => `${code} ${count}`)).toEqual([
      'E11.9 500',
      '44054006 30',
      '123 9',
      'W19.XXXA 7',
    ]);
  });

  test('the biggest gaps come first, those on purpose left out', async () => {
    const { report } = await measuredJson(LIST);
    expect(report.gaps.map(({ code, count, reason }) => `${code} ${count} ${reason}`)).toEqual([
      'Q99.9 77 code-not-mapped',
      '99213 60 system-not-shipped',
      ' 2 drug-name-not-known',
    ]);
    expect(report.gaps.map(({ title }) => title)).toEqual([undefined, undefined, 'Nosuchdrugium']);
    expect((await measuredJson(LIST, { top: 1 })).report.gaps).toHaveLength(1);
  });

  test('codes that lead to sensitive pages are listed', async () => {
    const { report } = await measuredJson(LIST);
    expect(report.sensitive).toEqual([
      { system: 'icd-10-cm', code: 'N53.14', count: 12, marks: ['SEX'], title: 'Retrograde ejaculation' },
    ]);
  });

  test('a list without counts counts each code once', async () => {
    const { report } = await measuredJson('code,system\nN53.14,icd-10-cm\nN53.14,icd-10-cm\nA00,icd-10-cm\n');
    expect(kindsOf(report, 'icd-10-cm')).toEqual(['code-not-mapped 1/1', 'own 1/2']);
  });
});

describe('the report', () => {
  test('is a table for each code system and lists of gaps as text', async () => {
    const { stdout } = await measured(LIST);
    expect(stdout).toMatch(/^Library: starter-/);
    expect(stdout).toMatch(/^ICD-10-CM +6 +100\.0 % +639 +100\.0 %$/m);
    expect(stdout).toMatch(/^ {2}by a broader code +3 +50\.0 % +547 +85\.6 %$/m);
    expect(stdout).toMatch(/^ {2}without a page on purpose +1 /m);
    expect(stdout).toMatch(/^ {2}readers of Spanish +6 +100\.0 % +639 +100\.0 %$/m);
    expect(stdout).toMatch(/^ {4}get a page in Spanish +2 +33\.3 % +52 +8\.1 %$/m);
    expect(stdout).toMatch(/^ {4}get one in another language +2 +33\.3 % +507 +79\.3 %$/m);
    expect(stdout).toMatch(/^Codes without an article, the most requested first\n {7}77 {2}ICD-10-CM Q99\.9: \S/m);
    expect(stdout).toMatch(
      /^Codes that lead to sensitive pages, the most requested first\n {7}12 {2}ICD-10-CM N53\.14 \(Retrograde ejaculation\): SEX$/m,
    );
    expect(stdout).not.toMatch(/undefined|misses\./);
  });

  test('is a line for each code as CSV, with its title where the library knows it', async () => {
    const list = 'system,code,count\nicd10,J45.909,4\nicd10,Z53.20,9\nicd10,E11.3,5\n';
    const { stdout } = await measured(list, { format: 'csv' });
    expect(stdout).toBe(
      [
        'system,code,title,count,asked_en,asked_es,result,hint,page_en,page_es,articles,sensitivity',
        'icd-10-cm,Z53.20,,9,9,9,no-page-on-purpose,,no,no,,',
        'icd-10-cm,E11.3,,5,5,5,own,,yes,no,topic-diabeticeyeproblems|topic-diabetestype2,',
        'icd-10-cm,J45.909,"Unspecified asthma, uncomplicated",4,4,4,ancestor,,yes,yes,topic-asthma,',
        '',
      ].join('\n'),
    );
  });
});

describe('a row that is none is left out and named by its line; exit code 2', () => {
  test.each([
    ['an unknown code system', 'icd11,XX,3', /unknown code system icd11/],
    ['no code system', ',A00,3', /no code system/],
    ['an impossible code', 'icd10,12,3', /12 is not a possible code of ICD-10-CM/],
    ['a code of another system', 'icd9,E11.9,3', /not a possible code of ICD-9-CM; it looks like a code of ICD-10-CM/],
    ['no code', 'icd10,,3', /no code/],
    ['a count of zero', 'icd10,A00,0', /0 is not a count/],
    ['a count in words', 'icd10,A00,many', /many is not a count/],
    ['a count with a fraction', 'icd10,A00,1.5', /1\.5 is not a count/],
    ['too many cells', 'icd10,A00,1,x,y,z', /more cells than columns/],
    ['a quote that is not closed', 'icd10,"A00,1', /quote/],
  ])('%s', async (_what, row, reason) => {
    const list = `system,code,count,display\nicd10,N53.14,1,\n${row}\nicd10,A00,1,\n`;
    const { exit, stderr, report, path } = await measuredJson(list);
    expect(exit).toBe(2);
    expect(stderr).toMatch(new RegExp(`^${path}:3: `));
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/rows left out: 1\n$/);
    expect(report.leftOut).toEqual([expect.objectContaining({ line: 3 })]);
    expect(report.codes).toBe(2);
  });
});

describe('a list that cannot be read ends with one line and exit code 1', () => {
  test('where the columns are not named', async () => {
    const { exit, stdout, stderr } = await measured('N53.14,12\n');
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(/^coverage: \S+codes\.csv: its first line must name the columns [^\n]+\n$/);
  });

  test('where there is none', async () => {
    const { streams, written } = keptStreams();
    expect(await coverage(config, join(folder.path, 'none.csv'), { format: 'text', top: 1 }, streams)).toBe(1);
    expect(written().stderr).toMatch(/^coverage: \S+none\.csv cannot be read: [^\n]+\n$/);
  });
});

test('the command line refuses an unknown format and a number that is none', async () => {
  const env = { LIBRARY_PATH: config.libraryPath };
  const [format, top] = await Promise.all([
    runHere(['coverage', 'x.csv', '--format', 'xml'], env),
    runHere(['coverage', 'x.csv', '--top', '0'], env),
  ]);
  expect([format.code, top.code]).toEqual([2, 2]);
  expect(format.stderr).toMatch(/text, csv, json/);
  expect(top.stderr).toMatch(/whole number of 1 or more/);
});
