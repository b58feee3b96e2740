import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createUpdate, type UpdateOptions } from '../../src/cli/update.js';
import { listAllReleases } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import { OFFICIAL_SOURCES, type OfficialSource } from '../../src/core/sources/official-sources.js';
import { temporaryFolder } from '../support/connector.js';
import { keptStreams, seededConfig } from './seeded-config.js';

/** Real files on a server of this machine, and what was asked of it. */
let files: Map<string, { body: string; changed?: string; status?: number }>;
let asked: string[];
let server: Server;
let base: string;
let folder: ReturnType<typeof temporaryFolder>;
let config: Config;

const at = (today: string, from: Config): Config => ({
  ...from,
  writer: { ...from.writer, clock: () => new Date(`${today}T08:00:00Z`) },
});

beforeEach(async () => {
  files = new Map();
  asked = [];
  folder = temporaryFolder();
  server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url}`);
    const file = files.get(url);
    const changed = file?.changed === undefined ? {} : { 'Last-Modified': new Date(file.changed).toUTCString() };
    response.writeHead(file ? (file.status ?? 200) : 404, changed).end(method === 'HEAD' ? undefined : file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config = { ...at('2026-12-01', seededConfig(folder.path)), medlinePlusXmlUrl: `${base}/xml` };
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  folder.remove();
});

/** The official sources with their files on this machine. */
const localSources = (): OfficialSource[] =>
  OFFICIAL_SOURCES.map((source) => ({
    ...source,
    ...(source.files ? { files: source.files.map((file) => file.replace(/^https:\/\/[^/]+/, base)) } : {}),
  }));

async function update(names: string[], options: Partial<UpdateOptions> = {}, of = config) {
  const { streams, written } = keptStreams();
  const exit = await createUpdate(localSources())(of, names, { format: 'text', ...options }, streams);
  return { exit, ...written() };
}

/** The paragraph of a source. */
const partOf = (stdout: string, label: string): string =>
  stdout.slice(stdout.indexOf(label)).split(/\n(?=\S)/)[0] ?? '';

const CVX = '/vaccines/iis/iisstandards/downloads/cvx.txt';
const vaccines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `${at + 1}        |Vaccine ${at + 1}|||Active|False|2026/08/03\n`).join('');
const orderFile = (codes: readonly string[]): string =>
  codes
    .map((code, at) => `${String(at + 1).padStart(5, '0')} ${code.padEnd(7)} 1 ${'Title'.padEnd(60)} Title\r\n`)
    .join('');
const CMS_2028 = '/files/zip/2028-code-descriptions-tabular-order.zip';

test('without an option nobody is asked: what is in use, how old it is, what the calendar says', async () => {
  const { exit, stdout } = await update([]);
  expect(exit).toBe(0);
  expect(asked).toEqual([]);
  expect(partOf(stdout, 'ICD-10-CM')).toContain('in use:  FY2027 of 2026-10-01, 61 days old, ships with the program');
  expect(partOf(stdout, 'LOINC')).toContain(
    'get it:  https://loinc.org/downloads/ (LOINC licence, with an account of loinc.org), then education-connect import loinc <file>',
  );
  expect(partOf(stdout, 'SNOMED CT')).toContain("2026-09-01 by the publisher's calendar");
});

test('the real addresses are https, and each source has an importer, a licence or neither', () => {
  const addresses = OFFICIAL_SOURCES.flatMap(({ page, files: own = [] }) => [page, ...own]);
  expect(addresses.filter((address) => !address.startsWith('https://'))).toEqual([]);
  expect(OFFICIAL_SOURCES.filter(({ find, licence }) => (find === undefined) !== (licence !== undefined))).toEqual([]);
});

describe('--check', () => {
  beforeEach(() => {
    files.set(CVX, { body: vaccines(3), changed: '2026-11-20' });
    files.set('/download/ghr-summaries.xml', { body: '', changed: '2026-09-01' });
    files.set('/cder/ndctext.zip', { body: '', status: 500 });
  });

  test('asks by HEAD alone; the failure of one source is named and stops no other; exit code 1', async () => {
    const { exit, stdout } = await update(['ndc', 'cvx', 'medlineplus-genetics'], { check: true });
    expect(exit).toBe(1);
    expect(asked).toEqual(['HEAD /cder/ndctext.zip', `HEAD ${CVX}`, 'HEAD /download/ghr-summaries.xml']);
    expect(partOf(stdout, 'NDC')).toMatch(/newest: {2}could not be asked: http\S+ndctext\.zip answers 500/);
    expect(partOf(stdout, 'CVX')).toMatch(/newest: {2}2026-11-20: NEWER, http\S+cvx\.txt\n.*update cvx --apply/);
    expect(partOf(stdout, 'MedlinePlus Genetics')).toContain('newest:  2026-09-01, in use');
  });

  test('a newer edition is exit code 3, none is 0', async () => {
    expect((await update(['cvx'], { check: true })).exit).toBe(3);
    expect((await update(['medlineplus-genetics'], { check: true })).exit).toBe(0);
  });

  test('finds the file of the fiscal year, at the second address where the first has none', async () => {
    files.set(CMS_2028, { body: '' });
    const next = at('2027-10-01', config);
    const { exit, stdout } = await update(['icd-10-cm'], { check: true }, next);
    expect(exit).toBe(3);
    expect(asked).toEqual([
      'HEAD /pub/Health_Statistics/NCHS/Publications/ICD10CM/2028/icd10cm-Code%20Descriptions-2028.zip',
      `HEAD ${CMS_2028}`,
    ]);
    expect(stdout).toContain('ICD-10-CM (LATE)');
    expect(stdout).toMatch(/newest: {2}FY2028: NEWER, http/);
    expect((await update(['icd-10-cm'], { check: true }, at('2027-09-30', config))).stdout).toContain(
      'could not be asked',
    );
  });

  test('a source of which the publisher says no day, or whose server is away, is named', async () => {
    files.set(CVX, { body: '' });
    expect((await update(['cvx'], { check: true })).stdout).toContain('states no day of its last change');
    await new Promise((resolve) => server.close(resolve));
    const away = await update(['cvx', 'medlineplus', 'loinc'], { check: true });
    expect(away.exit).toBe(1);
    expect(away.stdout.match(/cannot be reached/g)).toHaveLength(2);
  });

  test('as JSON', async () => {
    const { stdout } = await update(['cvx', 'snomed-ct'], { check: true, format: 'json' });
    expect(JSON.parse(stdout)).toMatchObject({
      sources: [
        { id: 'snomed-ct', licence: expect.stringContaining('UMLS'), newest: '2026-09-01', isNewer: false },
        { id: 'cvx', date: '2025-10-01', newest: '2026-11-20', isNewer: true, isLate: true },
      ],
    });
  });
});

describe('--apply', () => {
  test('imports what is newer, once; what needs a licence is named', async () => {
    files.set(CVX, { body: vaccines(3), changed: '2026-11-20' });
    const first = await update(['cvx', 'loinc'], { apply: true });
    expect(first.exit).toBe(0);
    expect(first.stdout).toContain('cvx-2026-11-20: 3 rows read, 3 concepts accepted, 0 rejected');
    expect(partOf(first.stdout, 'CVX')).toContain('newest:  2026-11-20, imported now');
    const { streams, written } = keptStreams();
    await listAllReleases(config, streams);
    expect(written().stdout).toMatch(/in use +imported +cvx .* cvx-2026-11-20\n/);
    // The newest day in the list is earlier than the day of its file: the release's name tells that it is the same.
    const second = await update(['cvx'], { apply: true });
    expect([second.exit, partOf(second.stdout, 'CVX')]).toEqual([
      0,
      expect.stringMatching(/imported as cvx-2026-11-20\n {2}newest: {2}2026-11-20, in use/),
    ]);
    expect(asked.filter((one) => one.startsWith('GET'))).toEqual([`GET ${CVX}`]);
  });

  test('a rejected file changes nothing, and the next source is imported; exit code 1', async () => {
    files.set('/download/ghr-summaries.xml', { body: 'not XML', changed: '2026-11-30' });
    files.set(CVX, { body: vaccines(2), changed: '2026-11-20' });
    const { exit, stdout, stderr } = await update(['cvx', 'medlineplus-genetics'], { apply: true });
    expect(exit).toBe(1);
    expect(stderr).toMatch(/^import medlineplus-genetics: rejected, nothing has changed: /m);
    expect(partOf(stdout, 'MedlinePlus Genetics')).toContain('rejected: see above');
    expect(stdout).toContain('cvx-2026-11-20: 2 rows read');
  });

  test("a release of ICD-10-CM from CDC's address is imported under its year, with its new codes listed", async () => {
    // The server sends the order file itself, under its own name.
    const sources = localSources().map((source) =>
      source.id === 'icd-10-cm' ? { ...source, files: [`${base}/icd10cm-order-{year}.txt`] } : source,
    );
    files.set('/icd10cm-order-2028.txt', { body: orderFile(['J45', 'J45A', 'Z99']) });
    const { streams, written } = keptStreams();
    const exit = await createUpdate(sources)(
      at('2027-11-02', config),
      ['icd-10-cm'],
      { apply: true, format: 'text' },
      streams,
    );
    expect(exit).toBe(0);
    expect(written().stdout).toContain('icd-10-cm-2028: 3 rows read');
    expect(written().stdout).toContain('New codes, for a person to judge: 1');
  });

  test('vaccine statements, whose lists are got by hand, are left to a person; exit code 3', async () => {
    files.set('/vaccines/iis/iisstandards/downloads/cvx_vis.txt', { body: '', changed: '2026-10-10' });
    const { exit, stdout } = await update(['vis'], { apply: true });
    expect(exit).toBe(3);
    expect(stdout).toContain('then education-connect import vis <folder>');
  });
});

test('an unknown source is wrong use', async () => {
  const { exit, stderr } = await update(['icd-11'], { check: true });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/^update: unknown source icd-11; known: icd-10-cm, /);
  expect(asked).toEqual([]);
});
