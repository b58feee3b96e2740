import type { Handler, Route } from '../../protocols/route.js';
import { sendHandoutPdf, showHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { PatientBanner } from './banner.js';
import { sessionCookie } from './cookies.js';
import { GivenForm } from './given-form.js';
import type { LaunchOptions } from './launch-options.js';
import { readPatient } from './read-chart.js';
import { findClinician, findSession, createSessionPage } from './session-request.js';
import type { SessionAddress } from './session-route.js';
import { buildSessionRoute } from './session-route.js';
import { showList } from './show-list.js';
import { showToPatient } from './show-to-patient.js';

function listHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const sessionRequest = findSession(request, options);
    return sessionRequest.session.role === 'clinician'
      ? showList(request, sessionRequest, options)
      : showToPatient(request, sessionRequest, options);
  };
}

/** Shows the list with what the clinician typed. */
function addHandler(options: LaunchOptions): Handler {
  return async (request) => showList(request, findClinician(request, options), options);
}

function handoutHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const { session, launched } = findClinician(request, options);
    session.person ??= (await readPatient(session, options.client, request.inFlight)).person;
    const page = createSessionPage(request, { session, launched }, options);
    const before = <PatientBanner session={session} page={page} />;
    return showHandout(request, options, {
      launched,
      before,
      after: ({ chosen }) => (options.record ? <GivenForm session={session} chosen={chosen} page={page} /> : null),
    });
  };
}

function pdfHandler(options: LaunchOptions): Handler {
  return async (request) => {
    findClinician(request, options);
    return sendHandoutPdf(request, options);
  };
}

/** Ends the session and discards its token. */
function doneHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const sessionRequest = findSession(request, options);
    const { session } = sessionRequest;
    options.sessions.end(session.id);
    const { launched: _gone, ...page } = createSessionPage(request, sessionRequest, options);
    const main = (
      <>
        <h1>{page.t('launch.ended')}</h1>
        <p>{page.t(session.role === 'clinician' ? 'launch.endedHint' : 'patient.ended')}</p>
      </>
    );
    const document = { title: page.t('launch.ended'), main, isForPatient: true };
    const headers = { ...NO_STORE, 'Set-Cookie': sessionCookie.clear(session.id, request) };
    return pageResponse(page, document, { facts: { outcome: 'ok' }, headers });
  };
}

/** Routes of a session. */
export function launchedRoutes(options: LaunchOptions): Route[] {
  const show = handoutHandler(options);
  const addresses: readonly SessionAddress[] = [
    { path: '', get: listHandler(options), post: addHandler(options) },
    { path: '/handout', get: show, post: show },
    { path: '/handout.pdf', headerKind: 'document', post: pdfHandler(options) },
    { path: '/done', post: doneHandler(options) },
  ];
  return addresses.map((address) => buildSessionRoute(options, address));
}
