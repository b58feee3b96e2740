import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PolicyTestOptions } from '../../src/cli/policy.js';
import { checkPolicy, testPolicy } from '../../src/cli/policy.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';
import { ended, runHere, start } from './run-cli.js';
import { keptStreams } from './seeded-config.js';

// Over the shipped library.
const folder = temporaryFolder();
const fileOf = (name: string): string => join(folder.path, name);
const POLICY = fileOf('policy.csv');
const CODES = fileOf('codes.csv');
const textOf = (...lines: string[]): string => ['rule,what,for,value,note', ...lines, ''].join('\n');
const LINES = [
  'suppress,topic-asthma,,,',
  'sensitivity,PSY,patient,hold under 18,',
  'prefer,topic-diabetesmedicines,topic-diabetestype2,instead,',
  'minimum age,topic-nowhere,,12,',
];

beforeAll(async () => {
  writeFileSync(CODES, 'system,code,count\nicd10,J45.909,40\nicd10,F32.9,10\nicd10,E11.9,100\nicd10,I10,7\n');
  writeFileSync(POLICY, textOf(...LINES));
  await (await openTestLibrary(testConfig(folder.path))).library.close();
});
afterAll(() => {
  folder.remove();
});

async function tested(options: Partial<PolicyTestOptions> = {}, codes = CODES) {
  const { streams, written } = keptStreams();
  const config = testConfig(folder.path, { SITE_POLICY: POLICY });
  const code = await testPolicy(config, codes, { format: 'text', language: 'en', ...options }, streams);
  return { code, ...written() };
}

interface JsonTest {
  readonly rules: number;
  readonly compared: number;
  readonly counts: { reader: string; changed: number; lost: number; gained: number; asBefore: number }[];
  readonly changes: {
    code: string;
    reader: string;
    title: string;
    before: { articles: { id: string; treatment: string }[] };
    after: { articles: { id: string; treatment: string }[]; miss?: string };
    reasons: { article: string; reason: string }[];
  }[];
}

describe('policy test', () => {
  test('tells before and after with titles, for whom and why, the most requested first, and counts at the end', async () => {
    const { code, stdout, stderr } = await tested();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^ICD-10-CM E11\.9 \(.*\), requested 100 times\n {2}for: {4}patient, .*\n {2}before: Diabetes Type 2; .*\n {2}after: {2}Diabetes Medicines; .*\n {2}why: {4}topic-diabetestype2: replaced\n/,
    );
    expect(stdout).toMatch(/F32\.9[^\n]*\n {2}for: {4}patient, .*portal\n.*\n {2}after: {2}nothing \(held\)/);
    expect(stdout).toMatch(/4 rules, answers in en to 4 codes compared, 3 of them change\n/);
    expect(stdout).toMatch(/\n {2}patient: 3 changed, of which 1 lost their page and 0 gained one\n/);
    expect(stdout).not.toContain('I10');
    expect(stderr).toBe('warning: line 5: the library lacks topic-nowhere\n');
  });

  test('as JSON says for each reader what is given, and nothing of what stays', async () => {
    const report = JSON.parse((await tested({ format: 'json' })).stdout) as JsonTest;
    expect(report).toMatchObject({ rules: 4, compared: 4 });
    const of = (code: string, reader: string) =>
      report.changes.find((change) => change.code === code && change.reader === reader);
    expect(of('F32.9', 'patient of 15')?.after).toMatchObject({ articles: [], miss: 'held' });
    expect(of('F32.9', 'patient of 40')).toBeUndefined();
    expect(of('F32.9', 'clinician')).toBeUndefined();
    expect(of('F32.9', 'clinician for a patient')?.after.articles[0]).toMatchObject({ treatment: 'hold' });
    expect(of('J45.909', 'clinician')?.reasons).toContainEqual({ article: 'topic-asthma', reason: 'suppressed' });
    expect(report.counts).toContainEqual({ reader: 'clinician', changed: 2, lost: 0, gained: 0, asBefore: 2 });
  });

  test('as CSV has a line for each code and reader', async () => {
    const { stdout } = await tested({ format: 'csv' });
    const [header, ...lines] = stdout.trimEnd().split('\n');
    expect(header).toMatch(/^system,code,title,count,reader,before,before_titles,/);
    const report = JSON.parse((await tested({ format: 'json' })).stdout) as JsonTest;
    expect(lines.length).toBe(report.changes.length);
    expect(stdout).toMatch(/icd-10-cm,J45\.909,[^\n]*topic-asthma: suppressed/);
  });

  test('compares what readers of Spanish get', async () => {
    expect((await tested({ language: 'es' })).stdout).toMatch(/before: Asma; /);
  });

  test('tries another policy than the one in use', async () => {
    writeFileSync(fileOf('draft.csv'), textOf('most pages,,everyone,1,'));
    const { stdout } = await tested({ policy: fileOf('draft.csv') });
    expect(stdout).toMatch(/draft\.csv: 1 rules, .* 4 codes compared/);
  });

  test('names rows of the list that are none, exit code 2; without a list or a policy, 1', async () => {
    writeFileSync(fileOf('bad-codes.csv'), 'system,code\nicd10,ZZZ\nicd10,J45.909\n');
    const { code, stderr } = await tested({}, fileOf('bad-codes.csv'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/bad-codes\.csv:2: ZZZ is not a possible code/);
    expect(await tested({}, fileOf('nowhere.csv'))).toMatchObject({ code: 1, stdout: '' });
    expect(await tested({ policy: fileOf('nowhere.csv') })).toMatchObject({ code: 1, stdout: '' });
    const { streams, written } = keptStreams();
    const without = { format: 'text', language: 'en' } as const;
    expect(await testPolicy(testConfig(folder.path), CODES, without, streams)).toBe(1);
    expect(written().stderr).toMatch(/set SITE_POLICY or use --policy/);
  });
});

describe('policy check', () => {
  test('says that a policy could be used', async () => {
    const { code, stdout } = await runHere(['policy', 'check', '--policy', POLICY], {
      LIBRARY_PATH: fileOf('library.db'),
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/policy\.csv: 4 rules, no fault \(version [0-9a-f]{8}\)\n$/);
  });

  test('names every fault by its line', async () => {
    writeFileSync(
      fileOf('bad.csv'),
      textOf('supress,topic-a,,,', 'suppress,topic-b,,,', 'sensitivity,PSI,patient,hold,'),
    );
    const { streams, written } = keptStreams();
    expect(await checkPolicy(testConfig(folder.path), { policy: fileOf('bad.csv') }, streams)).toBe(1);
    expect(written().stderr).toMatch(/^bad\.csv, line 2: rule "supress".*\nbad\.csv, line 4: what "PSI".*\n$/);
  });
});

test('a running server follows its file; one with a fault leaves the last good one in force, and the log names its line', async () => {
  const path = fileOf('live.csv');
  writeFileSync(path, textOf('most pages,,payer,1,'));
  const child = start('main', [], { LIBRARY_PATH: fileOf('library.db'), PORT: '0', SITE_POLICY: path });
  const end = ended(child);
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) await setTimeout(50);
  };
  const ask = async (): Promise<string> => {
    const address = /https?:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0] ?? '';
    const query = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.909';
    return (await fetch(`${address}/service?${query}`)).text();
  };
  try {
    await until(() => text.includes('Try: '));
    expect(await ask()).toMatch(/medlineplus\.gov\/asthma\.html/);
    writeFileSync(path, textOf('suppress,topic-asthma,,,'));
    await until(async () => !/medlineplus\.gov\/asthma\.html/.test(await ask()));
    writeFileSync(path, textOf('supress,topic-asthma,,,'));
    await until(() => text.includes('live.csv, line 2: rule'));
    expect(await ask()).not.toMatch(/medlineplus\.gov\/asthma\.html/);
    writeFileSync(path, textOf(...Array<string>(30).fill('hide,topic-asthma,,,')));
    await until(() => text.includes('"more":10'));
    expect(text.split('rule \\"hide\\" is not one').length - 1).toBe(20);
    rmSync(path);
    await until(() => text.includes('live.csv: it does not exist any more'));
    expect(await ask()).not.toMatch(/medlineplus\.gov\/asthma\.html/);
    writeFileSync(path, textOf());
    await until(async () => /medlineplus\.gov\/asthma\.html/.test(await ask()));
  } finally {
    child.kill('SIGTERM');
    await end;
  }
  expect(text).toMatch(/site policy in force/);
});
