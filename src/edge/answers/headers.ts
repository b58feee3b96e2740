import type { HeaderKind, Route } from '../../protocols/route.js';
import type { RequestError } from '../../core/errors.js';
import { findArea, isForBrowsers } from '../../protocols/read-areas.js';

export interface HeaderOptions {
  readonly frameAncestors: string;
  /** Clients reach us by https. */
  readonly secure: boolean;
}

type Headers = Readonly<Record<string, string>>;

const CORS: Headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers':
    'ETag, Last-Modified, Location, Content-Location, Content-Language, X-Library-Release, X-Answer, X-Request-Id, X-Correlation-Id, WWW-Authenticate, Retry-After',
};

/** Data is not a document: it loads nothing and stands in no frame. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** What a page may load: our own style sheets, scripts and pictures, nothing inline; its scripts may ask us alone. */
const pagePolicy = (frameAncestors: string): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');

/** Devices and sensors that no page of ours asks for. The clipboard is not among them: a link may be copied. */
const NO_DEVICES = [
  ...['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope'],
  ...['magnetometer', 'microphone', 'midi', 'payment', 'usb'],
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/**
 * Whether the page of another site that opens ours keeps a hold on its window. An EHR does: it opens one by name, uses it again
 * for the next code, and closes it with the chart. `same-origin` would have each code in a new window; so where the site
 * names who may frame our pages, it trusts them with a window too. In a frame the header has no meaning.
 */
const openerPolicy = (frameAncestors: string): string =>
  /https?:/.test(frameAncestors) ? 'unsafe-none' : 'same-origin';

/** A site's HTML handouts: no script, no form, an origin of their own; their own styles are theirs to keep. */
const HANDOUT_POLICY =
  "sandbox allow-popups; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";

/**
 * The one table of headers, a row for each kind of route. `frame-ancestors` alone decides framing; API routes carry no
 * Cross-Origin-Resource-Policy, which would break JSONP; HSTS only where clients reach us by https.
 */
export function headerTable({ frameAncestors, secure }: HeaderOptions): Readonly<Record<HeaderKind, Headers>> {
  const all: Headers = {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
  const revalidated = { 'Cache-Control': 'private, max-age=0, must-revalidate' };
  return {
    api: { ...all, ...CORS, ...revalidated, 'Content-Security-Policy': NOTHING },
    // A query may be anything that a person types, and so may its hits: no cache stores them.
    search: { ...all, ...CORS, 'Cache-Control': 'no-store', 'Content-Security-Policy': NOTHING },
    page: {
      ...all,
      // Under `no-referrer` a browser sends `Origin: null` with our own forms too. Other sites learn nothing from this
      // either.
      'Referrer-Policy': 'same-origin',
      ...revalidated,
      'Content-Security-Policy': pagePolicy(frameAncestors),
      'Permissions-Policy': NO_DEVICES,
      'Cross-Origin-Opener-Policy': openerPolicy(frameAncestors),
      // Not for others' pictures and scripts. It does not concern frames: FRAME_ANCESTORS decides those.
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
    asset: { ...all, 'Cache-Control': 'public, max-age=3600', 'Cross-Origin-Resource-Policy': 'same-origin' },
    handout: {
      ...all,
      ...revalidated,
      'Content-Security-Policy': `${HANDOUT_POLICY}; frame-ancestors ${frameAncestors}`,
    },
    // A browser's PDF viewer does not open in a sandbox.
    document: { ...all, ...revalidated, 'Content-Security-Policy': `frame-ancestors ${frameAncestors}` },
    operations: { ...all, 'Cache-Control': 'no-store', 'Content-Security-Policy': NOTHING },
  };
}

/**
 * Answers a CORS preflight: from anywhere, without credentials, with any header. `*` stands for all but Authorization; the
 * others are named for browsers that do not know it.
 */
export function preflightHeaders(allowed: string): Headers {
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': allowed,
    'Access-Control-Allow-Headers':
      'Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, Prefer, X-Request-Id, traceparent, tracestate, *',
    'Access-Control-Max-Age': '86400',
    'X-Content-Type-Options': 'nosniff',
    Allow: allowed,
  };
}

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
