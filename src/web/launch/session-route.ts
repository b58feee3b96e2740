import type { Route, RouteRequest, RouteResponse } from '../../protocols/route.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { LAUNCHED_PATH } from './cookies.js';
import type { LaunchOptions } from './launch-options.js';
import { describeLaunch, withFailures } from './start-routes.js';

/** Answers a request at an address of a session. */
export type SessionHandler = (request: RouteRequest, options: LaunchOptions) => Promise<RouteResponse>;

/** An address of a session. */
export interface SessionAddress extends Partial<Pick<Route, 'headerKind'>> {
  /** Path below the session's address. */
  readonly path: string;
  readonly get?: SessionHandler;
  readonly post?: SessionHandler;
}

/** Builds the route of an address of a session; failures of launch and session become their page. */
export function buildSessionRoute(options: LaunchOptions, address: SessionAddress): Route {
  const { path, get, post, headerKind = 'page' } = address;
  const bind = (handle: SessionHandler) => withFailures(options, LAUNCHED_PATH, (request) => handle(request, options));
  return {
    path: `${LAUNCHED_PATH}/:session${path}`,
    protocol: 'launched',
    headerKind,
    renderError: createErrorRenderer(options),
    ...(get ? { get: bind(get) } : {}),
    ...(post ? { post: bind(post) } : {}),
    document: describeLaunch(path),
  };
}
