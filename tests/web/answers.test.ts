import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { INSTITUTE, importSummary } from '../support/import-summary.js';
import { attributesOf, elementsOf, linksOf, textOf } from './read-html.js';

const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
  await importSummary(connector, folder.path);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const open = (path: string): Promise<Reply> => ask(connector.url, path, { headers: { Accept: 'text/html' } });
const find = (query: string, more = ''): Promise<Reply> => open(`/find?q=${encodeURIComponent(query)}${more}`);
const firstTitle = ({ text }: Reply): string => /<h3[^>]*><a [^>]*>([^<]*)/.exec(text)?.[1] ?? '';
const titleOf = ({ text }: Reply): string => /<title>([^<]*)/.exec(text)?.[1] ?? '';
const plain = ({ text }: Reply): string => textOf(text).replace(/\s+/g, ' ');

describe('what a nurse types', () => {
  test.each([
    ['B12', 'Vitamin B12'],
    ['T4', 'Thyroxine (T4) Test'],
    ['covid-19', 'COVID-19 (Coronavirus Disease 2019)'],
    ['mammogram', 'Mammography'],
    ['broken arm', 'Arm Injuries and Disorders'],
    ['albuterol inhaler', 'Albuterol Oral Inhalation'],
    ['lupis', 'Lupus'],
    ['excema', 'Eczema'],
    ['hart atack', 'Heart Attack'],
    ['chrons disease', "Crohn's Disease"],
  ])('%s finds %s first', async (query, title) => {
    expect(firstTitle(await find(query))).toBe(title);
  });

  test.each(['blah', 'hello', 'thanks', 'hola', 'ZZZ.99', 'xyz123'])('%s finds nothing, and says so', async (query) => {
    const reply = await find(query);
    expect(reply.text).not.toMatch(/<article|class="codes"/);
    expect(plain(reply)).toContain(`Nothing was found for “${query}”.`);
  });

  test('what is written like a code of no system is told as that', async () => {
    const reply = await find('ZZZ.99');
    expect(plain(reply)).toContain('It is written like a code, but no code of ICD-10-CM, ICD-9-CM,');
    expect(plain(reply)).not.toContain('Use fewer words');
    expect(plain(await find('ZZZ.99', '&lang=es'))).toContain('Está escrito como un código');
  });

  test('a code without a title and without an article leads on to its name', async () => {
    expect(plain(await find('NDC 0093-7214-01'))).toContain('Type what it stands for: the condition, drug or test.');
    expect(plain(await find('Z53.20'))).not.toContain('Type what it stands for');
  });

  test('of a number that no library knows the systems are named whose code it may be, and none is offered that lacks it', async () => {
    const reply = await find('6810');
    expect(plain(reply)).toContain(
      'Codes of ICD-9-CM or RXCUI are written so, and the library knows it in none of them.',
    );
    expect(linksOf(reply.text).map(({ href }) => href)).not.toContain('/find?q=6810&system=rxnorm');
  });

  test.each([
    ['J0696', 'codes of HCPCS are for billing'],
    ['H0001', 'codes of HCPCS are for billing'],
    ['XW03331', 'codes of ICD-10-PCS are for billing'],
    ['27447', 'It may be a code of CPT'],
    ['Q99.99X', 'ICD-10-CM has no such code'],
  ])('%s is refused in words', async (code, words) => {
    const reply = await find(code);
    expect(plain(reply)).toContain(words);
    expect(reply.text).not.toContain('/article/');
  });

  test('a guess says what it is a guess at', async () => {
    expect(plain(await find('metforman'))).toContain('Did you mean “ Metformin ”?');
  });
});

describe('words of the other language are marked as such', () => {
  test.each([
    '/find?q=J45.909&lang=es',
    '/find?q=V90&lang=es',
    '/find?q=Z53.20&lang=es',
    '/code/icd-10-cm/J45?lang=es',
  ])('titles of codes in %s', async (path) => {
    const { text } = await open(path);
    const headings = [...text.matchAll(/<h[12][^>]*>(.*?)<\/h[12]>/gs)].map(([, inside = '']) => inside);
    const titled = headings.filter((inside) => /ICD-10-CM \S+:|^J45 /.test(inside));
    expect(titled.length).toBeGreaterThan(0);
    for (const inside of titled) expect(inside).toContain('<span lang="en">');
  });

  test('titles in the names of controls', async () => {
    const { text } = await open('/article/genetics-achondroplasia?lang=es');
    expect(text).toMatch(/Agregar a la hoja<span class="unseen"> \(<span lang="en">Achondroplasia/);
  });
});

test('the institute behind a topic is named on its row, its page and its handout', async () => {
  for (const path of [
    '/find?q=L70.0',
    '/article/topic-acne',
    '/article/topic-acne?lang=es',
    '/handout?article=topic-acne',
  ]) {
    expect(plain(await open(path))).toContain(`NIH: ${INSTITUTE}`);
  }
  expect(plain(await open('/article/topic-asthma'))).not.toContain('NIH:');
});

test('a clinician sees both readings beside each other where title and code contradict each other', async () => {
  const query =
    'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=L70&mainSearchCriteria.v.dn=Asthma';
  const text = plain(await open(`/application?${query}&performer=PROV`));
  const places = [
    'The code stands for this: ICD-10-CM L70',
    'Acne',
    'The words say this: Asthma',
    'found by the title Asthma',
  ];
  const found = places.map((place) => text.indexOf(place, text.indexOf('The code stands for this')));
  expect(found).toEqual([...found].sort((a, b) => a - b));
  expect(found).not.toContain(-1);
});

test('a summary stands below a heading of its own: no level is left out', async () => {
  const { text } = await open('/article/topic-acne');
  const levels = [...text.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  expect(levels.filter((level, at) => at > 0 && level > (levels[at - 1] ?? 0) + 1)).toEqual([]);
});

test('windows are called by what they show', async () => {
  const paths = [
    '/',
    '/nowhere',
    '/article/topic-nothing',
    '/packet',
    '/packet?code=I10',
    '/handout',
    '/browse',
    '/about',
    '/errors',
  ];
  const titles = await Promise.all(paths.map(async (path) => titleOf(await open(path))));
  expect(titles).toEqual([...new Set(titles)]);
});

test('an age that is none is told at its field', async () => {
  const body = new URLSearchParams({ list: 'I10', age: 'old' }).toString();
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const { status, text } = await ask(connector.url, '/packet', { method: 'POST', body, headers });
  const age = elementsOf(text, 'input')
    .map(attributesOf)
    .find(({ id }) => id === 'age');
  expect([status, age?.['aria-invalid']]).toEqual([400, 'true']);
  expect(text).toMatch(new RegExp(`id="${age?.['aria-describedby'] ?? ''}" role="alert"`));
});
