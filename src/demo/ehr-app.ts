import { fileURLToPath } from 'node:url';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { createFhirApi } from './fhir-api.js';
import type { Authorization } from './authorization.js';
import { chartRoutes } from './chart-routes.js';
import { clientRoutes } from './client-routes.js';
import { refuse, type EhrParts } from './ehr-parts.js';
import { EHR_PATH } from './view.js';
import { renderError } from './pages/other-pages.js';
import { renderStart } from './pages/start-page.js';

const ASSETS = fileURLToPath(new URL('../../resources/demo/assets', import.meta.url));

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Rejects forms of other sites: the browser names the site that a form is of. */
function rejectForeignForms(ours: string) {
  return ({ method, headers }: Request, response: Response, next: NextFunction): void => {
    const { origin = ours, 'sec-fetch-site': site = 'none' } = headers;
    const isOwn = origin === ours && (site === 'same-origin' || site === 'none');
    if (method === 'GET' || isOwn) next();
    else response.status(403).type('text/plain').send('This form is of another site.');
  };
}

/** Creates the demo's EHR: its FHIR server, its authorization server and its pages, all of them below EHR_PATH. */
export function createEhrApp(parts: EhrParts, authorization: Authorization): Express {
  const { addresses, store, state, createView } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.set(HEADERS);
    next();
  });
  const onWritten = (): void => {
    state.markDone('given');
  };
  app.use(`${EHR_PATH}/fhir`, createFhirApi(store, authorization, onWritten));
  app.use(`${EHR_PATH}/oauth`, authorization.router);
  app.use(`${EHR_PATH}/assets`, express.static(ASSETS, { index: false, redirect: false, cacheControl: false }));
  app.use(EHR_PATH, rejectForeignForms(addresses.ours), express.urlencoded({ extended: false, limit: '20kb' }));
  app.get(EHR_PATH, (request, response) => {
    response.send(renderStart(createView(request)));
  });
  app.post(`${EHR_PATH}/language`, (request, response) => {
    parts.chooseLanguage(request);
    response.redirect(303, EHR_PATH);
  });
  app.use(`${EHR_PATH}/patients`, chartRoutes(parts, authorization));
  app.use(`${EHR_PATH}/client`, clientRoutes(parts));
  app.use((_request, _response, next) => {
    next(refuse(404));
  });
  // Express knows a handler of errors by its four parameters.
  app.use((error: { readonly status?: number }, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status = 502 } = error;
    response.status(status).send(renderError(status, createView(request)));
  });
  return app;
}
