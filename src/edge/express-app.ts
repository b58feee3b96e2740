import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import { RequestError } from '../core/errors.js';
import type { HeaderKind, Route } from '../protocols/route.js';
import type { ContentByType, MethodDocument } from '../protocols/route-document.js';
import type { Edge } from './edge.js';

export interface ExpressOptions {
  /** Routes with parameters in their path. */
  readonly routes: readonly Route[];
  readonly edge: Edge;
  readonly headers: Readonly<Record<HeaderKind, Readonly<Record<string, string>>>>;
  /** A site's own handouts; undefined where it has none. */
  readonly handoutsDir: string | undefined;
}

const HANDOUTS = '/handouts';

/** What clients read of a folder that is served as it is. */
function describeFiles(folder: string, of: string): Pick<Route, 'path' | 'document' | 'allowed'> {
  const anyFile: ContentByType = { '*/*': { schema: {} } };
  const told: MethodDocument = {
    summary: of,
    answers: { 200: { description: 'The file.', content: anyFile } },
    errors: ['not-found'],
    errorContent: anyFile,
    examples: [],
  };
  const path = [{ name: 'file', description: 'Name of the file.' }];
  return { path: `${folder}/:file`, allowed: () => ['GET'], document: { tag: 'Files', path, methods: { GET: told } } };
}

/** The folders that are served, for the OpenAPI document. */
export function describeFolders({ handoutsDir }: Pick<ExpressOptions, 'handoutsDir'>) {
  return handoutsDir ? [describeFiles(HANDOUTS, 'Handouts of this site')] : [];
}

const HANDOUT_FILE = /\.(pdf|html?)$/i;

/**
 * What Express does for us: finds routes by the parameters in their path, serves files, and says what is nowhere.
 * Everything else of a request is the edge's.
 */
export function createExpressApp(options: ExpressOptions): express.Express {
  const { routes, edge, headers, handoutsDir } = options;
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  for (const route of routes) {
    app.all(route.path, (request: Request) => {
      edge.serveRoute(route, request.params as Record<string, string>, request);
    });
  }
  app.use(HANDOUTS, (request: Request, _response: Response, next: NextFunction) => {
    if (request.method === 'GET' || request.method === 'HEAD') next();
    else edge.refuse(new RequestError('method-not-allowed', { allowed: 'GET, HEAD' }), request);
  });
  if (handoutsDir) {
    const handouts = express.static(handoutsDir, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      cacheControl: false,
      acceptRanges: false,
      setHeaders: (response, path) => response.set(headers[/\.pdf$/i.test(path) ? 'document' : 'handout']),
    });
    app.use(HANDOUTS, (request: Request, response: Response, next: NextFunction) => {
      edge.tellIds(request, response);
      // The site's CSV files may lie in the same folder: only handouts go out.
      if (HANDOUT_FILE.test(request.path)) void handouts(request, response, next);
      else next();
    });
  }
  app.use((request: Request) => {
    edge.refuse(new RequestError('not-found'), request);
  });
  // Express calls a handler of four arguments an error handler; a path with bad escapes ends here.
  app.use((error: unknown, request: Request, _response: Response, _next: NextFunction) => {
    const status = (error as { status?: number } | undefined)?.status ?? 500;
    edge.refuse(status < 500 ? new RequestError('bad-request') : new RequestError('internal'), request);
  });
  return app;
}
