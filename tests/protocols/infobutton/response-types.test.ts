import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SaxesParser } from 'saxes';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import type { Feed, Told } from './ask.js';
import { FORM_TYPE, N53_14, OID, criterion, get, postForm } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const PATHS = ['/infobutton', '/service'] as const;
const ask = (path: string, query: string, headers?: Record<string, string>) =>
  get(connector, `${path}?${query}`, headers);
const typeOf = ({ headers }: Told): string => headers.get('content-type') ?? '';

/** The name of an XML document's root; throws where the document is not well-formed. */
function rootOf(xml: string): string {
  const parser = new SaxesParser({ xmlns: true });
  let root = '';
  parser.on('opentag', ({ name }) => {
    root ||= name;
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return root;
}

describe.each(PATHS)('%s', (path) => {
  test.each([
    ['', 'text/xml'],
    ['&knowledgeResponseType=', 'text/xml'],
    ['&knowledgeResponseType=text/xml', 'text/xml'],
    ['&KNOWLEDGERESPONSETYPE=TEXT/XML', 'text/xml'],
    ['&knowledgeResponseType=application/json', 'application/json'],
    ['&knowledgeResponseType=Application%2FJSON', 'application/json'],
    ['&knowledgeresponsetype=application/json;charset=utf-8', 'application/json'],
    ['&knowledgeResponseType=+application/json+', 'application/json'],
    ['&knowledgeResponseType=application/javascript&callback=cb', 'application/javascript'],
    ['&knowledgeResponseType=application/json&callback=cb', 'application/json'],
    ['&knowledgeResponseType=text/html', 'text/html'],
  ])('answers %p as %s', async (query, type) => {
    const told = await ask(path, N53_14 + query);
    expect(told.status).toBe(200);
    expect(typeOf(told).toLowerCase()).toBe(`${type}; charset=utf-8`);
    if (type === 'text/xml') expect(rootOf(told.body)).toBe('feed');
    if (type === 'application/json') expect(JSON.parse(told.body)).toHaveProperty('feed.entry');
  });

  test.each([
    ['application/json', 'application/json'],
    ['text/xml', 'text/xml'],
    ['application/atom+xml', 'text/xml'],
    ['text/xml;q=0.4, application/json;q=0.9', 'application/json'],
    ['application/json;q=0, text/xml', 'text/xml'],
    ['*/*', 'text/xml'],
  ])('heeds an Accept header of %s where no type is named', async (accept, type) => {
    expect(typeOf(await ask(path, N53_14, { accept }))).toContain(type);
  });

  test('heeds the named type more than the Accept header', async () => {
    const told = await ask(path, `${N53_14}&knowledgeResponseType=application/json`, { accept: 'text/xml' });
    expect(typeOf(told)).toContain('application/json');
  });

  test('says 406 to a type that it does not offer', async () => {
    const told = await ask(path, `${N53_14}&knowledgeResponseType=image/png`);
    expect(told.status).toBe(406);
    expect(told.body).toContain('unsupported-response-type');
    expect(told.body).toContain('application/json');
  });

  test('as a page may load its own style sheet', async () => {
    const told = await ask(path, `${N53_14}&knowledgeResponseType=text/html`);
    expect(told.body).toContain('<link rel="stylesheet" href="/assets/page.css?v=');
    expect(told.headers.get('content-security-policy')).toContain("style-src 'self'");
  });

  test.each(['cb', 'my.cb', '$', '_x', 'jQuery1124_1700000000', 'a.b.c.d', 'x'.repeat(128)])(
    'calls the function %s with its JSON',
    async (callback) => {
      const title = 'a\u2028b\u2029c</script><!--"\'\\';
      const query = `${N53_14}&mainSearchCriteria.v.dn=${encodeURIComponent(title)}`;
      const script = await ask(path, `${query}&knowledgeResponseType=application/javascript&callback=${callback}`);
      let given: { feed: Feed } | undefined;
      const call = (answer: { feed: Feed }) => {
        given = answer;
      };
      const names = callback.split('.').reverse();
      const sandbox = names.reduce<unknown>((inner, name) => ({ [name]: inner }), call) as object;
      runInNewContext(script.body, sandbox);
      expect(given?.feed.category.find(({ scheme }) => scheme === 'mainSearchCriteria.v.dn')?.term).toBe(title);
      expect(given?.feed.entry).toHaveLength(1);
      expect(script.headers.get('x-content-type-options')).toBe('nosniff');
      expect(script.headers.get('cross-origin-resource-policy')).toBeNull();
    },
  );

  test.each([
    '',
    'alert(1)',
    'a b',
    'a;b',
    '1a',
    'a..b',
    '.a',
    'a.',
    'a-b',
    'a[0]',
    '<script>',
    'c%E2%80%A8b',
    'cb%0Aalert',
    'cb//',
    'x'.repeat(129),
  ])('refuses the callback %p and does not repeat it', async (callback) => {
    const told = await ask(path, `${N53_14}&knowledgeResponseType=application/javascript&callback=${callback}`);
    expect(told.status).toBe(400);
    expect(typeOf(told)).toContain('application/json');
    expect(JSON.parse(told.body)).toMatchObject({ error: { code: 'bad-callback', status: 400 } });
    if (callback.length > 4) expect(told.body).not.toContain(decodeURIComponent(callback));
  });
});

describe('HL7’s dialect', () => {
  test('says 406 to an Accept header that it cannot meet', async () => {
    const told = await ask('/infobutton', N53_14, { accept: 'image/png' });
    expect(told.status).toBe(406);
  });

  test('shows its page to a browser', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    expect(typeOf(await ask('/infobutton', N53_14, { accept }))).toContain('text/html');
  });

  test('tells wrong methods which ones it takes', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`${connector.url}/infobutton?${N53_14}`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toMatch(/\bGET\b.*\bPOST\b/);
    }
  });
});

describe('MedlinePlus Connect’s dialect', () => {
  test('passes over an Accept header that it cannot meet', async () => {
    const told = await ask('/service', N53_14, { accept: 'image/png' });
    expect([told.status, rootOf(told.body)]).toEqual([200, 'feed']);
  });

  test('gives a browser its feed', async () => {
    expect(typeOf(await ask('/service', N53_14, { accept: 'text/html,*/*;q=0.8' }))).toContain('text/xml');
  });

  test('takes no posts', async () => {
    const told = await postForm(connector, '/service', N53_14);
    expect(told.status).toBe(405);
    expect(told.headers.get('allow')).toMatch(/\bGET\b/);
    expect(told.headers.get('allow')).not.toMatch(/\bPOST\b/);
  });
});

describe('hostile text', () => {
  const HOSTILE = '<script>alert(1)</script>"\'&]]>\u0000\u0001\uFFFE\uD800<![CDATA[😀\t\n\r';
  const query =
    `mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.c=${encodeURIComponent('<b>"\u0001')}` +
    `&mainSearchCriteria.v.dn=${encodeURIComponent(HOSTILE.replace('\uD800', ''))}%ED%A0%80`;

  test.each(PATHS)('keeps %s well-formed', async (path) => {
    for (const explain of ['', '&explain=true']) {
      const told = await ask(path, query + explain);
      expect(told.status).toBe(200);
      expect(rootOf(told.body)).toBe('feed');
    }
  });

  test.each(PATHS)('comes back from %s as it was in JSON', async (path) => {
    const told = await ask(path, `${query}&knowledgeResponseType=application/json`);
    const { feed } = JSON.parse(told.body) as { feed: Feed };
    const title = feed.category.find(({ scheme }) => scheme === 'mainSearchCriteria.v.dn')?.term ?? '';
    expect(title).toContain('<script>alert(1)</script>"\'&]]>');
    expect(title).toContain('😀');
  });

  test.each(['/application', '/infobutton', '/service'])('runs no script on the page of %s', async (path) => {
    for (const extra of ['', '&explain=true', `&${criterion('icd9cm', 'N53.14', '1')}`]) {
      const told = await ask(path, `${query}${extra}&knowledgeResponseType=text/html`);
      expect(told.status).toBe(200);
      expect(told.body).not.toContain('<script>');
      expect(told.body).not.toContain('<b>');
      expect(told.body).not.toContain('"\'&]]>');
    }
  });
});

describe('an error', () => {
  const ERRORS: readonly [code: string, query: string][] = [
    ['missing-search-criteria', ''],
    ['missing-search-criteria', 'mainSearchCriteria.v.c=&mainSearchCriteria.v.cs='],
    ['missing-code-system', 'mainSearchCriteria.v.c=N53.14'],
    ['unknown-code-system', 'mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.cs=1.2.3'],
    ['unknown-code-system', `mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.cs=${OID.icd10cm}.1`],
    ['unknown-code-system', 'mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.cs=constructor'],
  ];

  describe.each(PATHS)('of %s', (path) => {
    test.each(ERRORS)('%s for %p is told as JSON', async (code, query) => {
      const told = await ask(path, `${query}&knowledgeResponseType=application/json`);
      expect([told.status, typeOf(told)]).toEqual([400, 'application/json; charset=utf-8']);
      const { error } = JSON.parse(told.body) as { error: { code: string; status: number; message: string } };
      expect(error).toMatchObject({ code, status: 400 });
      expect(error.message).not.toMatch(/\{\{|\bat \/|Error:/);
      expect(error.message).toMatch(/\.$/);
    });

    test.each(ERRORS)('%s for %p is told as XML', async (code, query) => {
      const told = await ask(path, query);
      expect([told.status, typeOf(told)]).toEqual([400, 'text/xml; charset=utf-8']);
      expect(rootOf(told.body)).toBe('error');
      expect(told.body).toContain(`<code>${code}</code>`);
    });

    test.each(ERRORS)('%s for %p is told to the callback', async (code, query) => {
      const told = await ask(path, `${query}&knowledgeResponseType=application/javascript&callback=cb`);
      // A browser runs no script of a 4xx.
      expect([told.status, typeOf(told)]).toEqual([200, 'application/javascript; charset=utf-8']);
      const given: unknown[] = [];
      runInNewContext(told.body, { cb: (answer: unknown) => given.push(answer) });
      expect(given).toMatchObject([{ error: { code, status: 400 } }]);
    });

    test('is a page where a page was asked for', async () => {
      const query = 'mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.cs=1.2.3&knowledgeResponseType=text/html';
      const told = await ask(path, query);
      expect([told.status, typeOf(told)]).toEqual([400, 'text/html; charset=utf-8']);
      expect(told.body).toContain('<form');
    });

    test('is told in Spanish to readers of Spanish', async () => {
      const query = 'mainSearchCriteria.v.c=N53.14&informationRecipient.languageCode.c=es-MX';
      expect((await ask(path, query)).body).toContain('Falta el sistema de codificación');
    });
  });
});

describe('what is refused before it is read', () => {
  const JSON_TYPE = 'knowledgeResponseType=application/json';
  const FORM = { 'content-type': FORM_TYPE };
  const many = Array.from({ length: 201 }, (_, index) => `x${index}=1`).join('&');

  test.each<[code: string, status: number, path: string, options: RequestInit]>([
    ['address-too-long', 414, `/infobutton?${N53_14}&${JSON_TYPE}&x=${'y'.repeat(9000)}`, {}],
    ['address-too-long', 414, `/service?${N53_14}&${JSON_TYPE}&x=${'y'.repeat(9000)}`, {}],
    ['too-many-parameters', 400, `/infobutton?${JSON_TYPE}&${many}`, {}],
    ['too-many-parameters', 400, `/infobutton?${JSON_TYPE}`, { method: 'POST', headers: FORM, body: many }],
    ['method-not-allowed', 405, `/service?${JSON_TYPE}`, { method: 'POST', headers: FORM, body: N53_14 }],
    ['method-not-allowed', 405, `/infobutton?${N53_14}&${JSON_TYPE}`, { method: 'PUT' }],
    ['body-too-large', 413, `/infobutton?${JSON_TYPE}`, { method: 'POST', headers: FORM, body: 'y'.repeat(70_000) }],
    ['unsupported-media-type', 415, `/infobutton?${JSON_TYPE}`, { method: 'POST', body: '{}' }],
  ])('%s is told with %d in the asked format', async (code, status, path, options) => {
    const response = await fetch(connector.url + path, options);
    const body = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
    expect(JSON.parse(body)).toMatchObject({ error: { code, status } });
  });
});
