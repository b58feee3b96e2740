import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckLinksOptions } from '../../src/cli/check-links.js';
import { checkArticleLinks } from '../../src/cli/check-links.js';
import { rollback } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/config.js';
import type { Article } from '../../src/core/model/article.js';
import { openLibrary } from '../../src/library/open.js';
import { seedPlaces, writeFiles } from '../library/places.js';
import type { PageSite } from '../link-check/page-site.js';
import { startSite } from '../link-check/page-site.js';
import { temporaryFolder } from '../support/connector.js';

const TEXTS = 'id,title,url,also_called,origin\n';
const HEADER = 'article,language,url,status,final_url,verdict,checked_on\n';
const DAY = '2026-11-24';

let site: PageSite;
let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
let report: string;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.stop());
beforeEach(() => {
  folder = temporaryFolder();
  const places = seedPlaces(folder.path);
  // The seed's articles lie on real sites: these take their place.
  rmSync(join(folder.path, 'resources/articles'), { recursive: true });
  rmSync(join(folder.path, 'mappings'), { recursive: true });
  const writer = { ...places.writer, clock: () => new Date(`${DAY}T12:00:00Z`) };
  config = { ...loadConfig({}), ...places, writer };
  report = join(folder.path, 'links.csv');
  site.requests.length = 0;
});
afterEach(() => {
  folder.remove();
});

/** Lays articles into the library: name of the page → language → path on the site. */
function lay(pages: Readonly<Record<string, { en?: string; es?: string }>>): void {
  const rows = (language: 'en' | 'es', origin: string): string =>
    Object.entries(pages)
      .flatMap(([id, paths]) =>
        paths[language] ? [`topic-${id},Title,${site.url}${paths[language]},,${origin}\n`] : [],
      )
      .join('');
  writeFiles(join(folder.path, 'resources/articles'), {
    'topic.en.csv': TEXTS + rows('en', 'curated'),
    'topic.es.csv': TEXTS + rows('es', 'recalled'),
  });
}

async function check(options: Partial<CheckLinksOptions> = {}) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({ write: (text: string) => (texts[name] += text) });
  const streams = { stdout: stream('stdout'), stderr: stream('stderr') };
  const exit = await checkArticleLinks(config, { report, delay: 1, ...options }, streams);
  return { exit, ...texts };
}

async function article(id: string): Promise<Article | undefined> {
  const { library } = await openLibrary({ ...config, readOnly: false });
  const [found] = library.findArticles([`topic-${id}`]);
  await library.close();
  return found;
}

const rows = (): string[] =>
  readFileSync(report, 'utf8').replaceAll(site.url, '').trimEnd().split('\n').slice(1).sort();
const asked = (): string[] => site.requests.map(({ line }) => line).sort();

describe('a report', () => {
  test('has a line for each text, with what became of its page; exit code 2 where some are missing', async () => {
    lay({ a: { en: '/ok.html', es: '/missing.html' }, b: { en: '/moved.html' }, c: { en: '/broken.html' } });
    const { exit, stdout } = await check();
    expect(exit).toBe(2);
    expect(stdout).toBe(`4 of 4 texts checked: 1 ok, 1 moved, 1 gone, 0 soft-404, 1 unreachable; see ${report}\n`);
    expect(readFileSync(report, 'utf8')).toMatch(new RegExp(`^${HEADER}`));
    expect(rows()).toEqual([
      `topic-a,en,/ok.html,200,/ok.html,ok,${DAY}`,
      `topic-a,es,/missing.html,404,/missing.html,gone,${DAY}`,
      `topic-b,en,/moved.html,200,/ok.html,moved,${DAY}`,
      `topic-c,en,/broken.html,500,/broken.html,unreachable,${DAY}`,
    ]);
  });

  test('of pages that are all there ends with exit code 0; one page of two texts is visited once', async () => {
    lay({ a: { en: '/ok.html', es: '/ok.html' } });
    expect((await check()).exit).toBe(0);
    expect(rows()).toHaveLength(2);
    expect(asked()).toEqual(['GET /ok.html', 'HEAD /ok.html']);
  });

  test('that was begun is gone on with: what could not be reached is tried again, what is known is not', async () => {
    lay({ a: { en: '/ok.html' }, b: { en: '/broken.html' }, c: { en: '/gone.html' } });
    await check({ limit: 2 });
    expect(rows()).toHaveLength(2);
    // Broken off in the middle of a line.
    appendFileSync(report, `topic-c,en,${site.url}/gone.ht`);
    site.requests.length = 0;
    await check();
    expect(asked()).toEqual(['GET /broken.html', 'GET /gone.html', 'HEAD /broken.html', 'HEAD /gone.html']);
    expect(rows().map((row) => row.split(',').slice(0, 3).join())).toEqual([
      'topic-a,en,/ok.html',
      'topic-b,en,/broken.html',
      'topic-c,en,/gone.html',
    ]);
  });

  test('leaves out what is no longer in the library', async () => {
    lay({ a: { en: '/ok.html' } });
    writeFileSync(report, `${HEADER}topic-z,en,${site.url}/z.html,200,${site.url}/z.html,ok,2026-01-01\n`);
    await check();
    expect(rows()).toEqual([`topic-a,en,/ok.html,200,/ok.html,ok,${DAY}`]);
  });

  test('is never written over a file that is none', async () => {
    lay({ a: { en: '/ok.html' } });
    writeFileSync(report, 'system,code\nicd-10-cm,A00\n');
    const { exit, stderr } = await check();
    expect(exit).toBe(1);
    expect(stderr).toMatch(/links\.csv already exists and is not a link report\n$/);
    expect(readFileSync(report, 'utf8')).toMatch(/^system,code\n/);
    expect(asked()).toEqual([]);
  });
});

test('requests to one host are kept apart and name us', async () => {
  lay({ a: { en: '/ok.html' }, b: { en: '/handout.pdf' } });
  const began = performance.now();
  await check({ delay: 400 });
  expect(site.requests).toHaveLength(3);
  // Each waits for its turn; when it arrives, the network and the machine decide.
  expect(performance.now() - began).toBeGreaterThan(2 * 400 - 5);
  expect(site.requests[0]?.userAgent).toBe(`education-connect/${config.version} (link check)`);
});

describe('with --apply', () => {
  const PAGES = {
    a: { en: '/ok.html', es: '/ok-gzip.html' },
    b: { en: '/head-403.html', es: '/missing.html' },
    c: { en: '/soft.html' },
    d: { en: '/broken.html', es: '/cut.html' },
    e: { en: '/moved.html', es: '/moved.html' },
  };

  test('pages that are there are confirmed, gone ones withdrawn, all others left as they are', async () => {
    lay(PAGES);
    const { exit, stdout } = await check({ apply: true });
    expect(exit).toBe(2);
    expect(stdout).toContain(`link-check-${DAY}: 3 texts confirmed, 2 withdrawn\n`);
    const [a, b, c, d, e] = await Promise.all(Object.keys(PAGES).map(article));
    expect(a?.texts).toMatchObject({
      en: { origin: 'curated', seenOn: DAY },
      es: { origin: 'confirmed', seenOn: DAY },
    });
    expect(Object.keys(b?.texts ?? {})).toEqual(['en']);
    expect(c?.texts).toEqual({});
    expect(d?.texts).toMatchObject({ en: { origin: 'curated' }, es: { origin: 'recalled' } });
    expect(e?.texts).toMatchObject({ en: { origin: 'curated' }, es: { origin: 'recalled' } });
  });

  test('a withdrawn page is visited again, and offered again when it is back', async () => {
    lay({ a: { en: '/ok.html' }, b: { en: '/ok-gzip.html' }, c: { en: '/gone.html' } });
    await check({ apply: true });
    expect((await article('c'))?.texts.en).toBeUndefined();
    // The curator's correction.
    lay({ a: { en: '/ok.html' }, b: { en: '/ok-gzip.html' }, c: { en: '/head-405.html' } });
    expect((await article('c'))?.texts.en).toBeDefined();
    rmSync(report);
    const { exit, stdout } = await check({ apply: true });
    expect(exit).toBe(0);
    expect(stdout).toContain(`link-check-${DAY}.2: 3 texts confirmed, 0 withdrawn\n`);
    expect((await article('c'))?.texts.en?.seenOn).toBe(DAY);
  });

  test('it can be rolled back like any import', async () => {
    lay({ a: { en: '/ok.html' }, b: { en: '/ok-gzip.html' }, c: { en: '/gone.html' } });
    await check({ apply: true });
    const nowhere = { write: () => true };
    expect(await rollback(config, 'link-check', { remove: true }, { stdout: nowhere, stderr: nowhere })).toBe(0);
    expect((await article('c'))?.texts.en).toBeDefined();
  });

  test('it is refused where most pages are gone, unless it is forced: rather the network is', async () => {
    lay({ a: { en: '/ok.html' }, b: { en: '/gone.html' }, c: { en: '/missing.html' } });
    const refused = await check({ apply: true });
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toMatch(/rejected, nothing has changed: 2 of 3 pages would be withdrawn/);
    expect((await article('b'))?.texts.en).toBeDefined();
    const forced = await check({ apply: true, force: true });
    expect(forced.exit).toBe(2);
    expect((await article('b'))?.texts.en).toBeUndefined();
  });

  test('a read-only library is refused before anything is visited', async () => {
    lay({ a: { en: '/ok.html' } });
    config = { ...config, libraryReadOnly: true };
    const { exit, stderr } = await check({ apply: true });
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: expect.stringMatching(/--apply needs a library that is not read-only\n$/),
    });
    expect(asked()).toEqual([]);
  });

  test('where nothing could be reached nothing changes', async () => {
    lay({ a: { en: '/broken.html' } });
    const { exit, stderr } = await check({ apply: true });
    expect(exit).toBe(1);
    expect(stderr).toMatch(/nothing has changed\n$/);
  });
});
