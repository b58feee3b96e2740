import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { parse } from 'content-type';
import { readHostName } from '../config/host-names.js';
import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import { FORM } from '../protocols/input/request-headers.js';
import type { Parameters, RequestBody, Route } from '../protocols/route.js';
import type { HeldMemory } from './memory-budget.js';
import type { ReceivedBody } from './workers/job.js';

/** Part of an absolute address before its path, with its host. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i;

/** Divides an address into its path and its query string; ignores a fragment, and accepts an absolute address. */
export function splitAddress(address: string): { path: string; query: string } {
  const relative = address.startsWith('/') ? address : address.replace(ABSOLUTE, '');
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark < 0 ? '' : relative.slice(mark + 1) };
}

/** Decodes a name or value as URLSearchParams does, ten times as fast where it is long: a pasted chart has megabytes. */
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return new URLSearchParams(`=${text}`).get('') ?? '';
  }
}

/**
 * Decodes form-encoded parameters; bad escapes stay as they are, nothing throws. Those without a name are left out, unless there
 * are more than may be sent: then reading ends after one too many, and those without a name count too.
 */
export function readPairs(encoded: string): Parameters {
  const pairs: [string, string][] = [];
  const text = encoded.replace(/^\?/, '');
  for (let from = 0; from < text.length && pairs.length <= LIMITS.maxParameters;) {
    const ampersand = text.indexOf('&', from);
    if (ampersand === from) {
      from += 1;
      continue;
    }
    const end = ampersand < 0 ? text.length : ampersand;
    const pair = text.slice(from, end);
    const equals = pair.indexOf('=');
    pairs.push(equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]);
    from = end + 1;
  }
  return pairs.length > LIMITS.maxParameters ? pairs : pairs.filter(([name]) => name !== '');
}

/**
 * Returns what is wrong with a request before anything else is checked: its address is too long, or it names no host, or
 * several (RFC 9112, 3.2).
 */
export function findFault({ url = '', httpVersion, headers, rawHeaders }: IncomingMessage): RequestError | undefined {
  const most = LIMITS.maxAddressChars;
  if (url.length > most) return new RequestError('address-too-long', { most });
  const isNameless = httpVersion === '1.1' && headers.host === undefined;
  // `headers` holds the first `Host` line alone, a proxy in front may have read the last.
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts += 1;
  }
  return isNameless || hosts > 1 ? new RequestError('bad-request') : undefined;
}

/** Returns the host that a request names. RFC 9112, 3.2.2: one in an absolute address goes before the header. */
export const requestedHost = ({ url = '', headers }: IncomingMessage): string | undefined =>
  (url.startsWith('/') ? undefined : ABSOLUTE.exec(url)?.[1]) ?? headers.host;

/**
 * Tells whether a request is for one of the given names. A page of another site whose name resolves to our address (DNS
 * rebinding) sends that name. It cannot send an IP address or `localhost`: those stay open to probes and balancers, as does
 * HTTP/1.0 without `Host`. The port is not compared, because proxies drop it.
 * @param names in lower case, without ports
 */
export function isForHost(request: IncomingMessage, names: ReadonlySet<string>): boolean {
  const host = requestedHost(request);
  if (host === undefined) return true;
  const name = readHostName(host);
  return name !== undefined && (names.has(name) || name === 'localhost' || isIP(name) !== 0);
}

/** Whether a body comes with a request (RFC 9112, 6), wanted or not. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** The media type of a body without its parameters, in lower case. */
function readMediaType({ headers }: IncomingMessage): string {
  return parse(headers['content-type'] ?? '').type;
}

/** @param measureCost bytes that what is made of a piece takes beside it */
async function readBytes(
  request: IncomingMessage,
  mostBytes: number,
  held: HeldMemory,
  measureCost: (piece: Buffer) => number,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes)
    throw new RequestError('body-too-large', { most: mostBytes });
  held.releaseWhereCut();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new RequestError('body-too-large', { most: mostBytes });
      held.claim(chunk.length + measureCost(chunk));
      chunks.push(chunk);
    }
  } catch (error) {
    // Otherwise the connection ended the body early: no fault of ours.
    throw error instanceof RequestError ? error : new RequestError('bad-request');
  }
  return Buffer.concat(chunks);
}

/** How a form writes a blank. */
const [PLUS, BLANK] = [0x2b, 0x20];

/** Memory of a value of JSON or XML once it is read, measured with V8: 30 to 45 bytes. */
const BYTES_A_VALUE = 48;
/** `{`, `[`, `,` and `<`: each begins a value of JSON or an element of XML at most. */
const BEGINS_VALUE = new Uint8Array(256);
for (const sign of '{[,<') BEGINS_VALUE[sign.charCodeAt(0)] = 1;

/** Counts what the values of a body take, piece by piece; what has more than it may is rejected before its values are read. */
function costOfValues(): (piece: Buffer) => number {
  let left: number = LIMITS.maxResourceElements;
  return (piece) => {
    let values = 0;
    for (let at = 0; at < piece.length; at += 1) values += BEGINS_VALUE[piece[at] ?? 0] ?? 0;
    const counted = Math.min(values, left);
    left -= counted;
    return counted * BYTES_A_VALUE;
  };
}

/** Rejects a body that its route does not read. @throws RequestError `unsupported-media-type` */
function checkMediaType(request: IncomingMessage, body: Route['body'], isForm: boolean): void {
  const { 'content-encoding': encoding = 'identity', 'content-type': type = '' } = request.headers;
  if (encoding.toLowerCase() !== 'identity')
    throw new RequestError('unsupported-media-type', { supported: 'it without a Content-Encoding' });
  const isEmpty = !hasBody(request) || request.headers['content-length'] === '0';
  if (!(body?.accepts(type, isEmpty) ?? isForm))
    throw new RequestError('unsupported-media-type', { supported: body?.supported ?? FORM });
}

/**
 * Receives a body as it is. A form has its limit of bytes, anything else that of its route.
 * @param held counts its bytes
 * @param isForWorker whether its values will be in another process
 * @throws RequestError `unsupported-media-type`, `body-too-large`, `overloaded`, `bad-request` where the client broke off
 */
export async function receiveBody(
  request: IncomingMessage,
  { body, maxFormBytes = LIMITS.maxBodyBytes }: Pick<Route, 'body' | 'maxFormBytes'>,
  held: HeldMemory,
  isForWorker: boolean,
): Promise<ReceivedBody> {
  const isForm = readMediaType(request) === FORM;
  checkMediaType(request, body, isForm);
  const most = isForm || !body ? maxFormBytes : body.maxBytes;
  const bytes = await readBytes(request, most, held, isForm || isForWorker ? () => 0 : costOfValues());
  return { contentType: request.headers['content-type'] ?? '', isForm, bytes };
}

/** Reads a received body: a form into parameters, anything else as it is. */
export function readBody({ contentType, isForm, bytes }: ReceivedBody): {
  form: Parameters;
  body: RequestBody | undefined;
} {
  if (!isForm) return { form: [], body: { contentType, bytes } };
  // Four million blanks take a third of a second where a text is replaced by another.
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === PLUS) bytes[at] = BLANK;
  return { form: readPairs(bytes.toString('utf8')), body: undefined };
}

/** @throws RequestError `too-many-parameters` */
export function checkCount(parameters: Parameters): void {
  const most = LIMITS.maxParameters;
  if (parameters.length > most) throw new RequestError('too-many-parameters', { most });
}
