import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../http/ask.js';
import { complaintOf } from '../http/decent.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

const SECRET = 'what-nobody-may-read';
const PDF = '%PDF-1.4\n% a handout\n';
const folder = temporaryFolder();
let withHandouts: TestConnector;
let flat: TestConnector;
let bare: TestConnector;

beforeAll(async () => {
  const site = join(folder.path, 'site');
  const handouts = join(site, 'handouts');
  for (const path of [join(site, 'articles'), join(handouts, '.hidden'), join(folder.path, 'flat')])
    mkdirSync(path, { recursive: true });
  const files: Record<string, string> = {
    [join(folder.path, 'outside.pdf')]: SECRET,
    [join(site, 'inside.html')]: SECRET,
    [join(site, 'articles', 'local.csv')]: `id,publisher\nlocal-${SECRET},site\n`,
    [join(handouts, 'notes.txt')]: SECRET,
    [join(handouts, 'list.csv')]: SECRET,
    [join(handouts, '.secret.pdf')]: SECRET,
    [join(handouts, '.hidden', 'x.pdf')]: SECRET,
    [join(handouts, 'icd10_n53.14_en.pdf')]: PDF,
    [join(handouts, 'icd10_n53.14_es.pdf')]: PDF,
    [join(handouts, 'ICD10_I10_EN.PDF')]: PDF,
    [join(handouts, 'icd10_j45_en.html')]: '<!DOCTYPE html><title>Our asthma &amp; you</title>',
    [join(folder.path, 'flat', 'icd10_n53.14_en.pdf')]: PDF,
    [join(folder.path, 'flat', 'passwords.csv')]: SECRET,
  };
  for (const [path, content] of Object.entries(files)) writeFileSync(path, content);
  symlinkSync(join(folder.path, 'outside.pdf'), join(folder.path, 'link.pdf'));
  withHandouts = await startConnector({ env: { LOCAL_LIBRARY: site } });
  flat = await startConnector({ env: { LOCAL_LIBRARY: join(folder.path, 'flat') } });
  bare = await startConnector();
});
afterAll(async () => {
  await Promise.all([withHandouts.stop(), flat.stop(), bare.stop()]);
  folder.remove();
});

describe('our own files', () => {
  test.each([
    ['/assets/page.css', /^text\/css; charset=utf-8$/],
    ['/assets/icon.svg', /^image\/svg\+xml/],
  ])('%s is served, may be kept, and is known again by its tag', async (path, type) => {
    const reply = await ask(bare.url, path);
    expect([reply.status, reply.headers['cache-control']]).toEqual([200, 'public, max-age=3600']);
    expect(reply.headers['content-type']).toMatch(type);
    const again = await ask(bare.url, path, { headers: { 'If-None-Match': reply.headers.etag ?? '' } });
    expect(again.status).toBe(304);
    const head = await ask(bare.url, path, { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test('at the address that a page gives them they are kept for ever, and compressed', async () => {
    const page = await ask(bare.url, '/');
    const addresses = [...page.text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, address = '']) => address);
    expect(addresses).toHaveLength(4);
    for (const address of addresses) {
      const { status, headers } = await ask(bare.url, address, { headers: { 'Accept-Encoding': 'br' } });
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      if (!address.includes('icon')) expect(headers['content-encoding']).toBe('br');
      const older = await ask(bare.url, address.replace(/v=.*/, 'v=0123456789'));
      expect([older.status, older.headers['cache-control']]).toEqual([200, 'public, max-age=3600']);
    }
  });

  test('ranges are not served: the file comes whole', async () => {
    const reply = await ask(bare.url, '/assets/page.css', { headers: { Range: 'bytes=999999-' } });
    expect(reply.status).toBe(200);
    expect(complaintOf(reply)).toBeUndefined();
  });

  test.each(['/assets', '/assets/', '/assets/none.css', '/assets/../package.json', '/assets/..%2fpackage.json'])(
    '%s is nothing',
    async (path) => {
      const reply = await ask(bare.url, path);
      expect([400, 403, 404]).toContain(reply.status);
      expect(reply.text).not.toContain('devDependencies');
      expect(complaintOf(reply)).toBeUndefined();
    },
  );
});

describe("a site's handouts", () => {
  const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
  test.each([
    ['N53.14', 'en', '/handouts/icd10_n53.14_en.pdf', 'application/pdf'],
    ['N53.14', 'es', '/handouts/icd10_n53.14_es.pdf', 'application/pdf'],
    ['J45', 'en', '/handouts/icd10_j45_en.html', 'text/html; charset=utf-8'],
  ])('answer %s in %s, and are served where the answer says', async (code, language, path, type) => {
    const asked = `${CS}&mainSearchCriteria.v.c=${code}&informationRecipient.languageCode.c=${language}`;
    const answer = await ask(withHandouts.url, `/service?${asked}&knowledgeResponseType=application/json`);
    const { feed } = JSON.parse(answer.text) as { feed: { entry: { link: { href: string }[] }[] } };
    const href = feed.entry[0]?.link[0]?.href ?? '';
    expect(new URL(href).pathname).toBe(path);
    const { pathname, search } = new URL(href);
    const handout = await ask(withHandouts.url, pathname + search);
    expect([handout.status, handout.headers['content-type']]).toEqual([200, type]);
    expect(handout.headers['x-content-type-options']).toBe('nosniff');
    expect(handout.headers['cache-control']).toContain('private');
  });

  test('open in a PDF viewer, which no sandbox lets open, however their names are spelt', async () => {
    for (const name of ['icd10_n53.14_en.pdf', 'ICD10_I10_EN.PDF']) {
      const { headers } = await ask(withHandouts.url, `/handouts/${name}`);
      expect([name, headers['content-security-policy']]).toEqual([name, "frame-ancestors 'none'"]);
    }
    const { headers } = await ask(withHandouts.url, '/handouts/icd10_j45_en.html');
    expect(headers['content-security-policy']).toContain('sandbox');
  });

  const UP = ['..', '%2e%2e', '.%2e', '..%5c..', '%252e%252e', '..;', '....', '..%00', '%c0%ae%c0%ae', '..%2f..'];
  const TRAVERSALS = [
    ...UP.flatMap((up) => [
      `/handouts/${up}/outside.pdf`,
      `/handouts/${up}/${up}/outside.pdf`,
      `/handouts/${up}/inside.html`,
    ]),
    ...UP.map((up) => `/handouts/${up}%2farticles%2flocal.csv`),
    ...['notes.txt', 'list.csv', '.secret.pdf', '.hidden/x.pdf', '%2esecret.pdf', 'list.csv%00.pdf', 'list.csv?.pdf'],
    ...['list.csv%3f.pdf', 'list.csv/.pdf', 'list.csv%23.html', 'list.csv;.pdf', 'LIST.CSV', 'passwords.csv%20.pdf'],
  ].map((path) => (path.startsWith('/') ? path : `/handouts/${path}`));
  test('let nobody out of their folder, nor at anything else within it', async () => {
    const found: string[] = [];
    for (const { url } of [withHandouts, flat, bare]) {
      for (const path of [
        ...TRAVERSALS,
        '/handouts//etc/passwd',
        '/handouts/%2fetc%2fpasswd',
        '/handouts/',
        '/handouts',
      ]) {
        const reply = await ask(url, path);
        if (reply.status < 400 || reply.text.includes(SECRET) || complaintOf(reply))
          found.push(`${path}: ${reply.status}`);
      }
    }
    expect(found).toEqual([]);
  });

  test('may lie in the folder itself', async () => {
    expect((await ask(flat.url, '/handouts/icd10_n53.14_en.pdf')).text).toBe(PDF);
  });

  test('are nowhere where a site has none', async () => {
    expect((await ask(bare.url, '/handouts/icd10_n53.14_en.pdf')).status).toBe(404);
  });
});
