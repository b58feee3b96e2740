import { RequestError } from '../core/errors.js';
import type { Route } from '../protocols/route.js';
import { methodsOf } from '../protocols/route.js';

export const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** The methods that bring a body. */
export const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT']);

/** The methods that a path answers, for `Allow`. @throws RequestError `not-found` where it answers none */
export const allowedMethods = (route: Route, path: string): string => listMethods(methodsOf(route, path));

/** The methods that a preflight is told. @throws RequestError `not-found` where there are none */
export const announcedMethods = (route: Route, path: string): string =>
  listMethods(route.announced?.(path) ?? methodsOf(route, path));

function listMethods(allowed: readonly string[]): string {
  if (allowed.length === 0) throw new RequestError('not-found');
  return [...allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'].join(', ');
}
