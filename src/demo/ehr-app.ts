import { fileURLToPath } from 'node:url';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import { createFhirApi } from './fhir-api.js';
import type { Authorization, DemoAddresses } from './authorization.js';
import { chartRoutes } from './chart-routes.js';
import { refuse, type EhrParts } from './ehr-parts.js';
import { EHR_PATH } from './view.js';
import { renderError, renderClient } from './pages/other-pages.js';
import { renderStart } from './pages/start-page.js';
import { API_CALLS, buildApiCall } from './api-calls.js';
import { callServer } from './call-server.js';
import { PATIENT_IDS } from './chart-store.js';
import type { RequestListener, Server } from 'node:http';

/** Creates the route of the page on which a FHIR client's calls are made. */
function clientRoutes(parts: EhrParts): Router {
  const { addresses, store, state, createView, findPatient } = parts;
  const router = express.Router();
  router.get('/', async (request, response) => {
    const { patient: sent = PATIENT_IDS[0], call } = request.query;
    const patient = findPatient(typeof sent === 'string' ? sent : '');
    const name = API_CALLS.find((one) => one === call);
    const made = name && { name, exchange: await callServer(addresses.ours, buildApiCall(name, store, patient)) };
    if (made) state.markDone('client');
    response.send(renderClient(patient, made, createView(request)));
  });
  return router;
}

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

const isOfEhr = (address: string): boolean =>
  address.startsWith(EHR_PATH) && ['', '/', '?'].includes(address.charAt(EHR_PATH.length));

/**
 * Creates the listener of the demo's port: the EHR answers below its path, our server all else, as it does without a demo. Another name
 * of this machine leads to the one address that cookies and the launch are for; any other name is rejected (DNS rebinding).
 */
export function createFront(ehr: RequestListener, server: Server, { ours }: DemoAddresses): RequestListener {
  const { host, port } = new URL(ours);
  return (request, response) => {
    const { url = '/', method, headers } = request;
    if (headers.host === `localhost:${port}` && method === 'GET' && url.startsWith('/')) {
      response.writeHead(307, { Location: ours + url }).end();
    } else if (!isOfEhr(url)) {
      server.emit('request', request, response);
    } else if (headers.host === host) {
      ehr(request, response);
    } else response.writeHead(421, { 'Content-Type': 'text/plain' }).end(`This demo is at ${ours}${EHR_PATH}\n`);
  };
}
