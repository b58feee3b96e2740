import type { Config } from '../../config/config.js';
import type { HeaderKind, Route } from '../../protocols/route.js';
import type { RequestError } from '../../core/errors.js';
import { readDataFile } from '../../core/read-data-file.js';
import { findArea, isForBrowsers } from '../../protocols/read-areas.js';
import { findOwn } from '../../core/find-own.js';

type Headers = Readonly<Record<string, string>>;

const { kinds, preflight } = readDataFile('headers.yaml') as {
  readonly kinds: Readonly<Record<HeaderKind, Headers>>;
  readonly preflight: Headers;
};

/** Headers with the values of their `{names}`. */
function fill(headers: Headers, values: Headers): Headers {
  const fillText = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => findOwn(values, name) ?? '');
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, fillText(text)]));
}

/**
 * Whether the page of another site that opens ours keeps a hold on its window. An EHR does: it opens one by name, uses it again
 * for the next code, and closes it with the chart. `same-origin` would have each code in a new window; so where the site
 * names who may frame our pages, it trusts them with a window too. In a frame the header has no meaning.
 */
const openerPolicy = (frameAncestors: string): string =>
  /https?:/.test(frameAncestors) ? 'unsafe-none' : 'same-origin';

/** The headers of each kind of route, by resources/headers.yaml. @param secure clients reach us by https */
export function headerTable(frameAncestors: string, secure: boolean): Readonly<Record<HeaderKind, Headers>> {
  const values = { frameAncestors, openerPolicy: openerPolicy(frameAncestors) };
  const rows = Object.entries(kinds).map(([kind, headers]) => {
    const sent = Object.entries(headers).filter(([name]) => secure || name !== 'Strict-Transport-Security');
    return [kind, fill(Object.fromEntries(sent), values)];
  });
  return Object.fromEntries(rows) as Record<HeaderKind, Headers>;
}

/** The headers of each kind of route by a site's configuration. */
export const headerTableOf = ({ frameAncestors, publicUrl }: Pick<Config, 'frameAncestors' | 'publicUrl'>) =>
  headerTable(frameAncestors, publicUrl?.startsWith('https:') ?? false);

/** Answers a CORS preflight. @param allowed the methods, divided by commas */
export const preflightHeaders = (allowed: string): Headers => fill(preflight, { allowed });

const RETRY_AFTER_SECONDS = '2';
const REALM = 'realm="Education Connect"';
const BEARER = `Bearer ${REALM}`;

/** How a client may authenticate (RFC 6750, 3); people in a browser are prompted for a token as a password (RFC 7617). */
function challenges({ code, values }: RequestError, route: Route): Headers {
  if (code === 'not-permitted') {
    return { 'WWW-Authenticate': `${BEARER}, error="insufficient_scope", scope="${values.scope ?? ''}"` };
  }
  // A person signs in by a page.
  if (code !== 'authorization-required' || values.refused === 'sign-in') return {};
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
