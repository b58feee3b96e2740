import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, type Reply } from '../http/ask.js';
import { startConnector, type TestConnector } from '../support/connector.js';
import { textOf } from './read-html.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const get = (path: string): Promise<Reply> => ask(connector.url, path, { headers: { Accept: 'text/html' } });
function post(path: string, form: Record<string, string>): Promise<Reply> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' };
  return ask(connector.url, path, { method: 'POST', body: new URLSearchParams(form).toString(), headers });
}

/** The names of the first level of the texts: a key that is shown begins with one. */
const GROUPS = Object.keys(JSON.parse(readFileSync('resources/i18n/en.json', 'utf8')) as object).join('|');
const RAW_KEY = new RegExp(`(?<![\\w./-])(?:${GROUPS})\\.[a-z][A-Za-z]+(?![\\w/])`);

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';

test.each([
  '/',
  '/find?q=E11.9',
  '/find?q=asthma',
  '/find?q=zzqqxx',
  '/find?q=percocet',
  `/application?${CS}&mainSearchCriteria.v.c=Z53.20`,
  '/application?mainSearchCriteria.v.c=N53.14',
  `/application?${CS}&mainSearchCriteria.v.c=E11.9&performer=PAT`,
  '/article/topic-asthma',
  '/article/topic-none',
  '/code/icd-10-cm/J45.90',
  '/browse?letter=v',
  '/about',
  '/packet',
  '/packet?code=icd-10-cm%7CE11.9&code=icd-10-cm%7CB20&code=icd-10-cm%7CZ53.20',
  '/handout',
  '/handout?article=topic-asthma&article=drug-a692051&language=zh',
  '/feedback?article=topic-acne',
  '/nowhere',
])('%s shows no key of a text, in either language', async (path) => {
  for (const language of ['en', 'es']) {
    const { text } = await get(`${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
    expect(textOf(text)).not.toMatch(RAW_KEY);
  }
});

const alertOf = ({ text }: Reply): string => textOf(/<p[^>]*role="alert"[^>]*>.*?<\/p>/s.exec(text)?.[0] ?? '').trim();

test.each([
  ['/application?mainSearchCriteria.v.c=N53.14', 400, 'sends a code without saying which code system it is from'],
  ['/application?mainSearchCriteria.v.c=1&mainSearchCriteria.v.cs=1.2.3', 400, 'names a code system that this library'],
  ['/handout.pdf', 400, 'Nothing was chosen. Add an article first.'],
  ['/article/topic-none', 404, 'This article is not in the library.'],
  [`/find?q=${'x'.repeat(300)}`, 400, 'This text is too long: 200 characters at most.'],
])('%s: an error names no parameter to a nurse, and does so for technical staff', async (path, status, words) => {
  const reply = await get(path);
  expect(reply.status).toBe(status);
  expect(alertOf(reply)).toContain(words);
  expect(alertOf(reply)).not.toMatch(/mainSearchCriteria|parameter|resource|JSON/);
  expect(textOf(reply.text)).toContain('For technical staff');
});

test('a chart that cannot be read is an error in plain words, above the form', async () => {
  const reply = await post('/packet', { list: '{"resourceType": "Bundle", "entry": [' });
  expect(reply.status).toBe(400);
  expect(alertOf(reply)).toContain('Copy the whole document');
  const age = await post('/packet', { list: 'I10', age: 'x' });
  expect(alertOf(age)).toBe('Type the age as a whole number, and choose its unit.');
});

const chart = (text: string): string =>
  JSON.stringify({
    resourceType: 'Condition',
    code: { text, coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'I10', display: text }] },
  });

test('the page of a chart says how it was read and how many pages are ticked, and counts nothing else', async () => {
  const page = textOf((await post('/packet', { list: chart('Hypertension') })).text).replace(/\s+/g, ' ');
  expect(page).toContain('Clinic visit: 1 page ticked.');
  expect(page).not.toMatch(/Pages found|Without a page: \d/);
});

test.each([
  [999, false],
  [1001, true],
])('a text of a chart of %i characters: its cut is stated: %s', async (length, isCut) => {
  const { status, text } = await post('/packet', { list: chart('h'.repeat(length)) });
  expect([status, textOf(text).includes('only its first 1000 characters were read')]).toEqual([200, isCut]);
});
