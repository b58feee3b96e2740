import type { IncomingMessage, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { LIMITS } from '../../limits.js';
import { answerTooLarge, NO_STORE, type Route, type RouteResponse } from '../../protocols/route.js';
import { isFresh } from '../../protocols/input/request-headers.js';
import { VARY, type CachedAnswer } from './answer-cache.js';
import { encode, encodeAside, type Encoding } from './encoding.js';

export const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** The methods that bring a body. */
export const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT']);

/**
 * A weak ETag of a body without the time it was computed: the same answer keeps its tag from one second to the next. A checksum and
 * the length: a tag tells one state of an answer from the next; it is no signature.
 */
function buildEtag({ body, computedAt }: RouteResponse, content: string | Buffer, size: number): string {
  const lasting = computedAt && typeof body === 'string' ? body.replaceAll(computedAt, '') : content;
  return `W/"${crc32(lasting).toString(36)}-${size.toString(36)}"`;
}

/** All headers of an answer as names and values in turn. */
function headerList(
  response: RouteResponse,
  common: readonly string[],
  etag: string,
  bytes: number,
  used: Encoding,
): string[] {
  const own: Readonly<Record<string, string>> = {
    ...(response.isPersonal ? { 'Cache-Control': NO_STORE } : {}),
    ...response.headers,
  };
  // An answer's own headers go before those of its kind of route: two Cache-Control lines would contradict.
  const list: string[] = [];
  for (let at = 0; at < common.length; at += 2) {
    const [name = '', value = ''] = [common[at], common[at + 1]];
    if (!Object.hasOwn(own, name)) list.push(name, value);
  }
  // 204 describes no body: it has none.
  if (response.status !== 204) list.push('Content-Type', response.contentType, 'Content-Length', String(bytes));
  list.push('Vary', VARY);
  if (used !== 'identity') list.push('Content-Encoding', used);
  if (response.status === 200 || own.ETag) list.push('ETag', etag);
  for (const [name, value] of Object.entries(own)) if (name !== 'ETag') list.push(name, value);
  for (const cookie of response.cookies ?? []) list.push('Set-Cookie', cookie);
  return list;
}

/** Compresses a large body before the rest of its answer is made; undefined for one that is compressed with it. */
export async function encodeLarge(body: string | Buffer, encoding: Encoding): Promise<Buffer | undefined> {
  if (encoding === 'identity' || body.length <= LIMITS.cacheMaxEntryBytes) return undefined;
  if (body.length > LIMITS.maxAnswerBytes) throw answerTooLarge();
  return encodeAside(typeof body === 'string' ? Buffer.from(body) : body, encoding);
}

/** The largest body, in bytes, that is joined with its head and sent in one write: to join them, it is copied. */
const JOINED_BYTES = 4096;

/** A body in an encoding: as code units 0 to 255 where it is joined with its head, else as bytes. */
function encodedBody(body: string | Buffer, size: number, used: Encoding): string | Buffer {
  // ASCII is its own UTF-8: most small answers are sent as they were written.
  if (used === 'identity' && typeof body === 'string' && size === body.length && size <= JOINED_BYTES) return body;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const encoded = encode(bytes, used);
  const isLarge = size > (used === 'identity' ? JOINED_BYTES : LIMITS.cacheMaxEntryBytes);
  return isLarge ? encoded : encoded.toString('latin1');
}

/**
 * Builds an answer that can be sent and cached: bytes in the client's encoding, all headers, its ETag.
 * @param common headers of its kind of route, names and values in turn
 * @param encoded its body in the client's encoding, if that is there already
 * @throws RequestError `answer-too-large`
 */
export function toAnswer(
  response: RouteResponse,
  common: readonly string[],
  route: Route,
  encoding: Encoding,
  compressFromBytes: number,
  encoded?: Buffer,
): CachedAnswer {
  // A long text is made into bytes once: to measure it and to read it again for the tag would take as long each.
  const isLong = typeof response.body === 'string' && response.body.length > JOINED_BYTES;
  const content = isLong ? Buffer.from(response.body) : response.body;
  const size = Buffer.byteLength(content);
  if (size > LIMITS.maxAnswerBytes) throw answerTooLarge();
  const used = size >= compressFromBytes ? encoding : 'identity';
  const body = encoded ?? encodedBody(content, size, used);
  const etag = response.headers?.ETag ?? buildEtag(response, content, size);
  const changed = response.headers?.['Last-Modified'];
  return {
    status: response.status,
    row: route,
    lastModified: changed === undefined ? undefined : Date.parse(changed),
    facts: response.facts,
    etag,
    body,
    headers: headerList(response, common, etag, body.length, used),
  };
}

/** Whether the client holds this very answer. */
const isKnown = ({ headers, method }: IncomingMessage, { etag, status, lastModified }: CachedAnswer): boolean =>
  status === 200 && isRead(method) && isFresh(headers, etag, lastModified);

/** Headers that a 304 does not repeat: it has no body to describe. */
const OF_THE_BODY = /^Content-(Length|Type|Encoding)$/;

/**
 * Sends an answer, or 304 where the client holds it already; a HEAD request gets the headers alone.
 * @param own headers of this request alone, names and values in turn
 */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: CachedAnswer,
  own: readonly string[],
): void {
  const headers = [...answer.headers, ...own];
  if (isKnown(request, answer)) {
    const remaining = headers.filter((_part, index) => !OF_THE_BODY.test(headers[index - (index % 2)] ?? ''));
    response.writeHead(304, remaining).end();
    return;
  }
  response.writeHead(answer.status, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(answer.body, 'latin1');
}
