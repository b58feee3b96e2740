import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importRelease, type ImportCommandOptions } from '../../src/cli/import.js';
import { diffReleases } from '../../src/cli/releases-diff.js';
import type { Config } from '../../src/config/config.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { describeWithData, read } from '../support/shared-data.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { keptStreams } from './seeded-config.js';

/** New and withdrawn codes of a release: an import and `releases diff` name them for a person to judge. */

let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
beforeEach(async () => {
  folder = temporaryFolder();
  config = testConfig(folder.path);
  await putShippedLibrary(config);
});
afterEach(() => {
  folder.remove();
});

type Line = readonly [code: string, billable: 0 | 1, title: string];

/** Writes an order file in CMS's form. @returns its path */
function writeOrder(year: number, lines: readonly Line[]): string {
  const sorted = [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = sorted.map(([code, billable, title], index) => {
    const order = String(index + 1).padStart(5, '0');
    return `${order} ${code.padEnd(7)} ${billable} ${title.slice(0, 60).padEnd(60)} ${title}\r\n`;
  });
  const path = join(folder.path, `icd10cm-order-${year}.txt`);
  writeFileSync(path, text.join(''));
  return path;
}

async function imported(path: string, options: ImportCommandOptions = {}) {
  const { streams, written } = keptStreams();
  const exit = await importRelease(config, 'icd-10-cm', path, options, streams);
  return { exit, ...written() };
}

const THIS_YEAR: readonly Line[] = [
  ['J45', 0, 'Asthma'],
  ['J4520', 1, 'Mild intermittent asthma, uncomplicated'],
  ['O02', 0, 'Other abnormal products of conception'],
  ['O021', 1, 'Missed abortion'],
  ['S23420A', 1, 'Sprain of sternoclavicular (joint) (ligament), initial encounter'],
  ['Z99', 0, 'Dependence on enabling machines and devices, not elsewhere classified'],
];
const NEXT_YEAR: readonly Line[] = [
  ...THIS_YEAR.filter(([code]) => code !== 'S23420A').map(([code, billable, title]): Line => [
    code,
    code === 'J4520' ? 0 : billable,
    title,
  ]),
  ['J45A', 1, 'Asthma of a new kind'],
  ['O023', 1, 'Stillbirth awaiting delivery'],
];

const NEW = [
  'New codes, for a person to judge: 2; 1 get nothing until a row names a page',
  '  J45.A Asthma of a new kind',
  expect.stringMatching(/^ {4}Asthma\b.*\(from J45\)$/),
  '  O02.3 Stillbirth awaiting delivery',
  '    nothing until a row names a page: Miscarriage is not inherited unjudged',
  'Withdrawn codes, which records of earlier years carry: 2',
  '  J45.20 S23.420A',
];
const codesIn = (stdout: string): string[] => {
  const lines = stdout.trimEnd().split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('New codes')));
};

describe('after another release', () => {
  beforeEach(async () => {
    const { exit, stdout } = await imported(writeOrder(2027, THIS_YEAR));
    expect([exit, stdout.includes('New codes'), stdout.includes('Withdrawn')]).toEqual([0, false, false]);
  });

  test('a dry run names new codes with what they inherit, and withdrawn ones', async () => {
    const path = join(folder.path, 'codes.csv');
    const { exit, stdout } = await imported(writeOrder(2028, NEXT_YEAR), { dryRun: true, codes: path });
    expect([exit, codesIn(stdout)]).toEqual([0, NEW]);
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([
      'change,system,code,title,inherited_from,articles,titles,withheld',
      expect.stringMatching(/^new,icd-10-cm,J45\.A,Asthma of a new kind,J45,topic-asthma/),
      'new,icd-10-cm,O02.3,Stillbirth awaiting delivery,,,,Miscarriage',
      'withdrawn,icd-10-cm,J45.20',
      'withdrawn,icd-10-cm,S23.420A',
      '',
    ]);
  });

  test('so do the import and the comparison with the release before it', async () => {
    const { exit, stdout } = await imported(writeOrder(2028, NEXT_YEAR));
    expect([exit, codesIn(stdout)]).toEqual([0, NEW]);
    const { streams, written } = keptStreams();
    expect(await diffReleases(config, 'icd-10-cm', { format: 'text' }, streams)).toBe(0);
    expect(codesIn(written().stdout)).toEqual(NEW);
    const json = keptStreams();
    await diffReleases(config, 'icd-10-cm', { format: 'json' }, json.streams);
    expect(JSON.parse(json.written().stdout)).toMatchObject({
      newCodes: [
        { code: 'J45.A', inheritedFrom: 'J45', withheld: [] },
        { code: 'O02.3', articles: [], withheld: ['Miscarriage'] },
      ],
      withdrawnCodes: [{ code: 'J45.20' }, { code: 'S23.420A' }],
    });
    const csv = keptStreams();
    await diffReleases(config, 'icd-10-cm', { format: 'csv' }, csv.streams);
    expect(csv.written().stdout).toContain('new,icd-10-cm,O02.3,Stillbirth awaiting delivery,0,en,,,,\n');
    expect(csv.written().stdout).toContain('withdrawn,icd-10-cm,S23.420A,,0,en\n');
  });
});

test('a first release is compared with the edition that the rows were judged for', async () => {
  const { stdout } = await imported(writeOrder(2028, NEXT_YEAR), { dryRun: true });
  expect(codesIn(stdout).slice(0, 5)).toEqual(NEW.slice(0, 5));
  // The two categories are a part of the edition: all its other codes are missing.
  expect(stdout).toMatch(/Withdrawn codes, which records of earlier years carry: 98\d{3}\n/);
});

describeWithData('icd10cm', 'beside the official editions', () => {
  const linesOf = (year: number): Line[] =>
    read(`icd10cm/icd10cm_${year}.csv.gz`).map(({ code = '', billable, title = '' }) => [
      code.replace('.', ''),
      billable === '1' ? 1 : 0,
      title,
    ]);

  test('FY2027 has no code that was not judged; against FY2026 its new codes are listed', async () => {
    const first = await imported(writeOrder(2027, linesOf(2027)), { dryRun: true });
    expect([first.exit, first.stdout.includes('New codes')]).toEqual([0, false]);
    await imported(writeOrder(2026, linesOf(2026)));
    const { stdout } = await imported(writeOrder(2027, linesOf(2027)), { dryRun: true });
    expect(stdout).toMatch(/^New codes, for a person to judge: 238$/m);
    expect(stdout).toMatch(/^Withdrawn codes, which records of earlier years carry: 30$/m);
  });
});
