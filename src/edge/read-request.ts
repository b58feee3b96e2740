import type { IncomingMessage } from 'node:http';
import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import type { Parameters, RequestBody } from '../protocols/route.js';
import type { HeldMemory } from './memory-budget.js';

const FORM = 'application/x-www-form-urlencoded';

/** Divides an address into its path and its query string; a fragment or an absolute form is met kindly. */
export function splitAddress(address: string): { path: string; query: string } {
  const relative = address.startsWith('/') ? address : address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : relative.slice(mark + 1) };
}

/** Decodes form-encoded parameters; bad escapes stay as they are, nothing throws. */
export function readPairs(encoded: string): Parameters {
  return encoded === '' ? [] : [...new URLSearchParams(encoded)].filter(([name]) => name !== '');
}

/** What is wrong with a request before anything else is looked at: its address is too long, or names no host (RFC 9112, 3.2). */
export function faultOf({ url = '', httpVersion, headers }: IncomingMessage): RequestError | undefined {
  const most = LIMITS.maxAddressChars;
  if (url.length > most) return new RequestError('address-too-long', { most });
  return httpVersion === '1.1' && headers.host === undefined ? new RequestError('bad-request') : undefined;
}

/** Whether a body comes with a request (RFC 9112, 6), wanted or not. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** The media type of a body without its parameters, in lower case. */
function mediaTypeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

async function readBytes(request: IncomingMessage, mostBytes: number, held: HeldMemory): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes)
    throw new RequestError('body-too-large', { most: mostBytes });
  held.releaseWhereCut();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new RequestError('body-too-large', { most: mostBytes });
      held.claim(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    // What else ends a body before its time is its connection: no fault of ours.
    throw error instanceof RequestError ? error : new RequestError('bad-request');
  }
  return Buffer.concat(chunks);
}

/** What a value of JSON or XML takes in memory once it is read, measured with V8: 30 to 45 bytes. */
const BYTES_A_VALUE = 48;
/** `{`, `[`, `,` and `<`: each begins a value of JSON or an element of XML at most. */
const BEGINS_VALUE = new Uint8Array(256);
for (const sign of '{[,<') BEGINS_VALUE[sign.charCodeAt(0)] = 1;

function countValues(bytes: Buffer): number {
  let values = 0;
  for (const byte of bytes) values += BEGINS_VALUE[byte] ?? 0;
  // What has more is rejected before it is read.
  return Math.min(values, LIMITS.maxResourceElements);
}

/** A body may be as long as its route allows; a form, no longer than forms may be anywhere. */
export interface BodyLimits {
  readonly formBytes: number;
  /** Undefined: the route takes forms alone. */
  readonly anyBytes: number | undefined;
}

/**
 * Reads what was sent: a form into parameters, anything else as it is where the route takes it.
 * @param held what the body is counted in, with what reading it further costs
 * @throws RequestError `unsupported-media-type`, `body-too-large`, `overloaded`, `bad-request` where the client broke off
 */
export async function readBody(
  request: IncomingMessage,
  { formBytes, anyBytes }: BodyLimits,
  held: HeldMemory,
): Promise<{ form: Parameters; body: RequestBody | undefined }> {
  const isPlain = (request.headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  const asForm = mediaTypeOf(request) === FORM;
  if (!isPlain || (!asForm && anyBytes === undefined)) {
    throw new RequestError('unsupported-media-type', {
      supported: anyBytes === undefined ? FORM : 'it without a Content-Encoding',
    });
  }
  const bytes = await readBytes(request, asForm ? formBytes : (anyBytes ?? formBytes), held);
  if (!asForm) held.claim(countValues(bytes) * BYTES_A_VALUE);
  if (asForm) return { form: readPairs(bytes.toString('utf8')), body: undefined };
  return { form: [], body: { contentType: request.headers['content-type'] ?? '', bytes } };
}
