import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseRecords } from '../../../src/build/read-rows.js';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import { complaintOf, formatOf, isWellFormed } from '../../http/decent.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

interface Answer {
  readonly release: string;
  readonly language: string;
  readonly total: number;
  readonly hits: readonly Record<string, unknown>[];
}

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { PUBLIC_URL: 'http://connector.test/' } });
});
afterAll(() => connector.stop());

/** A topic that the starter has in English alone: which ones these are changes with the catalogue. */
function onlyInEnglish(): { id: string; title: string } {
  const read = (language: string) =>
    parseRecords(readFileSync(`resources/articles/topic.${language}.csv`, 'utf8')).map(({ record }) => record);
  const inSpanish = new Set(read('es').map(({ id }) => id));
  const { id = '', title = '' } = read('en').find((record) => !inSpanish.has(record.id)) ?? {};
  return { id, title };
}

async function search(query: string): Promise<Answer> {
  const response = await fetch(`${connector.url}/search?${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

describe('a code that finds nothing', () => {
  test.each([
    ['J0696', 'billing-code'],
    ['99213', 'code-not-known'],
    ['ZZ99-1', 'no-such-code'],
    ['44054007', 'code-not-known'],
  ])('%s has its reason in words, in JSON and as a feed: %s', async (query, code) => {
    const answer = (await search(`q=${query}`)) as Answer & { readonly reason?: { code: string; text: string } };
    expect(answer.total).toBe(0);
    expect(answer.reason?.code).toBe(code);
    expect(answer.reason?.text).not.toBe('');
    const feed = await (await fetch(`${connector.url}/search?q=${query}&_format=atom`)).text();
    expect(feed).toContain(`term="${code}"`);
  });

  test('words that find nothing have none', async () => {
    expect(await search('q=zzyzx+qwerty')).not.toHaveProperty('reason');
  });
});

describe('a query that is understood and finds nothing', () => {
  const steps = async (query: string) =>
    ((await search(query)) as Answer & { readonly nextSteps?: readonly Record<string, string>[] }).nextSteps ?? [];

  test('names the next steps for a drug without a page, in the words of the page', async () => {
    const found = await steps('q=Zolgensma');
    expect(found.map(({ text }) => text)).toContain(
      'Ask the pharmacist. These sites may have information on this drug:',
    );
    const sites = found.flatMap(({ url = '' }) => (url === '' ? [] : [new URL(url).hostname]));
    expect(sites).toHaveLength(2);
    expect(sites[0]).toBe('dailymed.nlm.nih.gov');
    const feed = await (await fetch(`${connector.url}/search?q=Zolgensma&_format=atom`)).text();
    expect(feed).toContain('rel="related"');
    expect(isWellFormed(feed)).toBe(true);
  });

  test('names the subject of a held line', async () => {
    expect(await steps('q=denies+chest+pain')).toEqual([{ text: 'Search for “chest pain”', query: 'chest pain' }]);
  });

  test('has no next steps where something is found', async () => {
    expect(await steps('q=asthma')).toEqual([]);
  });
});

describe('an answer', () => {
  test('names its release, its language and how many hits it shows', async () => {
    const { release, language, total, hits } = await search('q=asthma&lang=es&count=3');
    expect({ release, language, total }).toEqual({
      release: connector.library.status().release,
      language: 'es',
      total: 3,
    });
    expect(hits).toHaveLength(3);
  });

  test('tells of an article what it is, where it is and by what it was found', async () => {
    const { hits } = await search('q=retrograde+ejaculation&kind=article&count=1');
    expect(hits).toEqual([
      {
        kind: 'article',
        id: 'ency-001282',
        title: 'Retrograde ejaculation',
        language: 'en',
        url: 'https://medlineplus.gov/ency/article/001282.htm',
        publisher: 'A.D.A.M., Inc.',
        sensitivity: 'SEX',
        matched: 'title',
      },
    ]);
  });

  test('tells of a concept its code and its code system, and no address', async () => {
    const { hits } = await search('q=n5314&kind=concept');
    expect(hits).toEqual([
      {
        kind: 'concept',
        system: 'http://hl7.org/fhir/sid/icd-10-cm',
        systemName: 'ICD-10-CM',
        code: 'N53.14',
        title: 'Retrograde ejaculation',
        parent: 'N53.1',
        billable: true,
        matched: 'code',
      },
    ]);
  });

  test('shows an article in the asked language, else in the one it has, and says which', async () => {
    const inSpanish = await search('q=metformin&lang=es-MX&count=1');
    expect(inSpanish.hits[0]).toMatchObject({ id: 'drug-a696005', title: 'Metformina', language: 'es' });
    const { id, title } = onlyInEnglish();
    const { hits } = await search(`q=${encodeURIComponent(title)}&lang=es&kind=article`);
    expect(hits.find((hit) => hit.id === id)).toMatchObject({ title, language: 'en' });
  });

  test('is ten hits unless another number is asked for', async () => {
    expect((await search('q=cancer')).total).toBe(10);
    const { total } = await search(`q=cancer&count=${LIMITS.maxHits}`);
    expect(total).toBeGreaterThan(10);
    expect(total).toBeLessThanOrEqual(LIMITS.maxHits);
  });

  test('is the same every time', async () => {
    expect(await search('q=heart&count=50')).toEqual(await search('q=heart&count=50'));
  });

  test('is empty where nothing is found', async () => {
    expect(await search('q=qqqqqqqqqq')).toMatchObject({ total: 0, hits: [] });
    expect(await search('q=%3F%3F')).toMatchObject({ total: 0, hits: [] });
  });
});

describe('the format', () => {
  test.each([
    ['', undefined, 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'application/json', 'application/json'],
    ['', 'application/atom+xml', 'application/atom+xml'],
    ['', 'text/xml', 'application/atom+xml'],
    ['', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['&_format=atom', 'application/json', 'application/atom+xml'],
    ['&_format=application/atom%2Bxml', undefined, 'application/atom+xml'],
    ['&_format=application/atom+xml', undefined, 'application/atom+xml'],
    ['&_format=json', 'application/atom+xml', 'application/json'],
  ])('%j with Accept %j is %s', async (format, accept, type) => {
    const headers = accept === undefined ? {} : { Accept: accept };
    const reply = await ask(connector.url, `/search?q=flu${format}`, { headers });
    expect([reply.status, reply.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect(formatOf(reply)).toBe(type.endsWith('json') ? 'json' : 'xml');
  });

  test.each([
    ['&_format=pdf', undefined],
    ['', 'image/png'],
  ])('%j with Accept %j is not offered', async (format, accept) => {
    const headers = accept === undefined ? {} : { Accept: accept };
    const reply = await ask(connector.url, `/search?q=flu${format}`, { headers });
    expect([reply.status, JSON.parse(reply.text)]).toMatchObject([
      406,
      { error: { code: 'unsupported-response-type' } },
    ]);
  });

  test('a feed is well-formed whatever was typed, and says it back escaped', async () => {
    const { text } = await ask(
      connector.url,
      `/search?_format=atom&q=${encodeURIComponent('<b>flu</b> & \u0001 ]]>')}`,
    );
    expect(isWellFormed(text)).toBe(true);
    expect(text).toContain('&lt;b&gt;flu&lt;/b&gt; &amp;');
  });
});

describe('a request that is not understood', () => {
  test.each([
    ['', 400, 'missing-query', 'q'],
    ['q=', 400, 'missing-query', 'q'],
    ['q=%20%09', 400, 'missing-query', 'q'],
    [`q=${'a'.repeat(LIMITS.maxQueryChars + 1)}`, 400, 'query-too-long', String(LIMITS.maxQueryChars)],
    ['q=flu&count=0', 400, 'bad-parameter-value', 'count'],
    [`q=flu&count=${LIMITS.maxHits + 1}`, 400, 'bad-parameter-value', 'count'],
    ['q=flu&count=ten', 400, 'bad-parameter-value', 'count'],
    ['q=flu&count=1e1', 400, 'bad-parameter-value', 'count'],
    ['q=flu&count=-1', 400, 'bad-parameter-value', 'count'],
    ['q=flu&lang=klingon', 400, 'bad-parameter-value', 'lang'],
    ['q=flu&kind=page', 400, 'bad-parameter-value', 'kind'],
  ])('%s is %i %s, in the format that it asks for', async (query, status, code, named) => {
    const json = await ask(connector.url, `/search?${query}`);
    expect(json.status).toBe(status);
    const { error } = JSON.parse(json.text) as { error: { code: string; status: number; message: string } };
    expect(error).toMatchObject({ code, status });
    expect(error.message).toContain(named);
    const xml = await ask(connector.url, `/search?${query}`, { headers: { Accept: 'application/atom+xml' } });
    expect([xml.status, xml.headers['content-type']]).toEqual([status, 'application/xml; charset=utf-8']);
    expect(xml.text).toContain(`<error><code>${code}</code><status>${status}</status>`);
    expect(complaintOf(xml)).toBeUndefined();
  });

  test('is told in the asked language', async () => {
    const { text } = await ask(connector.url, '/search?lang=es');
    expect(text).toContain('No hay nada que buscar');
  });

  test('at its limits it is understood', async () => {
    const long = `${'a'.repeat(LIMITS.maxQueryChars - 4)} flu`;
    expect((await ask(connector.url, `/search?q=${encodeURIComponent(long)}`)).status).toBe(200);
    expect((await ask(connector.url, '/search?q=flu&count=1&lang=&kind=&x=y')).status).toBe(200);
  });
});

describe('what a person types', () => {
  const typed = 'jane doe 1970-01-31 asthma';

  test('is in no log line and on no counter, and its answer is kept nowhere', async () => {
    const path = `/search?q=${encodeURIComponent(typed)}`;
    const first = await ask(connector.url, path);
    await ask(connector.url, path);
    expect(first.headers['cache-control']).toBe('no-store');
    expect(first.headers['x-library-release']).toBe(connector.library.status().release);
    const lines = connector.logLines.filter(({ route }) => route === '/search').slice(-2);
    expect(lines).toMatchObject([
      { protocol: 'search', status: 200, cache: 'off' },
      { protocol: 'search', status: 200, cache: 'off' },
    ]);
    const metrics = (await ask(connector.url, '/metrics')).text;
    for (const word of typed.split(' ')) {
      expect(JSON.stringify(connector.logLines)).not.toContain(word);
      expect(metrics).not.toContain(word);
    }
  });
});

describe('a search in a language that is none of ours', () => {
  const STATEMENT = 'https://www.immunize.org/wp-content/uploads/vis/vietnamese_mmr.pdf';

  test('says first that no article is in it, and links to the pages that are', async () => {
    const answer = (await search('q=mmr+vaccine&lang=vi&kind=article')) as Answer & { notice: object };
    expect(answer).toMatchObject({
      language: 'en',
      notice: {
        code: 'language-linked',
        text: 'No article here is in Vietnamese; related links lead to pages that are.',
      },
    });
    expect(answer.hits.flatMap(({ links = [] }) => links)).toContainEqual({
      language: 'vi',
      title: 'MMR Vaccine (Measles, Mumps, Rubella)',
      url: STATEMENT,
      publisher: 'Immunize.org',
    });
  });

  test('as a feed, in its subtitle and its links', async () => {
    const { text } = await ask(connector.url, '/search?q=mmr+vaccine&lang=vi&kind=article&_format=atom');
    expect(isWellFormed(text)).toBe(true);
    expect(text).toMatch(
      /<subtitle type="text">No article here is in Vietnamese; related links lead to pages that are\. /,
    );
    expect(text).toMatch(new RegExp(`<link href="${STATEMENT}" rel="related"[^>]* hreflang="vi"`));
  });

  test('says so too where no page is in it, and nothing where nothing is found', async () => {
    expect(await search('q=retrograde+ejaculation&lang=vi')).toMatchObject({ notice: { code: 'language-absent' } });
    expect(await search('q=qzxqzx&lang=vi')).not.toHaveProperty('notice');
    expect(await search('q=mmr+vaccine&lang=es')).not.toHaveProperty('notice');
  });
});
