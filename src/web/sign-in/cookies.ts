import { hash } from 'node:crypto';
import { LIMITS } from '../../limits.js';
import type { RouteRequest } from '../../protocols/route.js';
import { readCookie, writeCookie } from '../cookies.js';

export type CookiedRequest = Pick<RouteRequest, 'headers' | 'baseUrl'>;

export const SIGN_IN_PATH = '/sign-in';
export const CALLBACK_PATH = `${SIGN_IN_PATH}/callback`;

const SESSION = { name: 'signed-in', path: '/', isFramed: false } as const;

export const readSessionCookie = (request: CookiedRequest): string => readCookie(SESSION.name, request);
export const writeSessionCookie = (value: string, request: CookiedRequest): string =>
  writeCookie({ ...SESSION, maxAgeMs: LIMITS.launchSessionMs }, value, request);
export const clearSessionCookie = (request: CookiedRequest): string =>
  writeCookie({ ...SESSION, maxAgeMs: 0 }, '', request);

/** One cookie a request, since several tabs may begin at once. The name is a hash: it does not reveal the state. */
const pendingPlace = (state: string) => ({
  name: `sign-in-${hash('sha256', state, 'hex').slice(0, 16)}`,
  path: CALLBACK_PATH,
  isFramed: false,
});

export const readPendingCookie = (state: string, request: CookiedRequest): string =>
  readCookie(pendingPlace(state).name, request);
export const writePendingCookie = (state: string, sealed: string, request: CookiedRequest): string =>
  writeCookie({ ...pendingPlace(state), maxAgeMs: LIMITS.pendingLaunchMs }, sealed, request);
export const clearPendingCookie = (state: string, request: CookiedRequest): string =>
  writeCookie({ ...pendingPlace(state), maxAgeMs: 0 }, '', request);
