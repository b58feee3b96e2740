import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../http/ask.js';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { attributesOf, elementsOf, fieldsOf, linksOf, textOf } from '../read-html.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const open = (path: string, language?: string): Promise<Reply> =>
  ask(connector.url, path, {
    headers: { Accept: 'text/html', ...(language === undefined ? {} : { 'Accept-Language': language }) },
  });
const hrefsOf = ({ text }: Reply): (string | undefined)[] => linksOf(text).map(({ href }) => href);
const rowsOf = ({ text }: Reply): string[] => elementsOf(text, 'article').filter((tag) => tag.includes('"card"'));
const kindsOf = (reply: Reply): Set<string | undefined> =>
  new Set(rowsOf(reply).map((tag) => attributesOf(tag)['data-kind']));

describe('results of words', () => {
  test('twelve of them first, then all, each a row that opens', async () => {
    const first = await open('/find?q=cancer');
    expect(rowsOf(first)).toHaveLength(12);
    expect(elementsOf(first.text, 'summary').length).toBeGreaterThanOrEqual(12);
    expect(hrefsOf(first)).toContain('/find?q=cancer&all=true');
    const all = await open('/find?q=cancer&all=true');
    expect(rowsOf(all).length).toBeGreaterThan(12);
    expect(hrefsOf(all)).not.toContain('/find?q=cancer&all=true');
  });

  test.each([
    ['/find?q=vitamin+k&all=true', 'Add to handout ( Vitamin K , A.D.A.M., Inc.)'],
    ['/find?q=asthma&all=true', undefined],
    ['/packet?code=icd-10-cm|J45.909', undefined],
  ])('have a name each, where two of them have one title: %s', async (path, name) => {
    const { text } = await open(path);
    const names = [...text.matchAll(/<label class="add"[^>]*>(.*?)<span class="add-off"/gs)].map(([, inside = '']) =>
      textOf(inside).replace(/\s+/g, ' ').trim(),
    );
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
    if (name !== undefined) expect(names).toContain(name);
  });

  test('are narrowed by kind and by language, and say how many there are of each', async () => {
    const reply = await open('/find?q=sickle&kind=genetics');
    expect(kindsOf(reply)).toEqual(new Set(['genetics']));
    const page = textOf(reply.text).replace(/\s+/g, ' ');
    expect(page).toMatch(/Kind: All \(\d+\) .*Genetics \(\d+\)/);
    expect(hrefsOf(reply)).toContain('/find?q=sickle&kind=genetics&in=es');
    // Genetics pages are in English alone: a filter that leaves nothing leaves the filters.
    const none = await open('/find?q=sickle&kind=genetics&in=es');
    expect([rowsOf(none).length, textOf(none.text).includes('No article is listed here.')]).toEqual([0, true]);
    expect(hrefsOf(none)).toEqual(expect.arrayContaining(['/find?q=sickle&in=es', '/find?q=sickle&kind=genetics']));
    expect(kindsOf(await open('/find?q=sickle&kind=nonsense&in=xx')).size).toBeGreaterThan(1);
  });
});

describe('the language of a page', () => {
  test.each([
    [undefined, '', 'en', '/browse', '/about?lang=es'],
    ['es-MX,es;q=0.9,en;q=0.5', '', 'es', '/browse', '/about?lang=en'],
    ['es', '?lang=en', 'en', '/browse?lang=en', '/about'],
    ['en;q=0.4, es;q=0.8', '', 'es', '/browse', '/about?lang=en'],
    ['fr, *;q=0.1', '', 'en', '/browse', '/about?lang=es'],
    ['fr', '', 'en', '/browse', '/about?lang=es'],
  ])('%s and “%s”: %s', async (sent, query, language, browse, other) => {
    // Twice: the second comes from the cache.
    for (const _turn of [1, 2]) {
      const reply = await open(`/about${query}`, sent);
      expect(reply.headers['content-language']).toBe(language);
      expect(hrefsOf(reply)).toEqual(expect.arrayContaining([browse, other]));
    }
  });

  test('an infobutton request that says what the patient reads is answered in that', async () => {
    const asked = '/application?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.909';
    expect((await open(asked, 'es')).headers['content-language']).toBe('es');
    const english = await open(`${asked}&informationRecipient.languageCode.c=en`, 'es');
    expect(english.headers['content-language']).toBe('en');
  });
});

describe('the basket without a script', () => {
  test('is carried by every link and form, and is in no cached page', async () => {
    const reply = await open('/about?basket=topic-acne&article=topic-asthma,topic-none&article=<script>');
    expect(fieldsOf(reply.text).basket).toBe('topic-asthma');
    expect(textOf(reply.text)).toMatch(/Handout: 2/);
    const links = hrefsOf(reply).filter((href) => href?.startsWith('/browse') || href?.startsWith('/about?'));
    for (const href of links) expect(href).toContain('basket=topic-acne%2Ctopic-asthma');
    expect(links.length).toBeGreaterThan(1);
    expect(textOf((await open('/about')).text)).not.toContain('Handout: 2');
  });

  test('takes so many articles', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => `topic-x${at}`).join();
    expect((await open(`/about?basket=${ids}`)).status).toBe(200);
  });
});
