import type { Language } from '../core/language.js';
import type { OpenOptions } from './open.js';
import { databaseOf, onDatabase, openStored } from './open.js';
import { Releases } from './releases.js';
import type { LinkCheck, TextFacts } from '../build/source.js';
import { NO_ROWS } from '../build/source.js';

/** The source of releases that say which pages are there. */
const SOURCE = 'link-check';
/** Articles read at once. */
const BATCH_ARTICLES = 500;

/** A text of an article by its web address. */
export interface TextAddress {
  readonly article: string;
  readonly language: Language;
  readonly url: string;
}

/** A text and what a visit to its address found. */
export interface CheckedAddress extends TextAddress {
  readonly day: string;
  readonly isGone: boolean;
}

/** Asks the library's database one question. */
function ask<Row>(options: OpenOptions, sql: string): Promise<Row[]> {
  const database = databaseOf(options);
  return onDatabase(database, async () => {
    const reader = await database.openReader();
    try {
      return await reader.all<Row>(sql, SOURCE);
    } finally {
      await reader.close();
    }
  });
}

async function articleIds(options: OpenOptions): Promise<string[]> {
  const rows = await ask<{ article: string }>(
    options,
    `SELECT DISTINCT t.article FROM article_text t JOIN active_release a ON a.release = t.release
     WHERE a.source <> $1 ORDER BY t.article`,
  );
  return rows.map(({ article }) => article);
}

/**
 * The texts of all articles that lie on the web, those that an earlier check has withdrawn among them. A site's own
 * handouts are no web pages.
 * @throws LibraryFileError
 */
export async function listTextAddresses(options: OpenOptions): Promise<TextAddress[]> {
  const ids = await articleIds(options);
  const library = await openStored(options, { layer: 'imported', source: SOURCE, release: undefined });
  try {
    const addresses: TextAddress[] = [];
    for (let start = 0; start < ids.length; start += BATCH_ARTICLES) {
      for (const { id, texts } of library.findArticles(ids.slice(start, start + BATCH_ARTICLES))) {
        for (const { language, url } of Object.values(texts)) {
          if (/^https?:\/\//.test(url)) addresses.push({ article: id, language, url });
        }
      }
    }
    return addresses;
  } finally {
    await library.close();
  }
}

/** What the last check said of each text, by article and language. */
async function readChecks(options: OpenOptions): Promise<Map<string, TextFacts>> {
  const rows = await ask<{ article: string; language: Language; facts: string }>(
    options,
    `SELECT t.article, t.language, t.facts FROM article_text t JOIN active_release a ON a.release = t.release
     WHERE a.layer = 'imported' AND a.source = $1`,
  );
  return new Map(
    rows.map(({ article, language, facts }) => [
      `${article} ${language}`,
      { article, language, ...(JSON.parse(facts) as { linkCheck: LinkCheck }) },
    ]),
  );
}

/**
 * Writes what visits found as a release of its own: pages that are gone are no longer offered, recalled ones that are
 * there are confirmed. What an earlier check said of the texts that are not among these stands.
 * @returns the release's name
 * @throws LibraryFileError
 */
export async function writeLinkChecks(options: OpenOptions, checks: readonly CheckedAddress[]): Promise<string> {
  const releases = await Releases.open(options);
  try {
    const texts = await readChecks(options);
    for (const { article, language, url, day, isGone } of checks) {
      texts.set(`${article} ${language}`, { article, language, linkCheck: { url, day, isGone } });
    }
    const day = options.writer.clock().toISOString().slice(0, 10);
    const target = await releases.begin({ source: SOURCE, name: `${SOURCE}-${day}`, builtOn: day });
    await target.write({ ...NO_ROWS, texts: [...texts.values()] });
    await target.finish([]);
    return target.name;
  } finally {
    await releases.close();
  }
}
