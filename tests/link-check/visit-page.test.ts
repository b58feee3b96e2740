import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LinkVerdict, PageVisit } from '../../src/link-check/visit-page.js';
import { visitPage } from '../../src/link-check/visit-page.js';
import type { PageSite } from './page-site.js';
import { startSite } from './page-site.js';

const USER_AGENT = 'education-connect/0 (link check)';

let site: PageSite;
let turns: string[];
let pauses: number[];
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());
beforeEach(() => {
  site.requests.length = 0;
  turns = [];
  pauses = [];
});

/** Paths that never answer, for which the test may wait so; all others may take as long as they like. */
const isSlow = (path: string): boolean => /^\/(slow|no-gzip-late)/.test(path);
const LONG_MS = 600_000;

function visit(path: string): Promise<PageVisit> {
  return visitPage(`${site.url}${path}`, {
    userAgent: USER_AGENT,
    timeoutMs: isSlow(path) ? 400 : LONG_MS,
    maxHops: 4,
    maxBytes: 100_000,
    isAllowed: (host) => site.url.endsWith(host),
    waitTurn: async (host) => {
      turns.push(host);
    },
    pause: (_host, ms) => {
      pauses.push(ms);
    },
  });
}

const lines = (): string[] => site.requests.map(({ line }) => line);

describe('what becomes of a page', () => {
  test.each<[string, string, LinkVerdict, number | undefined, string?]>([
    ['a page that is there', '/ok.html', 'ok', 200],
    ['a page that is sent packed', '/ok-gzip.html', 'ok', 200],
    ['the home page itself', '/', 'ok', 200],
    ['a page whose site refuses HEAD with 403', '/head-403.html', 'ok', 200],
    ['a page whose site refuses HEAD with 405', '/head-405.html', 'ok', 200],
    ['a page whose site knows it by GET alone', '/head-404.html', 'ok', 200],
    ['a page that never ends', '/huge.html', 'ok', 200],
    ['a page that is gone', '/gone.html', 'gone', 410],
    ['a page that is not found', '/missing.html', 'gone', 404],
    ['a page that says so in its heading alone', '/soft.html', 'soft-404', 200],
    ['a page that says so in Spanish, packed', '/soft-gzip.html', 'soft-404', 200],
    ['a page in whose place the home page is shown', '/moved-home.html', 'soft-404', 200, '/'],
    ['a page that has moved', '/moved.html', 'moved', 200, '/ok.html'],
    ['a page that has moved twice', '/moved-twice.html', 'moved', 200, '/ok.html'],
    ['a page that has moved and is gone', '/moved-to-gone.html', 'gone', 410, '/gone.html'],
    ['a page that is refused', '/refused.html', 'unreachable', 403],
    ['a page of a broken site', '/broken.html', 'unreachable', 500],
    ['a redirect to nowhere', '/no-location.html', 'unreachable', 302],
    ['a redirect to what is no page', '/moved-to-script.html', 'unreachable', 301],
    ['a site that does not answer in time', '/slow.html', 'unreachable', undefined],
    ['a site that stops in the middle', '/slow-body.html', 'unreachable', undefined],
    ['a page that cannot be unpacked', '/no-gzip.html', 'unreachable', undefined],
    ['a page that cannot be unpacked, sent late', '/no-gzip-late.html', 'unreachable', undefined],
    ['a page with nothing on it', '/empty.html', 'soft-404', 200],
    ['an answer that is cut off', '/cut.html', 'unreachable', undefined],
  ])('%s', async (_what, path, verdict, status, end = path) => {
    expect(await visit(path)).toEqual({ verdict, status, finalUrl: `${site.url}${end}` });
  });

  test('redirects in a circle come to an end', async () => {
    expect(await visit('/loop-a.html')).toMatchObject({ verdict: 'unreachable', status: 301 });
    expect(lines()).toHaveLength(5);
  });

  test('what is no address is unreachable', async () => {
    const options = { userAgent: USER_AGENT, timeoutMs: LONG_MS, maxHops: 4, maxBytes: 1000 };
    const rest = { isAllowed: () => true, waitTurn: async () => undefined, pause: () => undefined };
    const visited = { verdict: 'unreachable', status: undefined, finalUrl: 'http://exa mple/' };
    expect(await visitPage('http://exa mple/', { ...options, ...rest })).toEqual(visited);
  });

  test('a host that is not there is unreachable', async () => {
    const port = Number(new URL(site.url).port);
    const options = { userAgent: USER_AGENT, timeoutMs: LONG_MS, maxHops: 4, maxBytes: 1000 };
    const visited = visitPage(`http://127.0.0.1:${port === 9 ? 10 : 9}/`, {
      ...options,
      isAllowed: () => true,
      waitTurn: async () => undefined,
      pause: () => undefined,
    });
    expect(await visited).toMatchObject({ verdict: 'unreachable', status: undefined });
  });
});

describe('manners', () => {
  test('a host of none of our pages is named and not asked', async () => {
    const finalUrl = 'http://elsewhere.invalid/page.html';
    expect(await visit('/moved-abroad.html')).toEqual({ verdict: 'moved', status: 301, finalUrl });
    expect(turns.every((host) => site.url.endsWith(host))).toBe(true);
  });

  test('every request says who asks and waits for its turn', async () => {
    await visit('/moved.html');
    expect(lines()).toEqual(['HEAD /moved.html', 'HEAD /ok.html', 'GET /ok.html']);
    expect(turns).toHaveLength(3);
    expect(new Set(site.requests.map(({ userAgent }) => userAgent))).toEqual(new Set([USER_AGENT]));
  });

  test.each([429, 503])('a site that is busy (%s) is asked again when it says', async (status) => {
    expect(await visit(`/busy-${status}-once.html`)).toMatchObject({ verdict: 'ok', status: 200 });
    expect(pauses).toEqual([30_000]);
    expect(lines().map((line) => line.split(' ')[0])).toEqual(['HEAD', 'HEAD', 'GET']);
  });

  test.each([
    ['always', [30_000, 30_000]],
    ['dated', [30_000, 30_000]],
    ['long', []],
  ])('a site that is busy and stays so (%s) is asked once more only', async (when, waits) => {
    expect(await visit(`/busy-429-${when}.html`)).toMatchObject({ verdict: 'unreachable', status: 429 });
    expect(pauses).toEqual(waits);
    expect(lines()).toHaveLength(2 + waits.length);
  });

  test('what is no HTML needs no second request', async () => {
    expect(await visit('/handout.pdf')).toMatchObject({ verdict: 'ok', status: 200 });
    expect(lines()).toEqual(['HEAD /handout.pdf']);
  });
});
