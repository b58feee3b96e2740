import { LIMITS } from '../../limits.js';
import { createCookie, createPendingCookie } from '../cookies.js';

export const SIGN_IN_PATH = '/sign-in';
export const CALLBACK_PATH = `${SIGN_IN_PATH}/callback`;

export const sessionCookie = createCookie({
  ...{ name: 'signed-in', path: '/' },
  ...{ isFramed: false, maxAgeMs: LIMITS.launchSessionMs },
});

export const pendingCookie = createPendingCookie('sign-in', CALLBACK_PATH, false);
