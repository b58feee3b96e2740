import type { Random } from './random.js';
import { boundaryText } from './values.js';

const ACCEPTS = [
  ...['*/*', 'application/json', 'application/fhir+json', 'application/fhir+xml', 'text/xml', 'text/html', 'image/png'],
  ...[
    'application/fhir+xml;q=0.5, application/fhir+json',
    'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
    ';;q=,',
    'a/b;q=x',
  ],
  ...['application/fhir+json; fhirVersion=3.0', 'application/atom+xml', 'application/javascript', '*/*;q=0'],
];
const CONTENT_TYPES = [
  ...[
    'application/json',
    'text/xml',
    'text/plain',
    'application/fhir+json; charset=latin1',
    'application/x-www-form-urlencoded',
  ],
  ...['multipart/form-data; boundary=x', 'application/fhir+json; fhirVersion=4.0', ';', 'application/fhir+turtle'],
];
/** Headers with which an answer may change, and what they may say. */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  'Accept-Encoding': ['gzip', 'br', 'gzip;q=0, identity', 'identity;q=0', '*', 'zstd', ', ,'],
  'Accept-Language': ['es', 'en-US,en;q=0.9,es;q=0.8', 'zh-Hant', '*', `${'en,'.repeat(3000)}es`, ';q=1,,', 'xx-yy-zz'],
  'Content-Encoding': ['gzip', 'br', 'identity', 'deflate, gzip', 'x'],
  Prefer: ['return=minimal', 'return=OperationOutcome', 'handling=strict', 'handling=lenient', 'respond-async', ';;=,'],
  'If-None-Match': ['*', 'W/"x"', '"1"', 'W/"', '"a", W/"b",', 'x'],
  'If-Match': ['*', 'W/"1"', '"x"', 'W/', '1'],
  'If-Modified-Since': ['Tue, 24 Nov 2026 00:00:00 GMT', 'yesterday', '9999', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  'If-None-Exist': [
    '_id=x',
    'identifier=http://e.org|1',
    '/fhir/DocumentReference?_id=x',
    '%',
    '_text=a&_filter=b',
    '',
  ],
  Range: ['bytes=0-1', 'bytes=9-1', 'bytes=-', 'x=1'],
  Origin: ['https://ehr.example', 'null', 'x', 'http://127.0.0.1'],
  'Sec-Fetch-Site': ['same-origin', 'cross-site', 'none', 'x'],
  'Access-Control-Request-Headers': ['content-type, x-medplum', 'authorization', 'a'.repeat(3000), '\u00e9'],
  'Access-Control-Request-Method': ['POST', 'x'],
  'X-Request-Id': ['0af7651916cd43dd8448eb211c80319c', 'a b', '\u00ff', 'x'.repeat(400)],
  traceparent: ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-0-0-0', 'ff-x'],
  Cookie: ['a=b', '__proto__=1'],
  'X-HTTP-Method-Override': ['DELETE', 'PUT'],
  'X-Forwarded-Proto': ['https', 'javascript'],
  'X-Forwarded-Host': ['evil.example', '[::1'],
};
const NAMES = Object.keys(FURTHER);

/** A header's value, of bytes that a client can send at all. */
const headerValue = (text: string): string =>
  text
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
    .slice(0, 9000)
    .trim();

/** A client of its own for most requests, so that limits by client hold nobody back. */
const clientAddress = (random: Random): string => `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`;

function authorization(random: Random, tokens: readonly string[]): string[] {
  if (tokens.length === 0 ? random.chance(0.98) : random.chance(0.04)) return [];
  const [name, value] = [
    'Authorization',
    `Bearer ${random.chance(0.03) ? 'wrong-token-0123456789' : random.pick(tokens.length > 0 ? tokens : ['x'])}`,
  ];
  if (random.chance(0.96)) return [name, value];
  return [
    name,
    random.pick([
      'Bearer',
      'Bearer ',
      'Basic YTpi',
      'Basic Og==',
      `${value} x`,
      'bearer a.b.c',
      'Bearer eyJhbGciOiJub25lIn0.e30.',
      'Negotiate',
    ]),
  ];
}

/** The headers of a request, names and values in turn. */
export function makeHeaders(
  random: Random,
  facts: { readonly contentType: string | undefined; readonly tokens: readonly string[]; readonly isFhir: boolean },
): string[] {
  const { contentType, tokens, isFhir } = facts;
  const headers = ['X-Forwarded-For', clientAddress(random), ...authorization(random, tokens)];
  if (random.chance(0.3))
    headers.push(
      'Accept',
      random.pick(random.chance(0.7) ? ['*/*', isFhir ? 'application/fhir+xml' : 'text/html'] : ACCEPTS),
    );
  if (contentType !== undefined)
    headers.push('Content-Type', random.chance(0.95) ? contentType : random.pick(CONTENT_TYPES));
  for (let count = random.chance(isFhir ? 0.35 : 0.25) ? 1 + random.below(3) : 0; count > 0; count -= 1) {
    const name = random.pick(NAMES);
    const value = random.chance(0.9) ? random.pick(FURTHER[name] ?? ['']) : boundaryText(random);
    headers.push(name, headerValue(value));
  }
  return headers;
}
