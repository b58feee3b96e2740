import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ERRORS } from '../../src/core/errors.js';
import type { Asking, Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { attributesOf, elementsOf, linksOf } from './read-html.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const open = (path: string, more: Asking = {}): Promise<Reply> =>
  ask(connector.url, path, { ...more, headers: { Accept: 'text/html', ...more.headers } });
const languageOf = ({ text }: Reply): string | undefined => attributesOf(elementsOf(text, 'html')[0] ?? '').lang;
/** Where the other language is asked for. */
const otherOf = ({ text }: Reply): string => linksOf(text).find(({ hreflang }) => hreflang !== undefined)?.href ?? '';
const problemOf = ({ text }: Reply): string => /role="alert">([^<]*)</.exec(text)?.[1] ?? '';

const TOO_LONG = 'x'.repeat(201);

describe('a page with an error leads to itself in the other language', () => {
  test.each<[string, number]>([
    ['/article/topic-none', 404],
    ['/article/%3Cscript%3E', 404],
    ['/code/none/E11', 404],
    ['/nowhere/at/all', 404],
    ['/article/%E0%A4%A', 400],
    [`/find?q=${TOO_LONG}`, 400],
    ['/feedback?article=topic-none', 404],
    ['/application?mainSearchCriteria.v.c=J45&mainSearchCriteria.v.cs=none', 400],
    ['/application/?mainSearchCriteria.v.c=J45&mainSearchCriteria.v.cs=none', 400],
  ])('%s', async (path, status) => {
    const english = await open(path);
    expect([english.status, languageOf(english)]).toEqual([status, 'en']);
    const spanish = await open(otherOf(english));
    expect([spanish.status, languageOf(spanish)]).toEqual([status, 'es']);
    expect(problemOf(spanish)).not.toBe(problemOf(english));
    const back = await open(otherOf(spanish));
    expect([back.status, languageOf(back), problemOf(back)]).toEqual([status, 'en', problemOf(english)]);
  });

  test('of a form by its address alone: nothing that was filled in goes into a link', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = 'list=J45.909&age=7&name=Jane&q=%7B%22resourceType%22%3A1';
    const reply = await open('/nowhere?patient=Jane', { method: 'POST', headers, body });
    expect([reply.status, otherOf(reply)]).toEqual([404, '/nowhere?lang=es']);
  });

  test.each(['//example.org/x', '/\\example.org', `/${'a'.repeat(2000)}`])(
    'but never to another host, nor to an address without end: %s',
    async (path) => {
      expect(otherOf(await open(path))).toBe('/?lang=es');
    },
  );
});

describe('an error leads to the heading that explains its code', () => {
  const idsOf = (text: string): string[] => [...text.matchAll(/<h2 id="([a-z-]+)"/g)].map(([, id = '']) => id);

  test('the page has a heading for each code, in both languages, and is open where a token is required', async () => {
    const closed = await startConnector({
      env: { REQUIRE_AUTHENTICATION: 'all', READ_TOKENS: 'a-token-of-this-test' },
    });
    try {
      expect((await ask(closed.url, '/about')).status).toBe(401);
      for (const language of ['en', 'es']) {
        const { status, text } = await ask(closed.url, `/errors?lang=${language}`);
        expect([status, idsOf(text).sort()]).toEqual([200, Object.keys(ERRORS).sort()]);
      }
    } finally {
      await closed.stop();
    }
  });

  test.each([
    ['/article/topic-none', 'text/html', 'article-not-found'],
    ['/nowhere', 'text/html', 'not-found'],
    ['/service?mainSearchCriteria.v.c=J45', '*/*', 'missing-code-system'],
    ['/service?mainSearchCriteria.v.c=J45&knowledgeResponseType=application/json', '*/*', 'missing-code-system'],
    ['/fhir/DocumentReference/none', '*/*', 'article-not-found'],
    ['/fhir/Nothing', '*/*', 'unknown-resource-type'],
    ['/search', '*/*', 'missing-query'],
    ['/cds-services/nothing', '*/*', 'method-not-allowed'],
  ])('%s as %s: %s', async (path, accept, code) => {
    const { headers } = await ask(connector.url, path, { headers: { Accept: accept } });
    expect(headers.link).toBe(`<${connector.url}/errors#${code}>; rel="help"`);
  });

  test('with a link on the page, in the language of the page', async () => {
    const { text } = await open('/article/topic-none?lang=es');
    expect(linksOf(text).map(({ href }) => href)).toContain('/errors?lang=es#article-not-found');
  });

  test('but not where its reader gets no header: a script', async () => {
    const jsonp = '/service?mainSearchCriteria.v.c=J45&knowledgeResponseType=application/javascript&callback=read';
    const { status, headers } = await ask(connector.url, jsonp);
    expect([status, headers.link]).toEqual([200, undefined]);
  });
});
