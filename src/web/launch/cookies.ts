import { hash } from 'node:crypto';
import { LIMITS } from '../../limits.js';
import { readCookie, writeCookie, type CookieRequest } from '../cookies.js';

/** One cookie per pending launch, since several may begin at once. The name is a hash: it does not reveal the state. */
const buildPendingName = (state: string): string => `launch-${hash('sha256', state, 'hex').slice(0, 16)}`;
const SESSION = 'launched';

export const CALLBACK_PATH = '/callback';
/** Sessions have their addresses below this path. */
export const LAUNCHED_PATH = '/launched';

const pendingPlace = (state: string) => ({ name: buildPendingName(state), path: CALLBACK_PATH, isFramed: true });

export const pendingCookie = {
  write: (state: string, sealed: string, request: CookieRequest): string =>
    writeCookie({ ...pendingPlace(state), maxAgeMs: LIMITS.pendingLaunchMs }, sealed, request),
  read: (state: string, request: CookieRequest): string => readCookie(buildPendingName(state), request),
  /** Deletes it in the browser. */
  clear: (state: string, request: CookieRequest): string =>
    writeCookie({ ...pendingPlace(state), maxAgeMs: 0 }, '', request),
};

const sessionPlace = (id: string) => ({ name: SESSION, path: `${LAUNCHED_PATH}/${id}`, isFramed: true });

export const sessionCookie = {
  write: (id: string, secret: string, request: CookieRequest): string =>
    writeCookie({ ...sessionPlace(id), maxAgeMs: LIMITS.launchSessionMs }, secret, request),
  read: (request: CookieRequest): string => readCookie(SESSION, request),
  /** Deletes it in the browser. */
  clear: (id: string, request: CookieRequest): string => writeCookie({ ...sessionPlace(id), maxAgeMs: 0 }, '', request),
};
