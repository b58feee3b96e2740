import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import { importPlace } from '../import/import-place.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { attributesOf, elementsOf, fieldsOf, linksOf, textOf } from './read-html.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const open = (path: string): Promise<Reply> => ask(connector.url, path, { headers: { Accept: 'text/html' } });
const find = (query: string, more = ''): Promise<Reply> => open(`/find?q=${encodeURIComponent(query)}${more}`);
const hrefsOf = ({ text }: Reply): (string | undefined)[] => linksOf(text).map(({ href }) => href);
const ticked = ({ text }: Reply): (string | undefined)[] =>
  elementsOf(text, 'input')
    .map(attributesOf)
    .filter(({ checked }) => checked !== undefined)
    .map(({ value }) => value);

const ASTHMA = 'https://medlineplus.gov/asthma.html';

describe('the one search box', () => {
  test.each([
    ['a code', 'J45.909', ASTHMA],
    ['a code as people write it', 'j45909', ASTHMA],
    ['an ICD-9-CM code', '493.90', ASTHMA],
    ['a SNOMED CT code', '195967001', ASTHMA],
    ['a code behind the name of its system', 'ICD-10-CM J45.909', ASTHMA],
    ['a word', 'asthma', ASTHMA],
    ['a misspelt word', 'astmah', ASTHMA],
    ['a drug', 'metformin', 'https://medlineplus.gov/druginfo/meds/a696005.html'],
    ['a test', 'hemoglobin A1C', 'https://medlineplus.gov/lab-tests/hemoglobin-a1c-hba1c-test/'],
    ['a Spanish word', 'asma', ASTHMA],
  ])('finds by %s', async (_name, query, address) => {
    const reply = await find(query);
    expect(reply.status).toBe(200);
    expect(hrefsOf(reply)).toContain(address);
    expect(fieldsOf(reply.text).q).toBe(query);
  });

  test('answers in Spanish', async () => {
    const reply = await find('presión arterial alta', '&lang=es');
    expect(hrefsOf(reply)).toContain('https://medlineplus.gov/spanish/highbloodpressure.html');
    expect(reply.headers['content-language']).toBe('es');
    expect(fieldsOf(reply.text).lang).toBe('es');
  });

  test('offers a choice where a text is a code of several systems, and takes the one that is chosen', async () => {
    for (const [code, systems] of [
      ['V90', ['icd-10-cm', 'icd-9-cm']],
      ['115', ['cvx', 'icd-9-cm']],
    ] as const) {
      const reply = await find(code);
      expect(hrefsOf(reply)).toEqual(expect.arrayContaining(systems.map((one) => `/find?q=${code}&system=${one}`)));
      // Nothing is ticked while it is not clear what is meant.
      expect(ticked(reply)).toEqual([]);
    }
    const chosen = await find('250.00', '&system=icd-9-cm');
    expect(textOf(chosen.text)).toContain('ICD-9-CM 250.00');
    const other = await find('250.00', '&system=icd-10-cm');
    expect(hrefsOf(other)).toContain('/find?q=250.00&system=icd-9-cm');
  });

  test('says why an article is here', async () => {
    expect(textOf((await find('E11.3211')).text)).toContain('mapped to the broader code ICD-10-CM E11.3');
    expect(textOf((await find('N53.14')).text)).toContain('mapped to ICD-10-CM N53.14');
    expect(textOf((await find('astmah')).text)).toContain('found by a similar spelling');
  });

  test('shows that a code was withdrawn, and answers it', async () => {
    const deleted = await open('/code/icd-10-cm/S23.420A');
    expect(textOf(deleted.text)).toContain('withdrawn on 2026-10-01');
    expect(deleted.text).toContain('topic-chestinjuriesanddisorders');
    expect(textOf((await open('/code/icd-10-cm/M72.2?lang=es')).text)).toContain('encabezado desde el 2026-10-01');
  });

  test('adds nothing to the handout by itself, and says what is sensitive', async () => {
    expect(ticked(await find('J45.909'))).toEqual([]);
    const sensitive = await find('N53.14');
    expect(ticked(sensitive)).toEqual([]);
    expect(textOf(sensitive.text)).toContain('Sensitive');
    expect(ticked(await find('asthma'))).toEqual([]);
  });

  test.each([
    ['words that nothing holds', 'zzqqxx', '/browse'],
    ['a code that is left without a page', 'Z53.20', '/code/icd-10-cm/Z53.2'],
  ])('says what to try for %s', async (_name, query, href) => {
    const reply = await find(query);
    expect(reply.status).toBe(200);
    expect(hrefsOf(reply)).toContain(href);
    expect(reply.text).toContain('role="status"');
  });

  test('offers no chapter or block as a broader code', async () => {
    for (const query of ['R99', 'F99', 'Z53']) {
      const hrefs = hrefsOf(await find(query));
      expect(hrefs.filter((href = '') => /^\/code\/icd-10-cm\/(\d+|[A-Z0-9]+-[A-Z0-9]+)$/.test(href))).toEqual([]);
    }
  });

  test('finds nothing where nothing is like it: a guess that is none would be a wrong page', async () => {
    for (const query of ['zzqqxx', 'asdfgh', 'qwertyuiop']) {
      expect((await find(query)).text).not.toMatch(/<article|type="checkbox"/);
    }
  });

  test('without words is the empty search; with too many it is told so', async () => {
    expect(textOf((await find('')).text)).toContain('Find patient education');
    expect((await find('x'.repeat(200))).status).toBe(200);
    const reply = await find('x'.repeat(201));
    expect([reply.status, elementsOf(reply.text, 'p').some((tag) => attributesOf(tag).role === 'alert')]).toEqual([
      400,
      true,
    ]);
  });

  test.each([
    ['E11.9, I10', '', 2],
    ['ICD-10-CM E11.9;4548-4', '', 2],
    ['E11.9 I10', '&lang=es', 2],
    ['HTN, DM2 and asthma', '', 3],
    ['tos y fiebre', '&lang=es', 2],
    [Array(60).fill('E11.9').join(','), '', 1],
  ])('answers several entries as a list, and sends nobody to an address of theirs: %s', async (query, more, rows) => {
    const { status, headers, text } = await find(query, more);
    expect([status, headers.location, headers['cache-control']]).toEqual([200, undefined, 'no-store']);
    expect(elementsOf(text, 'li').filter((tag) => attributesOf(tag).class?.startsWith('entry '))).toHaveLength(rows);
    expect(text.includes('<html lang="es">')).toBe(more !== '');
  });

  test.each(['vitamin B12, iron', 'ICD-10-CM J45.909', 'type 2 diabetes', 'covid 19'])(
    '%s is one search',
    async (query) => {
      expect((await find(query)).status).toBe(200);
    },
  );

  test('keeps no search, in no cache and no log', async () => {
    const secret = 'zqsecretqz';
    for (const path of [
      `/find?q=${secret}`,
      `/suggest?q=${secret}`,
      `/application?mainSearchCriteria.v.dn=${secret}`,
    ]) {
      const reply = await open(path);
      expect(reply.headers['cache-control']).toBe('no-store');
    }
    expect(JSON.stringify(connector.logLines)).not.toContain(secret);
    expect(connector.logLines.slice(-3).map(({ cache }) => cache)).not.toContain('hit');
  });
});

describe('suggestions', () => {
  interface Line {
    readonly title: string;
    readonly kind: string;
    readonly code?: string;
    readonly url: string;
  }
  const suggest = async (query: string): Promise<Line[]> => {
    const { text } = await ask(connector.url, `/suggest?${query}`);
    return (JSON.parse(text) as { suggestions: Line[] }).suggestions;
  };

  test('are articles and codes with titles, by the beginning of either', async () => {
    const ofWord = await suggest('q=asth');
    expect(ofWord[0]).toMatchObject({ title: 'Asthma', kind: 'Health topic', url: '/article/topic-asthma' });
    const ofCode = await suggest('q=J45.9');
    expect(ofCode.filter(({ code }) => code?.startsWith('J45.9')).length).toBeGreaterThan(0);
    expect(ofCode.find(({ code }) => code === 'J45.901')).toMatchObject({
      kind: 'ICD-10-CM',
      url: '/code/icd-10-cm/J45.901',
    });
    expect((await suggest('q=asma&lang=es'))[0]).toMatchObject({ title: 'Asma', url: '/article/topic-asthma?lang=es' });
  });

  test.each(['', 'q=', 'q=%20', `q=${'x'.repeat(500)}`])('of nothing are none: %s', async (query) => {
    expect(await suggest(query)).toEqual([]);
  });
});

describe('an article has a page', () => {
  test('with the codes that lead to it', async () => {
    const reply = await open('/article/topic-asthma');
    expect(textOf(reply.text)).toMatch(/Asthma.*J45/s);
    expect(hrefsOf(reply)).toEqual(expect.arrayContaining([ASTHMA, '/code/icd-10-cm/J45']));
  });

  test('that names the edition of a vaccine statement, and the number in its bar code', async () => {
    const { text } = await open('/article/vis-mmr');
    expect(textOf(text)).toMatch(/edition of January 31, 2025.*0886983000127/s);
  });

  test('in Spanish', async () => {
    const { text } = await open('/article/topic-asthma?lang=es');
    expect(elementsOf(text, 'h1').map(attributesOf)).toMatchObject([{ lang: 'es' }]);
    expect(textOf(text)).toContain('Códigos que llevan a él');
  });

  test.each(['/article/topic-none', '/article/%3Cscript%3E', '/code/none/E11', '/code/drug-name/x', '/article'])(
    '%s is not there, and says so as a page',
    async (path) => {
      const { status, text } = await open(path);
      expect(status).toBe(404);
      expect(text).toMatch(/^<!DOCTYPE html>.*role="alert"/s);
      expect(text).not.toContain('<script>');
    },
  );
});

describe('a code has a page', () => {
  test('with its place in the hierarchy and what answers it', async () => {
    const reply = await open('/code/icd-10-cm/j45.90');
    const hrefs = hrefsOf(reply);
    expect(hrefs).toEqual(expect.arrayContaining(['/code/icd-10-cm/J45', '/code/icd-10-cm/J45.901', ASTHMA]));
    expect(textOf(reply.text)).toContain('mapped to');
  });

  test('that the release does not describe still hangs below the codes it is cut from', async () => {
    const hrefs = hrefsOf(await open('/code/icd-10-cm/E11.3211'));
    expect(hrefs).toEqual(
      expect.arrayContaining(['/code/icd-10-cm/E11.3', '/code/icd-10-cm/E11', '/code/icd-10-cm/4']),
    );
  });

  test('that is a chapter leads on to its parts', async () => {
    const reply = await open('/code/icd-10-cm/10');
    expect(hrefsOf(reply)).toContain('/code/icd-10-cm/J00-J06');
    expect(textOf(reply.text)).toContain('Diseases of the respiratory system');
  });
});

describe('articles can be browsed', () => {
  test('by letter, in both languages, accents passed over', async () => {
    expect(hrefsOf(await open('/browse?letter=a'))).toContain('/article/topic-asthma');
    expect(hrefsOf(await open('/browse?letter=b'))).not.toContain('/article/topic-asthma');
    expect(textOf((await open('/browse?letter=a&lang=es')).text)).toContain('Ácido fólico');
  });

  test('by body system and by kind', async () => {
    const lungs = hrefsOf(await open('/browse?system=10'));
    expect(lungs).toContain('/article/topic-asthma');
    expect(hrefsOf(await open('/browse?system=9'))).not.toContain('/article/topic-asthma');
    expect(hrefsOf(await open('/browse?system=10&kind=ency'))).not.toContain('/article/topic-asthma');
  });

  test('by the groups of a publisher, where its articles have some', async () => {
    const place = importPlace();
    const topic =
      '<health-topic title="Acne" url="https://medlineplus.gov/acne.html" id="1" language="English"><group id="14">Skin &amp; Hair</group></health-topic>';
    await place.importTexts('medlineplus', {
      'mplus_topics_2026-11-21.xml': `<health-topics total="1" date-generated="11/21/2026 02:30:47">${topic}</health-topics>`,
    });
    const [group, listed] = await place.look(async (library) => {
      const site = await startConnector({ library });
      const { text } = await ask(site.url, '/browse');
      const [link] = linksOf(text).filter(({ href }) => href?.includes('group='));
      const list = await ask(site.url, link?.href ?? '/');
      await site.stop();
      return [link, list] as const;
    });
    place.remove();
    expect(group?.href).toBe('/browse?group=Skin+%26+Hair');
    expect(linksOf(listed.text).filter(({ href }) => href?.startsWith('/article/'))).toHaveLength(1);
  });

  test('two of one title are told apart by their kind in the names of their links', async () => {
    const { text } = await open('/browse?letter=v');
    const names = [...text.matchAll(/<a href="\/article\/[^>]*>(.*?)<\/a>/g)].map(([, inside = '']) =>
      textOf(inside).replace(/\s+/g, ' ').trim(),
    );
    expect(names.filter((name) => name.startsWith('Vitamin K'))).toEqual(
      expect.arrayContaining(['Vitamin K ( Health topic )', 'Vitamin K ( Herbs and supplements )']),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(['letter=%00', 'letter=AB', 'system=99', 'kind=x'])('by nothing known as a whole: %s', async (query) => {
    const { status, text } = await open(`/browse?${query}`);
    expect(status).toBe(200);
    expect(textOf(text)).toContain('Browse articles');
  });
});

describe('an error', () => {
  test('calls its window by one sentence, and is kept nowhere', async () => {
    const { status, headers, text } = await open('/application?mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=X');
    expect([status, headers['cache-control']]).toEqual([400, 'no-store']);
    expect(/<title>([^<]*)/.exec(text)?.[1]).toBe(
      'This did not work: The link that opened this page names a code system that this library does not have · Education Connect',
    );
    expect(hrefsOf({ text } as Reply)).toContain('/find?q=X');
  });

  test.each([
    ['too many requests', { RATE_LIMIT_PER_MINUTE: '1' }, 429, 'Too many requests'],
    ['no token', { REQUIRE_AUTHENTICATION: 'page', READ_TOKENS: 'ward:0123456789abcdef' }, 401, 'needs a password'],
  ])('that passes, %s, offers to ask once more, not what would be refused too', async (_name, env, status, says) => {
    const site = await startConnector({ env });
    const path = '/find?q=J45.909';
    const asked = (): Promise<Reply> => ask(site.url, path, { headers: { Accept: 'text/html' } });
    await asked();
    const reply = await asked();
    await site.stop();
    expect(reply.status).toBe(status);
    expect(textOf(reply.text)).toContain(says);
    const [, tries = ''] = /<ul class="tries">(.*?)<\/ul>/s.exec(reply.text) ?? [];
    expect(linksOf(tries).map(({ href = '' }) => new URL(href, site.url + path).href)).toEqual([site.url + path]);
  });
});

test('the about page tells what is held, from whom, and what it is not', async () => {
  const { text } = await open('/about');
  const page = textOf(text);
  const { release, articles } = connector.library.status();
  for (const part of [
    release,
    'ICD-10-CM',
    'A.D.A.M., Inc.',
    'National Library of Medicine',
    '911',
    'education-connect import medlineplus',
  ])
    expect(page).toContain(part);
  const totals = [...text.matchAll(/<td class="number">([\d,]+)<\/td><\/tr>/g)].map(([, number = '']) => number);
  const kinds = elementsOf(text.split('</table>')[0] ?? '', 'tr').length - 1;
  const sum = totals.slice(0, kinds).reduce((all, number) => all + Number(number.replace(',', '')), 0);
  expect(sum).toBe(articles);
});

test('the about page dates the lookup tables of drugs', async () => {
  const { tables = [] } = connector.library.status();
  expect(tables.map(({ system }) => system)).toEqual(['rxnorm', 'ndc']);
  const [, behind = ''] = (await open('/about')).text.split('Drug tables that ship with the program</h2>');
  const rows = (behind.split('</table>')[0] ?? '').split('<tr>').slice(2).map(textOf);
  const dated = tables.map(({ date }) =>
    new Date(date).toLocaleDateString('en', { dateStyle: 'long', timeZone: 'UTC' }),
  );
  expect(rows).toEqual([
    expect.stringMatching(new RegExp(`RXCUI.*${dated[0] ?? ''}`, 's')),
    expect.stringMatching(new RegExp(`NDC.*${dated[1] ?? ''}`, 's')),
  ]);
});

describe('every page is written in the language asked for', () => {
  const PATHS = [
    '/',
    '/find?q=asma',
    '/article/topic-asthma',
    '/code/icd-10-cm/J45',
    '/browse',
    '/about',
    '/errors',
    '/browse?letter=a',
  ];
  test.each(PATHS)('%s', async (path) => {
    const { text } = await open(`${path}${path.includes('?') ? '&' : '?'}lang=es`);
    expect(attributesOf(elementsOf(text, 'html')[0] ?? '').lang).toBe('es');
    expect(textOf(text)).not.toMatch(/page\.\w|\bSearch\b|Browse|Codes that|Choose|Open article/);
    // All that leads on stays in the language; the link to English alone leaves it.
    const onward = linksOf(text).filter(({ href, hreflang }) => href?.startsWith('/') && hreflang === undefined);
    expect(onward.filter(({ href }) => !/[?&]lang=es/.test(href ?? ''))).toEqual([]);
  });
});
