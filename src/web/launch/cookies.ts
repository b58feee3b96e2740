import { LIMITS } from '../../limits.js';
import { createCookie, createPendingCookie } from '../cookies.js';

export const CALLBACK_PATH = '/callback';
/** Sessions have their addresses below this path. */
export const LAUNCHED_PATH = '/launched';

export const pendingCookie = createPendingCookie('launch', CALLBACK_PATH, true);

/** The cookie of a session; its name is that of all sessions. */
export const sessionCookie = (id: string) =>
  createCookie({
    ...{ name: 'launched', path: `${LAUNCHED_PATH}/${id}` },
    ...{ isFramed: true, maxAgeMs: LIMITS.launchSessionMs },
  });
