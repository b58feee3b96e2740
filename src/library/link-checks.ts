import type { Language } from '../core/model/language.js';
import { openStored, type OpenOptions } from './open.js';
import { Releases } from './releases.js';
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

/**
 * The texts of all articles that lie on the web, those that an earlier check has withdrawn among them. A site's own
 * handouts are no web pages.
 * @throws LibraryFileError
 */
export async function listTextAddresses(options: OpenOptions): Promise<TextAddress[]> {
  const library = await openStored(options, { layer: 'imported', source: SOURCE, release: undefined });
  try {
    const ids = library.findArticleIds({ prefix: '' });
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

/**
 * Writes the results of visits as a release of its own: pages that are gone are no longer offered, recalled ones that still exist are
 * confirmed. Results of earlier checks stand for texts that are not among these.
 * @returns the release's name
 * @throws LibraryFileError
 */
export async function writeLinkChecks(options: OpenOptions, checks: readonly CheckedAddress[]): Promise<string> {
  const releases = await Releases.open(options);
  try {
    const { texts: before, isImported } = await releases.readTextsBefore(SOURCE);
    const texts = new Map((isImported ? before : []).map((text) => [`${text.article} ${text.language}`, text]));
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
