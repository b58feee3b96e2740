import { hash } from 'node:crypto';
import { LIMITS } from '../limits.js';
import type { RouteRequest } from '../protocols/route.js';

export type CookieRequest = Pick<RouteRequest, 'headers' | 'baseUrl'>;

const isSecure = ({ baseUrl }: CookieRequest): boolean => baseUrl.startsWith('https:');
const findBasePath = ({ baseUrl }: CookieRequest): string => baseUrl.replace(/^https?:\/\/[^/]+/, '');

/** A cookie for addresses below a path. */
interface Cookie {
  readonly name: string;
  readonly path: string;
  readonly maxAgeMs: number;
  /** Whether a browser sends it in the frame of an EHR too: `SameSite=None`, partitioned by the EHR's site. */
  readonly isFramed: boolean;
}

/** Adds the prefix that browsers accept over https only. */
const nameCookie = (name: string, request: CookieRequest): string => `${isSecure(request) ? '__Secure-' : ''}${name}`;

/** Writes a value for `Set-Cookie`. Over plain http, on the loopback address, frames get none. */
function writeCookie(cookie: Cookie, value: string, request: CookieRequest): string {
  const { name, path, maxAgeMs, isFramed } = cookie;
  const site = isSecure(request) && isFramed ? 'SameSite=None; Partitioned' : 'SameSite=Lax';
  const secure = isSecure(request) ? 'Secure; ' : '';
  const seconds = Math.round(maxAgeMs / 1000);
  return `${nameCookie(name, request)}=${value}; Path=${findBasePath(request)}${path}; Max-Age=${seconds}; HttpOnly; ${secure}${site}`;
}

/** Returns the value of a cookie; empty if it was not sent. */
function readCookie(name: string, request: CookieRequest): string {
  const wanted = `${nameCookie(name, request)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) ?? '';
}

/** A cookie of ours: written, read, and deleted in the browser. */
export const createCookie = (cookie: Cookie) => ({
  write: (value: string, request: CookieRequest): string => writeCookie(cookie, value, request),
  read: (request: CookieRequest): string => readCookie(cookie.name, request),
  clear: (request: CookieRequest): string => writeCookie({ ...cookie, maxAgeMs: 0 }, '', request),
});

/** One cookie a pending request, since several may begin at once. The name is a hash: it does not reveal the state. */
export const createPendingCookie = (prefix: string, path: string, isFramed: boolean) => (state: string) =>
  createCookie({
    ...{ path, isFramed, maxAgeMs: LIMITS.pendingLaunchMs },
    name: `${prefix}-${hash('sha256', state, 'hex').slice(0, 16)}`,
  });
