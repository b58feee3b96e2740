import type { Handler, Route } from '../../protocols/route.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { LAUNCHED_PATH } from './cookies.js';
import type { LaunchOptions } from './launch-options.js';
import { describeLaunch, withFailures } from './start-routes.js';

/** An address of a session. */
export interface SessionAddress extends Partial<Pick<Route, 'headerKind'>> {
  /** Path below the session's address. */
  readonly path: string;
  readonly get?: Handler;
  readonly post?: Handler;
}

/** Builds the route of an address of a session; failures of launch and session become their page. */
export function buildSessionRoute(options: LaunchOptions, address: SessionAddress): Route {
  const { path, get, post, headerKind = 'page' } = address;
  return {
    path: `${LAUNCHED_PATH}/:session${path}`,
    protocol: 'launched',
    headerKind,
    renderError: createErrorRenderer(options),
    ...(get ? { get: withFailures(options, LAUNCHED_PATH, get) } : {}),
    ...(post ? { post: withFailures(options, LAUNCHED_PATH, post) } : {}),
    document: describeLaunch(path),
  };
}
