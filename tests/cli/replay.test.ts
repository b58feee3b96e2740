import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { replay } from '../../src/cli/replay.js';
import type { CoverageOptions } from '../../src/cli/reports/write-coverage.js';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { keptStreams, seededConfig } from './seeded-config.js';
import { MOST_GROWTH, growthOf } from '../support/growth.js';

interface JsonReport {
  readonly log: {
    lines: number;
    requests: number;
    askingNothing: number;
    unread: number;
    errors: Record<string, number>;
  };
  readonly coverage: { system: string; language: string; kind: string; codes: number; count: number }[];
  readonly gaps: { system: string; code: string; count: number; reason: string; hint?: string }[];
  readonly languageGaps: Record<'en' | 'es', { code: string; count: number }[]>;
  readonly sensitive: { code: string; count: number; marks: string[] }[];
}

const ICD10 = '2.16.840.1.113883.6.90';
const ICD9 = '2.16.840.1.113883.6.103';
const RXNORM = '2.16.840.1.113883.6.88';

const folder = temporaryFolder();
let config: Config;
let files = 0;
beforeAll(async () => {
  config = seededConfig(folder.path);
  await buildLibraryFile({ ...config, readOnly: false });
});
afterAll(() => {
  folder.remove();
});

const v = (name: string, value: string): string => `mainSearchCriteria.v.${name}=${encodeURIComponent(value)}`;
const asking = (system: string, code: string, more = ''): string =>
  `10.9.8.7 - - [24/Nov/2026:12:00:00 +0000] "GET /service?${v('cs', system)}&${v('c', code)}${more} HTTP/1.1" 200 512`;
const SPANISH = '&informationRecipient.languageCode.c=sp';

function writeLog(lines: readonly string[], name = 'access.log'): string {
  files += 1;
  const path = join(folder.path, `${files}-${name}`);
  const text = `${lines.join('\n')}\n`;
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

async function replayed(logs: readonly string[], options: Partial<CoverageOptions> = {}) {
  const { streams, written } = keptStreams();
  const exit = await replay(config, logs, { format: 'text', top: 20, ...options }, streams);
  return { exit, ...written() };
}

async function replayedJson(...lines: readonly string[]): Promise<JsonReport> {
  const { exit, stderr, stdout } = await replayed([writeLog(lines)], { format: 'json' });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return JSON.parse(stdout) as JsonReport;
}

const kindsOf = ({ coverage }: JsonReport, system: string): string[] =>
  coverage
    .filter((row) => row.system === system)
    .map(({ language, kind, codes, count }) => `${language} ${kind} ${codes}/${count}`)
    .sort();

describe('the requests of a log', () => {
  test('are grouped by code and answered, for readers of the language they ask for', async () => {
    const report = await replayedJson(
      asking(ICD10, 'N53.14'),
      asking(ICD10, ' n5314 ', SPANISH),
      asking(ICD10, 'E11.9', SPANISH),
      asking(ICD10, 'E11.9'),
      asking(ICD10, 'E11.9'),
      asking(ICD10, 'Q99.9'),
      'some other line',
    );
    expect(report.log).toEqual({ lines: 7, requests: 6, askingNothing: 0, unread: 0, errors: {} });
    expect(kindsOf(report, 'icd-10-cm')).toEqual([
      'en ancestor 1/2',
      'en code-not-mapped 1/1',
      'en own 1/1',
      'es ancestor 1/1',
      'es own 1/1',
    ]);
    expect(report.languageGaps).toEqual({ en: [], es: [expect.objectContaining({ code: 'E11.9', count: 1 })] });
    expect(report.sensitive).toEqual([expect.objectContaining({ code: 'N53.14', count: 2, marks: ['SEX'] })]);
  });

  test('of several criteria count each', async () => {
    const first = `${v('cs', ICD10)}&${v('c', 'N53.14')}`;
    const second = `${v('cs1', '2.16.840.1.113883.6.96')}&${v('c1', '44054006')}`;
    const third = `${v('cs2', '1.2.3.4')}&${v('c2', 'LOCAL')}`;
    const report = await replayedJson(`/application?${first}&${second}&${third}`);
    expect(kindsOf(report, 'all')).toEqual(['en crosswalk 1/1', 'en own 1/1']);
    expect(report.log.errors).toEqual({ 'unknown-code-system': 1 });
  });

  test("that bring a drug's name are answered by it", async () => {
    const report = await replayedJson(
      asking(RXNORM, '123', `&${v('dn', 'Metformin 500 MG Oral Tablet')}`),
      asking(RXNORM, '', `&${v('dn', 'metformin')}`),
      asking(RXNORM, '', `&${v('dn', 'Nosuchdrugium')}`),
    );
    expect(kindsOf(report, 'rxnorm')).toEqual(['en drug-name-not-known 1/1', 'en name 2/2']);
  });

  test('with mistakes are counted by what is wrong', async () => {
    const report = await replayedJson(
      `/service?${v('c', 'N53.14')}`,
      `/service?${v('c', 'N53.14')}&${v('cs', 'unknown')}`,
      asking(ICD10, 'N53.14', '&knowledgeResponseType=image/png'),
      asking(ICD10, 'N53.14', '&knowledgeResponseType=application/javascript&callback=alert(1)'),
      `/service?${v('cs', ICD10)}&${v('c', 'A'.repeat(9000))}`,
      `/service?${Array.from({ length: 201 }, (_, index) => `p${index}=1`).join('&')}`,
      '/service',
      '/application',
      `/application?${v('dn', 'Asthma')}`,
    );
    expect(report.log).toMatchObject({ requests: 9, askingNothing: 3 });
    expect(report.log.errors).toEqual({
      'missing-code-system': 1,
      'unknown-code-system': 1,
      'unsupported-response-type': 1,
      'bad-callback': 1,
      'address-too-long': 1,
      'too-many-parameters': 1,
    });
  });

  test('whose code belongs to another system are told by that system', async () => {
    const report = await replayedJson(asking(ICD9, 'E11.9'), asking(ICD9, 'J45.909'), asking(ICD9, 'whatever'));
    expect(report.gaps).toEqual([
      { system: 'icd-9-cm', code: '', count: 2, reason: 'impossible-code', hint: 'icd-10-cm' },
      { system: 'icd-9-cm', code: '', count: 1, reason: 'impossible-code' },
    ]);
  });

  test('may come from several logs, packed ones too, the last line without its end', async () => {
    const packed = writeLog([asking(ICD10, 'N53.14')], 'access.log.2.gz');
    const open = writeLog([]);
    writeFileSync(open, asking(ICD10, 'N53.14'));
    const { stdout } = await replayed([packed, open], { format: 'json' });
    expect((JSON.parse(stdout) as JsonReport).log).toMatchObject({ lines: 2, requests: 2 });
  });
});

test('nothing of a patient is told, in any format', async () => {
  const secrets = ['Jane-Doe', 'jane-doe', '1970-01-02', 'Secretdrug', '10.9.8.7', 'dr-who', 'MRN-0815', 'sex-change'];
  const more = [
    v('dn', 'Jane-Doe'),
    v('ot', 'sex-change'),
    'patientPerson.birthDate=1970-01-02',
    'holder.assignedEntity.n=dr-who',
  ].join('&');
  const log = writeLog([
    asking(ICD10, 'N53.14', `&${more}`),
    asking(ICD10, 'Q99.9', `&${more}`),
    asking('drug-name', 'Metformin'),
    asking(ICD10, 'MRN-0815'),
    asking(RXNORM, 'MRN-0815', `&${v('dn', 'Secretdrug')}`),
    asking(RXNORM, '99', `&${v('dn', 'Secretdrug')}`),
    asking('drug-name', 'jane-doe =1+1'),
    asking('MRN-0815', 'Jane-Doe'),
    `10.9.8.7 | GET /service?${v('c', 'Jane-Doe')}`,
  ]);
  for (const format of ['text', 'csv', 'json'] as const) {
    const { exit, stdout, stderr } = await replayed([log], { format });
    expect(exit).toBe(0);
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    expect(stdout).toContain('N53.14');
    expect(stdout).toContain('Q99.9');
    if (format === 'csv') expect(stdout).toMatch(/^drug-name,metformin,/m);
  }
});

test('the report says what the log holds before how it is answered', async () => {
  const log = writeLog([
    asking(ICD10, 'N53.14'),
    `/service?${v('c', 'N53.14')}`,
    '/application',
    `10.9.8.7 | GET /service?${v('c', 'x')}`,
  ]);
  const { stdout } = await replayed([log]);
  expect(stdout.split('\n').slice(0, 6)).toEqual([
    '4 lines, 3 of them requests to MedlinePlus Connect',
    '  without a question, such as the search box: 1',
    '  errors: 1 (missing-code-system 1)',
    '  lines with its addresses in an unknown format: 1',
    '',
    expect.stringMatching(/^Library: starter-/),
  ]);
});

describe('a log that says nothing ends with one line and exit code 1', () => {
  test('where no line is a request', async () => {
    const { exit, stdout, stderr } = await replayed([writeLog(['a', 'b'])]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(/^replay: none of 2 lines is a request to MedlinePlus Connect [^\n]+\n$/);
  });

  test('where there is no such file, or it is cut short', async () => {
    const cut = join(folder.path, 'cut.log.gz');
    writeFileSync(cut, gzipSync(asking(ICD10, 'N53.14').repeat(1000)).subarray(0, 100));
    for (const path of [join(folder.path, 'nowhere.log'), cut]) {
      const { exit, stdout, stderr } = await replayed([path]);
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
      expect(stderr).toMatch(/^replay: [^\n]+\n$/);
    }
  });
});

test('a long log of few codes is read in a time that grows with its length, and kept by its codes alone', async () => {
  const codes = ['N53.14', 'E11.9', 'J45.909', 'Q99.9'];
  const growth = await growthOf(20_000, async (length) => {
    const lines = Array.from({ length }, (_, index) =>
      asking(ICD10, codes[index % codes.length] ?? '', `&age.v.v=${index % 90}&${v('dn', `title ${index}`)}`),
    );
    const report = await replayedJson(...lines);
    expect(report.log.requests).toBe(length);
    const [half, fourth] = [length / 2, length / 4];
    const kinds = [`en ancestor 2/${half}`, `en code-not-mapped 1/${fourth}`, `en own 1/${fourth}`];
    expect(kindsOf(report, 'icd-10-cm')).toEqual(kinds);
  });
  expect(growth).toBeLessThan(MOST_GROWTH);
});
