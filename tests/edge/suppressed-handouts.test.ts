import { codesOf } from '../support/codes-of.js';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

const FILES = ['icd10_n53.14_en.pdf', 'icd10_n53.14_es.pdf', 'icd10_j45_en.html', 'shared.html', 'our%plan.html'];
const POLICY = [
  'rule,what,for,value',
  'suppress,local-icd-10-cm-n53.14,,',
  'suppress,local-plan,,',
  'suppress,local-shared,,',
  'suppress,topic-asthma,,',
  'suppress,topic-no-such-article,,',
  '',
].join('\n');
const CSV = {
  'articles/local.csv': 'id,publisher\nlocal-plan,site\nlocal-shared,site\nlocal-other,site\n',
  'articles/local.en.csv': [
    'id,title,url',
    'local-plan,Our plan,handouts/our%25plan.html',
    'local-shared,One that is suppressed,handouts/shared.html',
    'local-other,One that is given,handouts/shared.html',
    '',
  ].join('\n'),
};

const folder = temporaryFolder();
let whole: TestConnector;
let site: TestConnector;
beforeAll(async () => {
  for (const name of ['handouts', 'articles']) mkdirSync(join(folder.path, name));
  for (const name of FILES) writeFileSync(join(folder.path, 'handouts', name), '%PDF-1.4\n');
  for (const [name, text] of Object.entries(CSV)) writeFileSync(join(folder.path, name), text);
  const policy = join(folder.path, 'site.csv');
  writeFileSync(policy, POLICY);
  whole = await startConnector({ env: { LOCAL_LIBRARY: folder.path } });
  site = await startConnector({ env: { LOCAL_LIBRARY: folder.path, SITE_POLICY: policy } });
});
afterAll(async () => {
  await Promise.all([whole.stop(), site.stop()]);
  folder.remove();
});

test.each([
  '/handouts/icd10_n53.14_en.pdf',
  '/handouts/icd10_n53.14_es.pdf',
  '/handouts//icd10_n53.14_en.pdf',
  '/handouts/./icd10_n53%2e14_en.pdf',
  '/handouts/our%25plan.html',
])('the file of a suppressed handout is not there: %s', async (path) => {
  expect((await ask(whole.url, path)).status).toBe(200);
  for (const method of ['GET', 'HEAD']) expect((await ask(site.url, path, { method })).status).toBe(404);
});

test('that is told as of any file that is not there, in the asker’s format', async () => {
  for (const [accept, type] of [
    ['text/html', /^text\/html/],
    ['application/xml', /^(text|application)\/xml/],
  ] as const) {
    const headers = { Accept: accept };
    const suppressed = await ask(site.url, '/handouts/icd10_n53.14_en.pdf', { headers });
    const unknown = await ask(site.url, '/handouts/none.pdf', { headers });
    expect(suppressed.headers['content-type']).toMatch(type);
    // A page names its own address alone.
    const text = suppressed.text.replaceAll('icd10_n53.14_en.pdf', 'none.pdf');
    expect([suppressed.status, text]).toEqual([unknown.status, unknown.text]);
  }
});

test.each(['icd10_j45_en.html', 'shared.html'])('%s is given: an article that is given leads to it', async (name) => {
  expect((await ask(site.url, `/handouts/${name}`)).status).toBe(200);
});

test('what is said to be there leaves out what is suppressed', async () => {
  interface Ready {
    readonly articles: number;
    readonly mappings: number;
  }
  const readinessOf = async ({ url }: TestConnector): Promise<Ready> =>
    JSON.parse((await ask(url, '/readyz')).text) as Ready;
  const countOf = async ({ url }: TestConnector): Promise<number> =>
    (JSON.parse((await ask(url, '/fhir/CodeSystem/articles?_elements=count')).text) as { count: number }).count;
  const rows = codesOf(whole.library, ['local-icd-10-cm-n53.14', 'topic-asthma']);
  expect(rows.length).toBeGreaterThan(1);
  const [before, after] = [await readinessOf(whole), await readinessOf(site)];
  expect(after).toMatchObject({ articles: before.articles - 4, mappings: before.mappings - rows.length });
  expect([await countOf(whole), await countOf(site)]).toEqual([before.articles, after.articles]);
  const totalsOf = async ({ url }: TestConnector): Promise<number[]> => {
    const { text } = await ask(url, '/about');
    const rows = [...text.matchAll(/<tr><th scope="row">[^<]*<\/th>((?:<td class="number">[\d,]+<\/td>){3})<\/tr>/g)];
    return rows.map(([, cells = '']) => Number((/>([\d,]+)<\/td>$/.exec(cells)?.[1] ?? '').replaceAll(',', '')));
  };
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  expect(sum(await totalsOf(whole))).toBe(before.articles);
  expect(sum(await totalsOf(site))).toBe(after.articles);
});

test.each([
  ['/handouts/icd10_j45_en.html', 204],
  ['/handouts/none.pdf', 204],
])('a preflight of %s is answered as others are', async (path, status) => {
  const other = await ask(site.url, '/find', { method: 'OPTIONS' });
  const { status: told, headers } = await ask(site.url, path, { method: 'OPTIONS' });
  expect([told, headers.allow]).toEqual([status, 'GET, HEAD, OPTIONS']);
  expect(headers['access-control-allow-methods']).toBe('GET, HEAD, OPTIONS');
  expect(other.headers.allow).toBe(headers.allow);
  const refused = await ask(site.url, path, { method: 'POST' });
  expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
});
