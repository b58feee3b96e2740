import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import { openForSuite } from '../support/suite-library.js';
import { column, describeWithData } from '../support/shared-data.js';

/** The billable codes that ICD-10-CM has had since October 2026, each with its pages as a person judged them (fy2027.csv). */
interface JudgedCode {
  readonly code: string;
  /** Ids of the articles in order, divided by `|`, or `none`. */
  readonly shown: string;
}

const JUDGED = parse(readFileSync(fileURLToPath(new URL('fy2027.csv', import.meta.url)), 'utf8'), {
  columns: true,
}) as unknown as JudgedCode[];
const MOST_SHOWN = 3;

const suite = openForSuite();

async function findShown(code: string, display = ''): Promise<string> {
  const coding = { system: 'icd-10-cm', systemSent: 'icd-10-cm', code, display, userSelected: false } as const;
  const request = { criteria: [{ codings: [coding] }], context: ANYONE, maxArticles: MOST_SHOWN };
  const { answers } = await answerRequest(request, suite.library);
  return answers[0]?.matches.map(({ article }) => article.id).join('|') || 'none';
}

test('each new code is answered as it was judged', async () => {
  const answered = await Promise.all(JUDGED.map(async ({ code }) => ({ code, shown: await findShown(code) })));
  expect(answered).toEqual(JUDGED);
});

test('each is answered alike with its title', async () => {
  const titled = suite.library.findConcepts(JUDGED.map(({ code }) => ({ system: 'icd-10-cm', code })));
  expect(titled.filter(({ billable }) => billable)).toHaveLength(190);
  const answered = await Promise.all(titled.map(async ({ code, title }) => [code, await findShown(code, title)]));
  expect(new Map(answered as [string, string][])).toEqual(new Map(JUDGED.map(({ code, shown }) => [code, shown])));
});

test.each([
  ['M72.2', 'Plantar fasciitis', 'ency-007021|topic-heelinjuriesanddisorders'],
  ['M67.A01', 'Plantar fasciitis of right foot', 'ency-007021|topic-heelinjuriesanddisorders'],
  ['QA1.71', 'HNPCC', 'genetics-lynch-syndrome|encypi-000842|topic-geneticcounseling'],
  ['S23.420A', 'Sprain of sternoclavicular joint', 'topic-chestinjuriesanddisorders|topic-sprainsandstrains'],
  ['T52.8X2A', '', 'topic-poisoning|topic-selfharm|topic-suicide'],
])('%s "%s" of earlier and of new records is answered', async (code, title, shown) => {
  expect(await findShown(code, title)).toBe(shown);
});

describeWithData('icd10cm', 'beside the official addenda', () => {
  test('every new billable code was judged', () => {
    expect(JUDGED.map(({ code }) => code)).toEqual(column('icd10cm/new_billable_codes_fy2027.csv', 'code'));
  });
});
