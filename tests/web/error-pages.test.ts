import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
