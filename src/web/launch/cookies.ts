import { hash } from 'node:crypto';
import { LIMITS } from '../../limits.js';
import type { RouteRequest } from '../../protocols/route.js';

type Asking = Pick<RouteRequest, 'headers' | 'baseUrl'>;

const isSecure = ({ baseUrl }: Asking): boolean => baseUrl.startsWith('https:');
const basePathOf = ({ baseUrl }: Asking): string => baseUrl.replace(/^https?:\/\/[^/]+/, '');

/** Browsers accept a name that begins so from https alone. */
const prefixOf = (request: Asking): string => (isSecure(request) ? '__Secure-' : '');

/** Each waiting launch has a cookie of its own: several may begin at once. Its name tells nothing of the state. */
const pendingName = (state: string, request: Asking): string =>
  `${prefixOf(request)}launch-${hash('sha256', state, 'hex').slice(0, 16)}`;
const sessionName = (request: Asking): string => `${prefixOf(request)}launched`;

/**
 * Writes a cookie that only the address below `path` is sent. An EHR shows us in a frame: then a browser sends it along only if it is
 * `SameSite=None`, and partitioned by the EHR's site. Plain http, on the loopback alone, knows neither.
 */
function writeCookie(name: string, value: string, path: string, maxAgeMs: number, request: Asking): string {
  const site = isSecure(request) ? 'Secure; SameSite=None; Partitioned' : 'SameSite=Lax';
  return `${name}=${value}; Path=${basePathOf(request)}${path}; Max-Age=${Math.round(maxAgeMs / 1000)}; HttpOnly; ${site}`;
}

/** The value of a cookie; empty where it was not sent. */
function readCookie(name: string, { headers }: Asking): string {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

export const CALLBACK_PATH = '/callback';
/** Below it each session has its address. */
export const LAUNCHED_PATH = '/launched';

export const pendingCookie = {
  write: (state: string, secret: string, request: Asking): string =>
    writeCookie(pendingName(state, request), secret, CALLBACK_PATH, LIMITS.pendingLaunchMs, request),
  read: (state: string, request: Asking): string => readCookie(pendingName(state, request), request),
};

export const sessionCookie = {
  write: (id: string, secret: string, request: Asking): string =>
    writeCookie(sessionName(request), secret, `${LAUNCHED_PATH}/${id}`, LIMITS.launchSessionMs, request),
  read: (request: Asking): string => readCookie(sessionName(request), request),
  /** Takes it away. */
  clear: (id: string, request: Asking): string =>
    writeCookie(sessionName(request), '', `${LAUNCHED_PATH}/${id}`, 0, request),
};
