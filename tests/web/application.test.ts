import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { attributesOf, elementsOf, fieldsOf, linksOf, textOf } from './read-html.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
const GOOD = `${CS}&mainSearchCriteria.v.c=N53.14`;
const SPANISH = 'informationRecipient.languageCode.c=es';
const ARTICLE = 'https://medlineplus.gov/ency/article/001282.htm';
const OUR_SCRIPTS = ['page', 'basket'].map(
  (name) => new RegExp(`^<script type="module" src="/assets/${name}\\.js\\?v=[0-9a-f]{10}">$`),
);

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const open = (query: string, headers: Record<string, string> = {}): Promise<Reply> =>
  ask(connector.url, `/application${query ? `?${query}` : ''}`, { headers });

describe('the page answers', () => {
  test.each(['/application', '/medlineplus/services/mpconnect.cfm', '/mpconnect.cfm'])('at %s', async (path) => {
    const reply = await ask(connector.url, `${path}?${GOOD}`);
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(linksOf(reply.text).map(({ href }) => href)).toContain(ARTICLE);
  });

  test('a code with its whole article: names, review, topics, instructions, rights, and why', async () => {
    const { text } = await open(GOOD);
    const page = textOf(text);
    const parts = ['Retrograde ejaculation', 'Ejaculation retrograde', 'Dry climax', 'A.D.A.M.', 'January 31, 2019'];
    const more = [
      'March 23, 2020',
      'Male Infertility',
      'Sexual Problems in Men',
      'Copyright',
      'medical emergency',
      'N53.14',
    ];
    for (const part of [...parts, ...more]) expect(page).toContain(part);
    const hrefs = linksOf(text).map(({ href }) => href);
    for (const number of ['000299', '000300', '000301']) expect(hrefs).toContain(`/article/encypi-${number}`);
  });

  test('in Spanish, marked as such', async () => {
    const { text, headers } = await open(`${GOOD}&${SPANISH}`);
    expect(headers['content-language']).toBe('es');
    expect(attributesOf(elementsOf(text, 'html')[0] ?? '').lang).toBe('es');
    expect(linksOf(text).map(({ href }) => href)).toContain('https://medlineplus.gov/spanish/ency/article/001282.htm');
    expect(textOf(text)).toContain('Resultados de «N53.14»');
    expect(textOf(text)).not.toMatch(/Results for|Reviewed by|Also called/);
  });

  test('an article that lacks the asked language is offered in the other and marked', async () => {
    const { text } = await open(`${CS}&mainSearchCriteria.v.c=D61.01&${SPANISH}`);
    expect(textOf(text)).toContain('Disponible solo en inglés.');
    expect(text).toMatch(/<h3 [^>]*lang="en">/);
  });

  test('a code that belongs to another system with a hint', async () => {
    const { status, text } = await open(
      'mainSearchCriteria.v.cs=2.16.840.1.113883.6.103&mainSearchCriteria.v.c=N53.14',
    );
    expect(status).toBe(200);
    expect(textOf(text)).toContain('ICD-10-CM');
    expect(elementsOf(text, 'div').some((tag) => attributesOf(tag).role === 'status')).toBe(true);
  });

  test.each(['application/json', 'text/xml', 'application/javascript', 'text/html', 'image/png'])(
    'a request for %s with the page, whoever asks',
    async (type) => {
      const query = `${GOOD}&knowledgeResponseType=${encodeURIComponent(type)}`;
      for (const headers of [{}, { Accept: 'text/html,*/*;q=0.8' }, { Accept: type }]) {
        const { status, text } = await open(query, headers);
        expect(status).toBe(200);
        expect(text).toMatch(/^<!DOCTYPE html>/);
        expect(linksOf(text).map(({ href }) => href)).toContain(ARTICLE);
      }
    },
  );
});

describe('the search box is filled with what was sent', () => {
  test.each([
    ['no parameter', '', 200, ''],
    ['empty parameters', 'mainSearchCriteria.v.c=&mainSearchCriteria.v.cs=&mainSearchCriteria.v.dn=', 200, ''],
    ['a title alone', 'mainSearchCriteria.v.dn=Dry%20climax', 200, 'Dry climax'],
    ['a title and a system', `${CS}&mainSearchCriteria.v.dn=Dry%20climax`, 200, 'Dry climax'],
    ['free text alone', 'mainSearchCriteria.v.ot=Dry%20climax', 200, 'Dry climax'],
    ['a code without a system', 'mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.dn=X', 400, 'N53.14'],
    ['an unknown system', 'mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=7', 400, '7'],
    ['a title in it', 'mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=7&mainSearchCriteria.v.dn=X', 200, '7'],
    ['an impossible code', `${CS}&mainSearchCriteria.v.c=hello&mainSearchCriteria.v.dn=X`, 200, 'hello'],
  ])('%s', async (_name, query, status, filled) => {
    for (const language of ['en', 'es']) {
      const reply = await open(`${query}&informationRecipient.languageCode.c=${language}`);
      expect(reply.status).toBe(status);
      const form = attributesOf(elementsOf(reply.text, 'form')[0] ?? '');
      expect(form).toMatchObject({ action: '/packet', method: 'post', role: 'search' });
      expect(fieldsOf(reply.text).q).toBe(filled);
      const alerts = elementsOf(reply.text, 'p').filter((tag) => attributesOf(tag).role === 'alert');
      expect(alerts).toHaveLength(status === 400 ? 1 : 0);
    }
  });

  test('a title without a code is searched by its words, and the answer kept nowhere', async () => {
    for (let times = 0; times < 2; times++) {
      const { text, headers } = await open('mainSearchCriteria.v.dn=Dry%20climax');
      expect(linksOf(text).map(({ href }) => href)).toContain(ARTICLE);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(connector.logLines.slice(-2).map(({ cache }) => cache)).toEqual(['miss', 'miss']);
  });

  test('a code without its system can be looked up in all of them', async () => {
    const { text } = await open('mainSearchCriteria.v.c=N53.14');
    expect(linksOf(text).map(({ href }) => href)).toContain('/find?q=N53.14');
  });
});

describe('script text stands in the page as text', () => {
  const EVIL = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>{{name}}$&$t(page.title)';
  const NAMES = ['v.c', 'v.cs', 'v.csn', 'v.dn', 'v.ot', 'v.c1', 'v.dn1'].map((end) => `mainSearchCriteria.${end}`);
  const OTHERS = [
    'informationRecipient.languageCode.c',
    'age.v.v',
    'age.v.u',
    'subTopic.v.c',
    'taskContext.c.c',
    'performer',
    'x',
  ];
  test.each([...NAMES, ...OTHERS])('in %s', async (name) => {
    const evil = `${name}=${encodeURIComponent(EVIL)}`;
    const whole = name.endsWith('.c') ? `${evil}&${CS}` : name.endsWith('dn') ? `${GOOD}&${evil}` : `${evil}&${GOOD}`;
    for (const query of [evil, whole, `${evil}&${SPANISH}`, `${encodeURIComponent(EVIL)}=1`]) {
      const { text } = await open(query, { Accept: 'text/html' });
      expect(text).not.toMatch(/<script>|<img|onerror=alert\(1\)>(?!.)/i);
      expect(elementsOf(text, 'img|iframe|object|embed|base')).toEqual([]);
      expect(elementsOf(text, 'script')).toEqual(OUR_SCRIPTS.map((script): unknown => expect.stringMatching(script)));
      expect(text.match(/<[^>]*\son\w+\s*=/i)).toBeNull();
    }
  });

  test('and is shown just as it was sent', async () => {
    const { text } = await open(
      `${CS}&mainSearchCriteria.v.c=${encodeURIComponent(EVIL)}&mainSearchCriteria.v.dn=${encodeURIComponent(EVIL)}`,
    );
    expect(fieldsOf(text).q).toBe(EVIL);
    expect(textOf(text)).toContain(EVIL);
  });
});

describe('the link to the other language', () => {
  const other = async (query: string): Promise<URL> => {
    const { text } = await open(query);
    const link = linksOf(text).find(({ hreflang, href }) => hreflang !== undefined && href?.startsWith('/'));
    return new URL(link?.href ?? '', connector.url);
  };

  test.each([
    [GOOD, 'es'],
    [`${GOOD}&${SPANISH}`, 'en'],
    ['mainSearchCriteria.v.c=N53.14', 'es'],
    ['', 'es'],
  ])('from %s leads to %s', async (query, language) => {
    const { searchParams } = await other(query);
    const asked = ['informationRecipient.languageCode.c', 'lang'].flatMap((name) => searchParams.getAll(name));
    expect(asked).toEqual([language]);
  });

  test('keeps code, system, title and context', async () => {
    const context = 'age.v.v=70&age.v.u=a&taskContext.c.c=PROBLISTREV&informationRecipient=PROV';
    const { searchParams } = await other(`${GOOD}&mainSearchCriteria.v.dn=A%26B&${context}`);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      'mainSearchCriteria.v.c': 'N53.14',
      'mainSearchCriteria.v.cs': '2.16.840.1.113883.6.90',
      'mainSearchCriteria.v.dn': 'A&B',
      'age.v.v': '70',
      'age.v.u': 'a',
      'taskContext.c.c': 'PROBLISTREV',
      informationRecipient: 'PROV',
    });
  });

  test('keeps every criterion and every sub-topic', async () => {
    const two =
      'mainSearchCriteria.v.c1=J45&mainSearchCriteria.v.cs1=2.16.840.1.113883.6.90&subTopic.v.c=Q000628&subTopic.v.c1=Q000175';
    const kept = [...(await other(`${GOOD}&${two}`)).searchParams].filter(([name]) => /^(?:main|sub)/.test(name));
    // The first of a name counts: repeats need names of their own.
    expect(kept.map(([name]) => name)).toEqual([...new Set(kept.map(([name]) => name))]);
    expect(kept.map(([, value]) => value).sort()).toEqual(
      ['2.16.840.1.113883.6.90', '2.16.840.1.113883.6.90', 'J45', 'N53.14', 'Q000175', 'Q000628'].sort(),
    );
  });

  test.each([
    'holder.assignedEntity.n',
    'holder.assignedEntity.certificateText',
    'patientPerson.id.root',
    'patientPerson.birthTime.v',
    'knowledgeRequestNotification.effectiveTime.v',
    'assignedAuthorizedPerson.id.root',
    'token',
    'callback',
  ])('never holds %s, nor does the page', async (name) => {
    const { text } = await open(`${GOOD}&${name}=zqsecretqz`);
    expect(text).not.toContain('zqsecretqz');
  });
});

describe('the page is plain and accessible', () => {
  const two = `${CS}&mainSearchCriteria.v.c=J45&mainSearchCriteria.v.c1=J45.909&mainSearchCriteria.v.cs1=2.16.840.1.113883.6.90`;
  const QUERIES = [
    '',
    GOOD,
    `${GOOD}&${SPANISH}`,
    `${CS}&mainSearchCriteria.v.c=ZZZ`,
    'mainSearchCriteria.v.c=1',
    `${two}&mainSearchCriteria.v.c2=J44&mainSearchCriteria.v.cs2=2.16.840.1.113883.6.90`,
  ];
  test.each(QUERIES)('%s', async (query) => {
    const { text } = await open(query);
    expect(elementsOf(text, 'script|style')).toEqual(
      OUR_SCRIPTS.map((script): unknown => expect.stringMatching(script)),
    );
    expect(text.match(/<[^>]*\sstyle\s*=/i)).toBeNull();
    for (const link of linksOf(text)) {
      expect(link.href).toMatch(/^(https?:\/\/|\/|#)/);
      if (/^https?:/.test(link.href ?? '')) expect(link.rel?.split(' ')).toContain('noreferrer');
    }
    const labelled = elementsOf(text, 'label').map((tag) => attributesOf(tag).for);
    const fields = elementsOf(text, 'input|select|textarea').map(attributesOf);
    for (const { id } of fields.filter(({ type }) => type !== 'hidden')) expect(labelled).toContain(id);
    const ids = [...text.matchAll(/<[^>]*\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(elementsOf(text, 'h1')).toHaveLength(1);
    expect(elementsOf(text, 'main')).toHaveLength(1);
    expect(elementsOf(text, 'title')).toHaveLength(1);
    expect(text).toContain('name="viewport"');
  });
});

describe('a site of its own', () => {
  test('shows its name and its own handout, served by us', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder.path, 'icd10_n53.14_en.html'), '<!DOCTYPE html><title>&lt;b&gt;Our <i>page</title>');
    const env = {
      LOCAL_LIBRARY: folder.path,
      CONNECTOR_NAME: '<b>St. & Ann</b>',
      PUBLIC_URL: 'https://connect.example',
    };
    const site = await startConnector({ env });
    const { text } = await ask(site.url, `/application?${GOOD}`);
    await site.stop();
    folder.remove();
    expect(linksOf(text).map(({ href }) => href)).toContain('https://connect.example/handouts/icd10_n53.14_en.html');
    expect(textOf(text)).toContain('<b>St. & Ann</b>');
    expect(elementsOf(text, 'b|i')).toEqual([]);
  });

  test('shows the summary of a page in the public domain, escaped, and never that of a licensed one', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder.path, 'articles'));
    const summaries = (id: string): string =>
      `id,title,url,also_called,origin,summary\n${id},Page,https://medlineplus.gov/page.html,,curated,5 < 6 <b>zq</b>\n`;
    writeFileSync(join(folder.path, 'articles/ency.en.csv'), summaries('ency-001282'));
    writeFileSync(join(folder.path, 'articles/topic.en.csv'), summaries('topic-asthma'));
    const site = await startConnector({ env: { LOCAL_LIBRARY: folder.path } });
    const free = await ask(site.url, `/application?${CS}&mainSearchCriteria.v.c=J45.909`);
    const licensed = await ask(site.url, `/application?${GOOD}`);
    await site.stop();
    folder.remove();
    expect(free.text).toContain('<div class="summary" lang="en"><p>5 &lt; 6 &lt;b&gt;zq&lt;/b&gt;</p></div>');
    expect(licensed.text).toContain('https://medlineplus.gov/page.html');
    expect(licensed.text).not.toContain('zq');
  });

  test('below a path of its host keeps every link below that path', async () => {
    const site = await startConnector({ env: { PUBLIC_URL: 'https://hospital.example/connect' } });
    const { text } = await ask(site.url, `/application?${GOOD}`);
    await site.stop();
    const own = [...text.matchAll(/(?:href|action|src)="(\/[^"]*|https:\/\/hospital[^"]*)"/g)].map(
      ([, address]) => address ?? '',
    );
    expect(own.length).toBeGreaterThan(2);
    const base = 'https://hospital.example/connect/';
    expect(own.filter((address) => !new URL(address, base).href.startsWith(base))).toEqual([]);
  });
});
