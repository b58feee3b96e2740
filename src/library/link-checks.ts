import type { Language } from '../core/language.js';
import type { OpenOptions } from './open.js';
import { onFile } from './open.js';
import { openLibraryWith, openToRead } from './open-with.js';
import { Releases } from './releases.js';
import type { LinkCheck, TextFacts } from './source.js';
import { NO_ROWS } from './source.js';

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

function articleIds(libraryPath: string): string[] {
  return onFile(libraryPath, () => {
    const db = openToRead(libraryPath);
    try {
      const statement = db.prepare(
        `SELECT DISTINCT t.article FROM article_text t JOIN active_release a ON a.release = t.release
         WHERE a.source <> ? ORDER BY t.article`,
      );
      return statement.pluck().all(SOURCE) as string[];
    } finally {
      db.close();
    }
  });
}

/**
 * The texts of all articles that lie on the web, those that an earlier check has withdrawn among them. A site's own
 * handouts are no web pages.
 * @throws LibraryFileError
 */
export async function listTextAddresses(options: OpenOptions): Promise<TextAddress[]> {
  const ids = articleIds(options.libraryPath);
  const library = openLibraryWith(options, { layer: 'imported', source: SOURCE, release: undefined });
  try {
    const addresses: TextAddress[] = [];
    for (let start = 0; start < ids.length; start += BATCH_ARTICLES) {
      for (const { id, texts } of await library.findArticles(ids.slice(start, start + BATCH_ARTICLES))) {
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
function readChecks(libraryPath: string): Map<string, TextFacts> {
  return onFile(libraryPath, () => {
    const db = openToRead(libraryPath);
    try {
      const rows = db
        .prepare(
          `SELECT t.article, t.language, t.facts FROM article_text t JOIN active_release a ON a.release = t.release
           WHERE a.layer = 'imported' AND a.source = ?`,
        )
        .all(SOURCE) as { article: string; language: Language; facts: string }[];
      return new Map(
        rows.map(({ article, language, facts }) => [
          `${article} ${language}`,
          { article, language, ...(JSON.parse(facts) as { linkCheck: LinkCheck }) },
        ]),
      );
    } finally {
      db.close();
    }
  });
}

/**
 * Writes what visits found as a release of its own: pages that are gone are no longer offered, recalled ones that are
 * there are confirmed. What an earlier check said of the texts that are not among these stands.
 * @returns the release's name
 * @throws LibraryFileError
 */
export function writeLinkChecks(options: OpenOptions, checks: readonly CheckedAddress[]): string {
  const releases = new Releases(options);
  try {
    const texts = readChecks(options.libraryPath);
    for (const { article, language, url, day, isGone } of checks) {
      texts.set(`${article} ${language}`, { article, language, linkCheck: { url, day, isGone } });
    }
    const day = options.writer.clock().toISOString().slice(0, 10);
    const target = releases.begin({ source: SOURCE, name: `${SOURCE}-${day}`, builtOn: day });
    target.write({ ...NO_ROWS, texts: [...texts.values()] });
    target.finish([]);
    return target.name;
  } finally {
    releases.close();
  }
}
