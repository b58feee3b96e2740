import type { NextFunction, Request, Response } from 'express';
import express from 'express';
import { RequestError } from '../core/errors.js';
import type { AuditFacts, ErrorRenderer, HeaderKind, Route } from '../protocols/route.js';
import type { ContentByType, MethodDocument } from '../protocols/route-document.js';
import type { Edge } from './edge.js';
import type { HandoutFiles } from './handout-files.js';

export interface ExpressOptions {
  /** Routes with parameters in their path. */
  readonly routes: readonly Route[];
  readonly edge: Edge;
  readonly headers: Readonly<Record<HeaderKind, Readonly<Record<string, string>>>>;
  /** A site's own handouts, and the route that they stand for; undefined where it has none. */
  readonly handouts: { readonly folder: string; readonly route: Route; readonly files: HandoutFiles } | undefined;
}

const HANDOUTS = '/handouts';

/** What is known of a folder that is served as it is. */
function describeFiles(folder: string, of: string, renderError: ErrorRenderer): Route {
  const anyFile: ContentByType = { '*/*': { schema: {} } };
  const told: MethodDocument = {
    summary: of,
    answers: { 200: { description: 'The file.', content: anyFile } },
    errors: ['not-found'],
    errorContent: anyFile,
    examples: [],
  };
  const path = [{ name: 'file', description: 'Name of the file.' }];
  return {
    path: `${folder}/:file`,
    protocol: 'handouts',
    headerKind: 'handout',
    renderError,
    allowed: () => ['GET'],
    document: { tag: 'Files', path, methods: { GET: told } },
  };
}

/** The folder of a site's handouts as a route, for the edge and the OpenAPI document; files are sent by Express. */
export function handoutsRoute(renderError: ErrorRenderer): Route {
  return describeFiles(HANDOUTS, 'Handouts of this site', renderError);
}

const HANDOUT_FILE = /\.(pdf|html?)$/i;

/**
 * What Express does for us: finds routes by the parameters in their path, serves files, and says what is nowhere.
 * Everything else of a request is the edge's.
 */
export function createExpressApp(options: ExpressOptions): express.Express {
  const { routes, edge, headers, handouts } = options;
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  for (const route of routes) {
    app.all(route.path, (request: Request) => {
      edge.serveRoute(route, request.params as Record<string, string>, request);
    });
  }
  if (handouts) {
    const { folder, route, files: known } = handouts;
    app.use(HANDOUTS, (request: Request, _response: Response, next: NextFunction) => {
      const { path } = request;
      const find = async (): Promise<AuditFacts> => {
        const { articles, isSuppressed } = await known.find(path);
        if (isSuppressed) throw new RequestError('not-found');
        return { articles };
      };
      edge.serveFile(route, request, find, next);
    });
    const files = express.static(folder, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      cacheControl: false,
      acceptRanges: false,
      setHeaders: (response, path) => response.set(headers[/\.pdf$/i.test(path) ? 'document' : 'handout']),
    });
    app.use(HANDOUTS, (request: Request, response: Response, next: NextFunction) => {
      // The site's CSV files may lie in the same folder: only handouts go out.
      if (HANDOUT_FILE.test(request.path)) void files(request, response, next);
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
