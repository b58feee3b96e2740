import type { Ehr } from '../../config/ehrs.js';
import { describeBy } from '../../protocols/route-document.js';
import {
  firstValue,
  wholeValue,
  type Handler,
  type Route,
  type RouteRequest,
  type RouteResponse,
} from '../../protocols/route.js';
import { listPublicKeys } from '../../config/client-authentication.js';
import { LaunchFailure } from '../../upstream/failures.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { createPageContext, type PageContext } from '../page-context.js';
import { CALLBACK_PATH, LAUNCHED_PATH, pendingCookie, sessionCookie } from './cookies.js';
import type { LaunchOptions } from './launch-options.js';

const LAUNCH_PATH = '/launch';
const JWKS_PATH = '/.well-known/jwks.json';
/** Names the description of an address of a launch or a session in resources/openapi/launch.yaml. */
export const describeLaunch = describeBy('launch');

/** Maximum characters of an EHR's handle, state or code. */
const MOST_CHARS = 4096;

/** Renders what went wrong with a launch and what to do. Without tools: the user may be a patient. */
function renderFailure(failure: LaunchFailure, page: PageContext): RouteResponse {
  const { t } = page;
  const { reason, status } = failure;
  const main = (
    <>
      <h1>{t('launch.failed')}</h1>
      <p class="notice notice-problem" role="alert">
        {t(`launch.failures.${reason}`)}
      </p>
      <p>{t(`launch.remedies.${reason}`)}</p>
      <p class="hint">{t('launch.reference', { reason })}</p>
    </>
  );
  return pageResponse(
    page,
    { title: t('launch.failed'), main, isForPatient: true },
    { status, facts: { outcome: `launch-${reason}` }, headers: NO_STORE },
  );
}

/** Adds the failure page for a launch or a session that fails. */
export function withFailures(options: LaunchOptions, path: string, handle: Handler): Handler {
  return async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      if (!(error instanceof LaunchFailure)) throw error;
      options.logFailure(error);
      return renderFailure(error, createPageContext(options, request, { path, basket: [] }));
    }
  };
}

/** Describes an address that is not in the file: without query, user and control characters, and not too long. */
function describeIssuer(iss: string): string {
  if (!URL.canParse(iss)) return 'iss is no address';
  const { origin, pathname } = new URL(iss);
  return `iss ${origin}${pathname}`.slice(0, 300);
}

/** Finds the EHR of an address. It must be configured: browsers are redirected to no other server. */
function findEhr(iss: string, ehrs: readonly Ehr[]): Ehr {
  if (ehrs.length === 0) throw new LaunchFailure('not-set-up');
  const ehr = ehrs.find((one) => one.iss === iss.replace(/(?<!\/)\/+$/, ''));
  // For the log: an address that is to be added to the file, mostly.
  if (!ehr) throw new LaunchFailure('unknown-issuer', new Error(describeIssuer(iss)));
  return ehr;
}

/** Reads a parameter that may be sent once. @throws LaunchFailure `bad-launch` */
function readParameter({ parameters }: RouteRequest, wanted: string): string {
  const values = parameters.filter(([name]) => name === wanted);
  const value = wholeValue(parameters, wanted);
  if (values.length > 1 || value.length > MOST_CHARS) throw new LaunchFailure('bad-launch');
  return value;
}

/** `/launch?iss=…&launch=…`: redirects the browser to the EHR's authorization server (SMART App Launch 2.2). Nothing is stored. */
async function begin(request: RouteRequest, { ehrs, smart }: LaunchOptions): Promise<RouteResponse> {
  const { baseUrl, now } = request;
  const ehr = findEhr(readParameter(request, 'iss'), ehrs);
  const launch = readParameter(request, 'launch') || undefined;
  const client = await smart();
  const { state, sealed, address } = await client.begin(ehr, launch, `${baseUrl}${CALLBACK_PATH}`, now);
  return { ...redirect(address, 303), cookies: [pendingCookie(state).write(sealed, request)] };
}

/** Parameters of an authorization response (RFC 6749, 4.1.2; RFC 9207), none of which may come twice (RFC 6749, 3.1). */
const CALLBACK_PARAMETERS = ['state', 'code', 'error', 'error_description', 'error_uri', 'iss'];

/** `/callback`: reads the EHR's response and opens a session. */
async function finish(request: RouteRequest, options: LaunchOptions): Promise<RouteResponse> {
  const { smart, sessions, logFailure, ehrs } = options;
  const { baseUrl, now, query } = request;
  if (ehrs.length === 0) throw new LaunchFailure('not-set-up');
  const [state = '', code, error] = CALLBACK_PARAMETERS.map((name) => readParameter(request, name));
  const sealed = pendingCookie(state).read(request);
  if (sealed === '') throw new LaunchFailure('wrong-state');
  if (code === '' && error === '') throw new LaunchFailure('bad-launch');
  const client = await smart();
  const { granted, ehr } = await client.finish(sealed, new URLSearchParams(query), now);
  const { session, secret } = sessions.open(granted, ehr, now);
  logFailure(undefined);
  // The list shows the articles of the card that launched us.
  if (granted.appContext !== undefined) options.noteCardOpened?.(granted.appContext, undefined, now);
  const cookies = [sessionCookie(session.id).write(secret, request)];
  return { ...redirect(`${baseUrl}${LAUNCHED_PATH}/${session.id}`, 303), cookies };
}

/** Outcomes of a callback that is none of the EHR's: the launch may still come back. */
const NOT_ENDED: ReadonlySet<string> = new Set(['launch-wrong-state', 'launch-bad-launch']);

/** Deletes the cookie of a launch that has come back, also of one that failed: it is used once. */
function withoutPending(handle: Handler): Handler {
  return async (request) => {
    const answer = await handle(request);
    const state = firstValue(request.parameters, 'state');
    const isOpen = NOT_ENDED.has(answer.facts.outcome) || pendingCookie(state).read(request) === '';
    if (state === '' || isOpen) return answer;
    return { ...answer, cookies: [...(answer.cookies ?? []), pendingCookie(state).clear(request)] };
  };
}

/** Our public keys, with which EHRs verify our assertions. */
function jwksHandler({ ehrs }: LaunchOptions): Handler {
  const body = JSON.stringify(listPublicKeys(ehrs));
  return async () => ({ status: 200, contentType: 'application/json; charset=utf-8', body, facts: { outcome: 'ok' } });
}

/** Routes at which a launch begins and returns. */
export function startRoutes(options: LaunchOptions): Route[] {
  const common = { protocol: 'smart', headerKind: 'page', renderError: createErrorRenderer(options) } as const;
  return [
    {
      ...common,
      path: LAUNCH_PATH,
      get: withFailures(options, LAUNCH_PATH, (request) => begin(request, options)),
      document: describeLaunch('launch'),
    },
    {
      ...common,
      path: CALLBACK_PATH,
      get: withoutPending(withFailures(options, CALLBACK_PATH, (request) => finish(request, options))),
      document: describeLaunch('callback'),
    },
    { ...common, path: JWKS_PATH, headerKind: 'api', get: jwksHandler(options), document: describeLaunch('keys') },
  ];
}
