import type { ServerResponse } from 'node:http';
import express from 'express';
import { RequestError } from '../core/errors.js';
import type { ErrorRenderer, Route, GivenArticle } from '../protocols/route.js';
import type { headerTable } from './answers/headers.js';
import { describeBy } from '../protocols/route-document.js';
import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LOCAL_ID_PREFIX, handoutName, type Article } from '../core/model/article.js';
import type { Library } from '../core/model/library.js';
import { Collected } from '../protocols/long-work/collected.js';

/** Articles read at once; other requests come between. */
const BATCH = 500;

/** Articles behind a file of the site's handouts. */
interface HandoutFile {
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
type FindHandout = (path: string) => Promise<HandoutFile>;

/**
 * Which of a site's own articles lead to the files of its folder, collected at the first request and after each change.
 * @param isWithheld whether a file's keeper withholds it from readers
 */
// ts-unused-exports:disable-next-line
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

const HANDOUTS = '/handouts';
const HANDOUT_FILE = /\.(pdf|html?)$/i;

/** A site's own handouts: the files of its folder, which Express's router sends. */
// ts-unused-exports:disable-next-line
export function handoutsRoute(
  folder: string,
  find: FindHandout,
  headers: ReturnType<typeof headerTable>,
  renderError: ErrorRenderer,
): Route {
  const router = express.Router();
  const options = {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    acceptRanges: false,
    setHeaders: (response: ServerResponse, path: string) => {
      const own = headers[/\.pdf$/i.test(path) ? 'document' : 'handout'];
      for (const [name, value] of Object.entries(own)) response.setHeader(name, value);
    },
  } as const;
  router.use(HANDOUTS, express.static(folder, options));
  return {
    path: `${HANDOUTS}/*file`,
    protocol: 'handouts',
    headerKind: 'handout',
    renderError,
    files: {
      find: async (path) => {
        const { articles, isSuppressed } = await find(path.slice(HANDOUTS.length) || '/');
        if (isSuppressed) throw new RequestError('not-found');
        return { articles };
      },
      send: (request, response, reject) => {
        const end = (error?: unknown): void => {
          const { status = 404 } = (error ?? {}) as { status?: number };
          if (error === undefined) reject(new RequestError('not-found'));
          else reject(status < 500 ? new RequestError('bad-request') : new RequestError('internal'));
        };
        const [path = ''] = (request.url ?? '').split('?', 1);
        // The site's CSV files may lie in the same folder: only handouts go out.
        if (HANDOUT_FILE.test(path)) router(request as express.Request, response as express.Response, end);
        else end();
      },
    },
    document: describeBy('operations')('handouts'),
  };
}
