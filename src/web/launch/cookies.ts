import { hash } from 'node:crypto';
import { LIMITS } from '../../limits.js';
import type { RouteRequest } from '../../protocols/route.js';

type CookieRequest = Pick<RouteRequest, 'headers' | 'baseUrl'>;

const isSecure = ({ baseUrl }: CookieRequest): boolean => baseUrl.startsWith('https:');
const findBasePath = ({ baseUrl }: CookieRequest): string => baseUrl.replace(/^https?:\/\/[^/]+/, '');

/** Browsers accept names with this prefix over https only. */
const findPrefix = (request: CookieRequest): string => (isSecure(request) ? '__Secure-' : '');

/** One cookie per pending launch, since several may begin at once. The name is a hash: it does not reveal the state. */
const buildPendingName = (state: string, request: CookieRequest): string =>
  `${findPrefix(request)}launch-${hash('sha256', state, 'hex').slice(0, 16)}`;
const buildSessionName = (request: CookieRequest): string => `${findPrefix(request)}launched`;

/**
 * Writes a cookie for addresses below `path` only. In the frame of an EHR a browser sends it only if it is `SameSite=None`, partitioned by
 * the EHR's site. Over plain http, on the loopback address, neither exists.
 */
function writeCookie(name: string, value: string, path: string, maxAgeMs: number, request: CookieRequest): string {
  const site = isSecure(request) ? 'Secure; SameSite=None; Partitioned' : 'SameSite=Lax';
  return `${name}=${value}; Path=${findBasePath(request)}${path}; Max-Age=${Math.round(maxAgeMs / 1000)}; HttpOnly; ${site}`;
}

/** The value of a cookie; empty if it was not sent. */
function readCookie(name: string, { headers }: CookieRequest): string {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

export const CALLBACK_PATH = '/callback';
/** Sessions have their addresses below this path. */
export const LAUNCHED_PATH = '/launched';

export const pendingCookie = {
  write: (state: string, sealed: string, request: CookieRequest): string =>
    writeCookie(buildPendingName(state, request), sealed, CALLBACK_PATH, LIMITS.pendingLaunchMs, request),
  read: (state: string, request: CookieRequest): string => readCookie(buildPendingName(state, request), request),
  /** Deletes it in the browser. */
  clear: (state: string, request: CookieRequest): string =>
    writeCookie(buildPendingName(state, request), '', CALLBACK_PATH, 0, request),
};

export const sessionCookie = {
  write: (id: string, secret: string, request: CookieRequest): string =>
    writeCookie(buildSessionName(request), secret, `${LAUNCHED_PATH}/${id}`, LIMITS.launchSessionMs, request),
  read: (request: CookieRequest): string => readCookie(buildSessionName(request), request),
  /** Deletes it in the browser. */
  clear: (id: string, request: CookieRequest): string =>
    writeCookie(buildSessionName(request), '', `${LAUNCHED_PATH}/${id}`, 0, request),
};
