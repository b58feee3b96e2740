import type { ServerResponse } from 'node:http';
import express from 'express';
import { RequestError } from '../core/errors.js';
import type { ErrorRenderer, Route } from '../protocols/route.js';
import type { headerTable } from './answers/headers.js';
import type { FindHandout } from './handout-files.js';
import { describeBy } from '../protocols/route-document.js';

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
