import { RequestError } from '../../core/errors.js';
import type { Language } from '../../core/model/language.js';
import type { HeavyComputation, Route, RouteRequest, RouteResponse } from '../../protocols/route.js';
import { LaunchFailure } from '../../upstream/failures.js';
import { findFormOrigin } from '../form-origin.js';
import { createPageContext, type PageContext, type Visit } from '../page-context.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { LAUNCHED_PATH, sessionCookie } from './cookies.js';
import type { LaunchOptions } from './launch-options.js';
import { SessionRecord, type LaunchRecord } from './delivery/session-record.js';
import { renewToken } from './renew-token.js';
import type { LaunchSession } from './sessions.js';
import { describeLaunch, withFailures } from './start-routes.js';

/** A request within a session. */
export interface SessionRequest {
  /** With the ward or clinic of the encounter, once the chart was read. */
  readonly request: RouteRequest & Pick<Visit, 'department'>;
  readonly options: LaunchOptions;
  readonly session: LaunchSession;
  /** Path of the session. */
  readonly launched: string;
}

/** A request for the record within a session. */
export interface RecordRequest extends SessionRequest {
  readonly record: LaunchRecord;
}

/** Finds the record of a launch: the site's, else the session's own where the chart alone holds the entries; undefined: there is none. */
export function findRecord({
  options,
  session,
}: Pick<SessionRequest, 'options' | 'session'>): LaunchRecord | undefined {
  if (options.record) return options.record;
  return isChartOnly({ options, session }) ? (session.record ??= new SessionRecord()) : undefined;
}

/** True if the chart alone holds what is handed over: entries are written to it, and this server stores none. */
export const isChartOnly = ({ options, session }: Pick<SessionRequest, 'options' | 'session'>): boolean =>
  !options.record && session.ehr.writeBack.length > 0;

/** Answers a request at an address of a session. */
export type SessionHandler = (given: SessionRequest) => Promise<RouteResponse>;

/**
 * Finds the session of a request by address and cookie. A form must come from our own page.
 * @throws LaunchFailure `session-ended`; RequestError `foreign-form`
 */
function findSession(request: RouteRequest, options: LaunchOptions): SessionRequest {
  const { pathParameters, method, now } = request;
  const { session: id = '' } = pathParameters;
  const session = options.sessions.find(id, sessionCookie(id).read(request), now);
  if (method === 'POST' && findFormOrigin(request) !== 'own') throw new RequestError('foreign-form');
  const { department } = session;
  return { request: { ...request, department }, options, session, launched: `${LAUNCHED_PATH}/${session.id}` };
}

/** Answers clinicians alone; patients have no tools. @throws LaunchFailure `not-for-patients` */
export const forClinician =
  (handle: SessionHandler): SessionHandler =>
  async (given) => {
    if (given.session.role !== 'clinician') throw new LaunchFailure('not-for-patients');
    return handle(given);
  };

/** Creates the context of a session's page, without another basket's articles. @param path undefined: the session's own */
export function createSessionPage(
  { request, options, launched }: SessionRequest,
  path = launched,
  { query = {}, language }: { readonly query?: Record<string, string>; readonly language?: Language | undefined } = {},
): PageContext {
  return { ...createPageContext(options, request, { path, query, basket: [] }, language), launched };
}

/** An address of a session. */
export interface SessionAddress extends Partial<Pick<Route, 'headerKind'>> {
  /** Path below the session's address. */
  readonly path: string;
  readonly get?: SessionHandler;
  readonly post?: SessionHandler;
  readonly computation?: HeavyComputation;
}

/** Builds the route of an address of a session; failures of launch and session become their page. */
export function buildSessionRoute(options: LaunchOptions, address: SessionAddress): Route {
  const { path, get, post, computation, headerKind = 'page' } = address;
  const bind = (handle: SessionHandler) =>
    withFailures(options, LAUNCHED_PATH, async (request) => {
      const given = findSession(request, options);
      await renewToken(given.session, options, request.now);
      return handle(given);
    });
  return {
    path: `${LAUNCHED_PATH}/:session${path}`,
    protocol: 'launched',
    headerKind,
    renderError: createErrorRenderer(options),
    ...(get ? { get: bind(get) } : {}),
    ...(post ? { post: bind(post) } : {}),
    computation,
    document: describeLaunch(path),
  };
}
