import type { ErrorCode } from '../core/errors.js';

/** Path of the page that explains each error. */
export const ERRORS_PATH = '/errors';

/** The address that explains an error: a heading of our own page. @param baseUrl without a slash at its end */
export const errorAddress = (baseUrl: string, code: ErrorCode): string => `${baseUrl}${ERRORS_PATH}#${code}`;
