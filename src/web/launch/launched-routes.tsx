import type { Route, RouteRequest, RouteResponse } from '../../protocols/route.js';
import { sendHandoutPdf, showHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { PatientBanner } from './banner.js';
import { sessionCookie } from './cookies.js';
import { GivenForm } from './given-form.js';
import type { LaunchOptions } from './launch-options.js';
import { namePatient } from './read-chart.js';
import { findClinician, findSession, createSessionPage } from './session-request.js';
import { buildSessionRoute, type SessionAddress } from './session-route.js';
import { showList } from './show-list.js';
import { showToPatient } from './show-to-patient.js';

async function list(request: RouteRequest, options: LaunchOptions): Promise<RouteResponse> {
  const sessionRequest = findSession(request, options);
  return sessionRequest.session.role === 'clinician'
    ? showList(request, sessionRequest, options)
    : showToPatient(request, sessionRequest, options);
}

async function show(request: RouteRequest, options: LaunchOptions): Promise<RouteResponse> {
  const { session, launched } = findClinician(request, options);
  await namePatient(session, options.client, request.inFlight);
  const page = createSessionPage(request, { session, launched }, options);
  const before = <PatientBanner session={session} page={page} />;
  return showHandout(request, options, {
    launched,
    before,
    after: ({ chosen }) => (options.record ? <GivenForm session={session} chosen={chosen} page={page} /> : null),
  });
}

async function sendPdf(request: RouteRequest, options: LaunchOptions): Promise<RouteResponse> {
  findClinician(request, options);
  return sendHandoutPdf(request, options);
}

/** Ends the session and discards its token. */
async function end(request: RouteRequest, options: LaunchOptions): Promise<RouteResponse> {
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
}

/** Routes of a session. */
export function launchedRoutes(options: LaunchOptions): Route[] {
  const addresses: readonly SessionAddress[] = [
    // What a clinician typed is posted.
    { path: '', get: list, post: async (request) => showList(request, findClinician(request, options), options) },
    { path: '/handout', get: show, post: show },
    { path: '/handout.pdf', headerKind: 'document', post: sendPdf },
    { path: '/done', post: end },
  ];
  return addresses.map((address) => buildSessionRoute(options, address));
}
