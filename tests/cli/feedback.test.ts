import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { FeedbackOptions } from '../../src/cli/feedback.js';
import { reportFeedback } from '../../src/cli/feedback.js';
import type { Config } from '../../src/config/config.js';
import type { Feedback } from '../../src/core/evaluation/feedback.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { openFeedback } from '../../src/library/open-records.js';
import { temporaryFolder } from '../support/connector.js';
import { keptStreams, seededConfig } from './seeded-config.js';

const NOW = new Date('2026-11-24T09:00:00Z');
const folder = temporaryFolder();
let config: Config;

beforeAll(async () => {
  config = seededConfig(folder.path);
  await buildLibraryFile({ ...config, readOnly: false });
  const queue = openFeedback(config);
  const say = (facts: Partial<Feedback>): Promise<void> =>
    queue.add(
      { ...{ reason: 'wrong-age', article: 'topic-asthma', language: 'en', coding: undefined, remark: '' }, ...facts },
      NOW,
    );
  await say({ coding: { system: 'icd-10-cm', code: 'J45.909' } });
  await say({ coding: { system: 'icd-10-cm', code: 'J45.909' } });
  await say({
    coding: { system: 'icd-10-cm', code: 'J45' },
    reason: 'frightening',
    language: 'es',
    remark: 'a "bad"\n=word',
  });
  await say({ article: 'ency-001282', coding: { system: 'icd-10-cm', code: 'N53.14' }, reason: 'wrong-topic' });
  await say({ coding: { system: 'icd-10-cm', code: 'E11.9' }, reason: 'other' });
  await say({ reason: 'broken-link' });
  await queue.close();
});
afterAll(() => {
  folder.remove();
});

async function told(options: FeedbackOptions = {}, changed: Partial<Config> = {}) {
  const { streams, written } = keptStreams();
  const exit = await reportFeedback({ ...config, ...changed }, options, streams);
  const rows: Record<string, string>[] = parse(written().stdout, { columns: true });
  return { exit, rows, ...written() };
}

test('lists the rows that led to the articles, with what was said in their notes', async () => {
  const { exit, rows } = await told();
  expect(exit).toBe(0);
  expect(rows).toEqual([
    {
      file: 'mappings/icd-10-cm.csv',
      code: 'E11.9',
      article: 'topic-asthma',
      relationship: '',
      rank: '',
      sensitivity: '',
      origin: '',
      note: 'no row leads here any more; feedback: other (en), last 2026-11-24',
    },
    {
      file: 'mappings/icd-10-cm.csv',
      code: 'J45',
      article: 'topic-asthma',
      relationship: 'equivalent',
      rank: '1',
      sensitivity: '',
      origin: 'curated',
      note:
        'feedback: frightening (es), last 2026-11-24: "a "bad" =word"; ' +
        'feedback: wrong-age (en), 2 times, asked as icd-10-cm J45.909, last 2026-11-24',
    },
    {
      file: 'mappings/icd-10-cm.csv',
      code: 'N53.14',
      article: 'ency-001282',
      relationship: 'equivalent',
      rank: '1',
      sensitivity: 'SEX',
      origin: 'curated',
      note: 'with "quotes", and a comma; feedback: wrong-topic (en), last 2026-11-24',
    },
    {
      file: 'resources/articles/topic.csv',
      code: '',
      article: 'topic-asthma',
      relationship: '',
      rank: '',
      sensitivity: '',
      origin: '',
      note: 'feedback: broken-link (en), last 2026-11-24',
    },
  ]);
});

test("gives one system's rows as its mapping file has them", async () => {
  const { stdout, rows } = await told({ system: 'ICD-10-CM' });
  expect(stdout.split('\n', 1)).toEqual(['code,article,relationship,rank,sensitivity,origin,note']);
  expect(rows.map(({ code }) => code)).toEqual(['E11.9', 'J45', 'N53.14']);
});

test.each([
  ['an unknown code system', { system: 'nonsense' }, {}, 2],
  ['--clear with --system', { system: 'icd10', clear: true }, {}, 2],
  ['a library that is read only', {}, { libraryReadOnly: true }, 1],
] as const)('refuses %s', async (_name, options, changed, expected) => {
  const { exit, stdout, stderr } = await told(options, changed);
  expect([exit, stdout]).toEqual([expected, '']);
  expect(stderr).toMatch(/^[^\n]+\n$/);
});

test('--clear lists everything a last time', async () => {
  expect((await told({ clear: true })).rows).toHaveLength(4);
  expect((await told()).rows).toHaveLength(0);
});

test('what clients sent does nothing to who reads it', async () => {
  const queue = openFeedback(config);
  const facts = { reason: 'other', article: 'topic-asthma', language: 'en' } as const;
  const codings = ['=cmd|"/c calc"!a1', 'x\u001b[31m\u0085\u202ey'].map(
    (code) => ({ system: 'drug-name', code }) as const,
  );
  await queue.add({ ...facts, coding: codings[0], remark: '' }, NOW);
  await queue.add({ ...facts, coding: codings[1], remark: 'a\u001b]0;b\u0007\u2066c' }, NOW);
  await queue.close();
  const { stdout, rows } = await told();
  expect(rows.map(({ code }) => code)).toEqual([`'=cmd|"/c calc"!a1`, 'x[31my']);
  expect(rows[1]?.note).toMatch(/: "a]0;bc"$/);
  expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
});
