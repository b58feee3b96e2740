import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LOCAL_ID_PREFIX, handoutName, type Article } from '../core/model/article.js';
import type { Library } from '../core/model/library.js';
import type { GivenArticle } from '../protocols/route.js';
import { Collected } from '../protocols/long-work/collected.js';

/** Articles read at once; other requests come between. */
const BATCH = 500;

/** Articles behind a file of the site's handouts. */
export interface HandoutFile {
  /** The articles that lead to it and are served. */
  readonly articles: readonly GivenArticle[];
  /** Nothing leads to it but what the site suppresses, or its keeper withholds it. */
  readonly isSuppressed: boolean;
}

/** The articles that are served, and those that are suppressed, by the names of the files that they lead to. */
type Reading = Readonly<Record<'given' | 'suppressed', ReadonlyMap<string, readonly GivenArticle[]>>>;

/** Articles by the names of the files that they lead to. */
function byFile(articles: readonly Article[]): Map<string, GivenArticle[]> {
  const found = new Map<string, GivenArticle[]>();
  for (const { id, texts } of articles) {
    for (const { language, url } of Object.values(texts)) {
      const name = handoutName(url);
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), { id, language }]);
    }
  }
  return found;
}

/** The path of a file below its folder as the folder has it; undefined where nothing can be there. */
function readName(path: string): string | undefined {
  try {
    return posix.normalize(decodeURIComponent(path)).replace(/^\/+/, '');
  } catch {
    return undefined;
  }
}

async function readArticles(library: Library): Promise<Reading> {
  const ids = library.findArticleIds({ prefix: LOCAL_ID_PREFIX });
  const articles: Article[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    articles.push(...library.findArticles(ids.slice(from, from + BATCH)));
    await setImmediate();
  }
  return { given: byFile(articles), suppressed: byFile(library.findSuppressed()) };
}

/**
 * Finds the articles of a file. If nothing is suppressed it may be served even though the library does not answer.
 * @param path below the folder, as it was sent
 * @throws RequestError `library-unavailable`
 */
export type FindHandout = (path: string) => Promise<HandoutFile>;

/**
 * Which of a site's own articles lead to the files of its folder, collected at the first request and after each change.
 * @param isWithheld whether a file's keeper withholds it from readers
 */
export function createHandoutFinder(
  library: Library,
  isWithheld: (name: string) => boolean = () => false,
): FindHandout {
  const reading = new Collected(library, { collect: () => readArticles(library) });
  return async (path) => {
    const name = readName(path) ?? '';
    if (isWithheld(name)) return { articles: [], isSuppressed: true };
    const mayBeSuppressed = (library.status().policy?.suppressed.size ?? 0) > 0;
    try {
      const { given, suppressed } = await reading.get();
      const articles = given.get(name) ?? [];
      return { articles, isSuppressed: articles.length === 0 && suppressed.has(name) };
    } catch (error) {
      if (mayBeSuppressed) throw error;
      return { articles: [], isSuppressed: false };
    }
  };
}
