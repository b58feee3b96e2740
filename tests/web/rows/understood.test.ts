import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const get = async (path: string, accept = 'text/html'): Promise<string> => {
  const response = await fetch(`${connector.url}${path}`, { headers: { accept } });
  expect(response.status).toBe(200);
  return response.text();
};

async function packetOf(list: string): Promise<string> {
  const response = await fetch(`${connector.url}/packet`, { method: 'POST', body: new URLSearchParams({ list }) });
  expect(response.status).toBe(200);
  return response.text();
}

/** Every way in for words, and the text that it answers with. */
const DOORS: readonly (readonly [door: string, ask: (line: string) => Promise<string>])[] = [
  ['/search', (line) => get(`/search?q=${encodeURIComponent(line)}`, 'application/json')],
  ['/search as a feed', (line) => get(`/search?q=${encodeURIComponent(line)}&_format=atom`)],
  ['/find', (line) => get(`/find?q=${encodeURIComponent(line)}`)],
  ['/suggest', (line) => get(`/suggest?q=${encodeURIComponent(line)}`, 'application/json')],
  ['/application by title alone', (line) => get(`/application?mainSearchCriteria.v.dn=${encodeURIComponent(line)}`)],
  ['/packet', packetOf],
];

describe.each(DOORS)('%s', (_, ask) => {
  test('finds the page of a drug line, and no other', async () => {
    const answer = await ask('metformin 500 mg tablet');
    expect(answer).toContain('Metformin');
    expect(answer).not.toContain('Progestin');
  });

  test('says that there is no page for a drug in place of words', async () => {
    const answer = await ask('Contrave');
    expect(answer).toContain('No page for this drug');
    expect(answer).not.toContain('Bupropion');
  });

  test('selects nothing for an ambiguous abbreviation and says so', async () => {
    const answer = await ask('MS');
    expect(answer).toMatch(/error-prone/);
    expect(answer).not.toMatch(/"kind":"article"|class="card"|term="article"/);
  });

  test('holds what is denied, with the reason', async () => {
    const answer = await ask('denies chest pain');
    expect(answer).toContain('“denies” says that this is not there');
    expect(answer).not.toContain('Chest Pain');
  });

  test('finds nothing for nonsense with a dose', async () => {
    // Where else to look is no answer.
    const answer = (await ask('banana 500 mg tablet')).replace(/"nextSteps":\[.*?\]/, '');
    expect(answer).not.toMatch(/"kind":"article"|class="card"|term="article"|"url":/);
  });

  test('finds an abbreviation in any case', async () => {
    expect(await ask('sob')).toContain('Breathing Problems');
  });
});

test('the API offers the meanings of an abbreviation, the frequent one first, and no hits', async () => {
  const answer = JSON.parse(await get('/search?q=RA', 'application/json')) as object;
  expect(answer).toMatchObject({
    understood: 'abbreviation',
    reason: { code: 'several-meanings-abbreviation' },
    total: 0,
    hits: [],
  });
  const { readings } = answer as { readings: { means: string; query: string; articles: { id: string }[] }[] };
  expect(readings[0]).toMatchObject({ means: 'rheumatoid arthritis', articles: [{ id: 'topic-rheumatoidarthritis' }] });
});

test.each([
  ['adalimumab 40 mg tablet', 'no-drug-page-in-this-form', 'No page for this drug in this form.'],
  ['Contrave 8-90', 'no-drug-page', 'No page for this drug.'],
  [
    'lisinopril 10 mg, metformin 500 mg',
    'several-drugs',
    'The line names several drugs. Choose the one that is meant.',
  ],
  ['estradiol 1 mg', 'several-routes', 'The line does not say how this drug is taken. Choose the page that is meant.'],
])('%s selects nothing, and why: %s', async (query, code, text) => {
  const answer = JSON.parse(await get(`/search?q=${encodeURIComponent(query)}`, 'application/json')) as object;
  expect(answer).toMatchObject({ reason: { code, text }, total: 0, hits: [] });
});

test('pages on all ingredients of a combination are said to be those', async () => {
  const text = 'This drug is a combination without a page of its own. These are the pages on all of its ingredients.';
  const answer = JSON.parse(await get('/search?q=Percocet', 'application/json')) as object;
  expect(answer).toMatchObject({ remark: { code: 'each-ingredient', text }, total: 2 });
  expect(await get('/find?q=Percocet')).toContain(text);
  expect(await get('/search?q=Percocet&_format=atom')).toContain(text);
});

test('a drug without a page has a next step: its ingredients, the pharmacist, and searches that a person opens', async () => {
  const page = await get('/find?q=Contrave%208-90%20for%20Mrs%20Miller');
  expect(page).toContain('Ask the pharmacist.');
  expect(page).toContain('/find?q=naltrexone');
  const links = [...page.matchAll(/<a href="(https:\/\/[^"]*)"[^>]*>/g)].filter(([, href = '']) =>
    href.includes('contrave'),
  );
  expect(links).toHaveLength(2);
  for (const [link, href] of links) {
    expect(link).toContain('rel="noopener noreferrer"');
    // Of what was typed only the drug's own name.
    expect(href).not.toMatch(/miller|8-90/i);
  }
  expect(await get('/search?q=Contrave&_format=atom')).toContain('Ask the pharmacist.');
});

test('a page offers what was denied as a search of its own', async () => {
  expect(await get('/find?q=denies%20chest%20pain')).toContain('/find?q=chest+pain');
  expect(await get('/find?q=niega%20dolor%20de%20pecho&lang=es')).toContain('Buscar «dolor de pecho»');
});
