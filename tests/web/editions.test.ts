import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readExposition } from '../edge/exposition.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { textOf } from './read-html.js';

/** Editions of official sources on the pages and in the metrics, before and after 1 October 2027. */
let today = '2027-09-30';
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ clock: () => new Date(`${today}T12:00:00Z`) });
});
afterAll(() => connector.stop());

const read = async (path: string): Promise<string> =>
  textOf((await ask(connector.url, path, { headers: { Accept: 'text/html' } })).text);

async function readLate(source: string): Promise<number | undefined> {
  const families = readExposition((await ask(connector.url, '/metrics')).text);
  return families.get('library_source_late')?.samples.find(({ labels }) => labels['source'] === source)?.value;
}

test('before the fiscal year turns, ICD-10-CM is in use and not late', async () => {
  today = '2027-09-30';
  expect(await read('/about')).toMatch(/ICD-10-CM\s*FY2027\s*October 1, 2026\s*364 days/);
  expect(await read('/')).not.toContain('ICD-10-CM (FY2027)');
  expect(await readLate('icd-10-cm')).toBe(0);
});

test('on 1 October the pages for staff name it, and so does the metric', async () => {
  today = '2027-10-01';
  expect(await read('/about?x=1')).toMatch(/365 days\s*too old/);
  expect(await read('/?x=1')).toMatch(/an old edition is in use:.*ICD-10-CM \(FY2027\)/);
  expect(await read('/packet?code=icd-10-cm|J45.909')).toContain('ICD-10-CM (FY2027)');
  expect(await read('/?lang=es&x=1')).toContain('se usa una edición antigua');
  expect(await readLate('icd-10-cm')).toBe(1);
});

test('a page for a patient names none, and the day of each edition is measured', async () => {
  const query = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.909&performer=PAT';
  expect(await read(`/application?${query}`)).not.toContain('FY2027');
  const families = readExposition((await ask(connector.url, '/metrics')).text);
  const days = families.get('library_source_timestamp_seconds')?.samples ?? [];
  const dated = new Map(days.map(({ labels, value }) => [labels['source'], value]));
  expect(dated.get('icd-10-cm')).toBe(Date.parse('2026-10-01') / 1000);
  expect(dated.has('loinc')).toBe(false);
});
