import type { Route, RouteResponse } from '../../protocols/route.js';
import { sendHandoutFile, sendHandoutPdf, showHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { PatientBanner } from './banner.js';
import { sessionCookie } from './cookies.js';
import { GivenForm } from './given-form.js';
import type { LaunchOptions } from './launch-options.js';
import { namePatient } from './read-chart.js';
import { buildSessionRoute, createSessionPage, findRecord, forClinician, isChartOnly } from './session-request.js';
import type { SessionAddress, SessionRequest } from './session-request.js';
import { createListComputation, showList } from './show-list.js';
import { showToPatient } from './show-to-patient.js';

async function show(given: SessionRequest): Promise<RouteResponse> {
  const { request, options, session, launched } = given;
  await namePatient(given);
  const page = createSessionPage(given);
  return showHandout(request, options, {
    launched,
    before: <PatientBanner session={session} page={page} />,
    after: ({ chosen }) =>
      findRecord(given) ? <GivenForm {...{ session, chosen, page }} isChartOnly={isChartOnly(given)} /> : null,
  });
}

/** Ends the session and discards its token. */
async function end(given: SessionRequest): Promise<RouteResponse> {
  const { request, options, session } = given;
  options.sessions.end(session.id);
  const { launched: _gone, ...page } = createSessionPage(given);
  const main = (
    <>
      <h1>{page.t('launch.ended')}</h1>
      <p>{page.t(session.role === 'clinician' ? 'launch.endedHint' : 'patient.ended')}</p>
    </>
  );
  const document = { title: page.t('launch.ended'), main, isForPatient: true };
  const ended = pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
  return { ...ended, cookies: [sessionCookie(session.id).clear(request)] };
}

/** Routes of a session. */
export function launchedRoutes(options: LaunchOptions): Route[] {
  const addresses: readonly SessionAddress[] = [
    {
      path: '',
      get: (given) => (given.session.role === 'clinician' ? showList(given) : showToPatient(given)),
      // Typed entries are posted.
      post: forClinician(showList),
      computation: createListComputation(options),
    },
    { path: '/handout', get: forClinician(show), post: forClinician(show) },
    {
      path: '/handout.pdf',
      headerKind: 'document',
      post: forClinician(({ request }) => sendHandoutPdf(request, options, 'attachment')),
    },
    {
      path: '/handout.html',
      headerKind: 'handout',
      post: forClinician(({ request }) => sendHandoutFile(request, options)),
    },
    { path: '/done', post: end },
  ];
  return addresses.map((address) => buildSessionRoute(options, address));
}
