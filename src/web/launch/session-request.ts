import { RequestError } from '../../core/errors.js';
import type { RouteRequest } from '../../protocols/route.js';
import type { Language } from '../../core/model/language.js';
import { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import { findFormOrigin } from '../feedback-route.js';
import { createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { LAUNCHED_PATH, sessionCookie } from './cookies.js';
import type { LaunchOptions } from './launch-options.js';
import type { LaunchSession } from './sessions.js';

/** A request within a session. */
export interface SessionRequest {
  readonly session: LaunchSession;
  /** Path of the session. */
  readonly launched: string;
}

/**
 * Finds the session of a request by address and cookie. A form must come from our own page.
 * @throws LaunchFailure `session-ended`; RequestError `foreign-form`
 */
export function findSession(request: RouteRequest, { sessions }: Pick<LaunchOptions, 'sessions'>): SessionRequest {
  const { pathParameters, method, now } = request;
  const session = sessions.find(pathParameters.session ?? '', sessionCookie.read(request), now);
  if (method === 'POST' && findFormOrigin(request) !== 'own') throw new RequestError('foreign-form');
  return { session, launched: `${LAUNCHED_PATH}/${session.id}` };
}

/** Finds the session of a clinician; patients have no tools. @throws LaunchFailure `session-ended`, `not-for-patients`; RequestError `foreign-form` */
export function findClinician(request: RouteRequest, options: Pick<LaunchOptions, 'sessions'>): SessionRequest {
  const sessionRequest = findSession(request, options);
  if (sessionRequest.session.role !== 'clinician') throw new LaunchFailure('not-for-patients');
  return sessionRequest;
}

/** Creates the context of a session's page, without another basket's articles. @param path undefined: the session's own */
export function createSessionPage(
  request: RouteRequest,
  { launched }: SessionRequest,
  options: PageOptions,
  path = launched,
  { query = {}, language }: { readonly query?: Record<string, string>; readonly language?: Language | undefined } = {},
): PageContext {
  return { ...createPageContext(options, request, { path, query, basket: [] }, language), launched };
}
