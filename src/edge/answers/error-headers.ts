import type { RequestError } from '../../core/errors.js';
import { findArea, isForBrowsers } from '../../protocols/read-areas.js';
import type { Route } from '../../protocols/route.js';

type Headers = Record<string, string>;

const RETRY_AFTER_SECONDS = '2';
const REALM = 'realm="Education Connect"';
const BEARER = `Bearer ${REALM}`;

/** How a client may authenticate (RFC 6750, 3); people in a browser are prompted for a token as a password (RFC 7617). */
function challenges({ code, values }: RequestError, route: Route): Headers {
  if (code === 'not-permitted') {
    return { 'WWW-Authenticate': `${BEARER}, error="insufficient_scope", scope="${values.scope ?? ''}"` };
  }
  if (code !== 'authorization-required') return {};
  const bearer = { 'WWW-Authenticate': values.refused === 'invalid' ? `${BEARER}, error="invalid_token"` : BEARER };
  // A line of its own, by the name's other spelling: browsers look for one challenge a line.
  return isForBrowsers(findArea(route)) ? { ...bearer, 'Www-Authenticate': `Basic ${REALM}, charset="UTF-8"` } : bearer;
}

/** The headers that tell what to do about an error. */
export function errorHeaders(error: RequestError, route: Route): Headers {
  const { code, status, values } = error;
  return {
    ...(status === 405 ? { Allow: String(values.allowed) } : {}),
    ...(code === 'rate-limited' ? { 'Retry-After': String(values.seconds) } : {}),
    ...(status >= 503 ? { 'Retry-After': RETRY_AFTER_SECONDS } : {}),
    ...challenges(error, route),
  };
}
