import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteResponse } from '../protocols/route.js';
import type { CachedAnswer } from './answer-cache.js';
import type { Encoding } from './encoding.js';
import { encode } from './encoding.js';

/** A weak ETag of a body without the time it was computed: the same answer keeps its tag from one second to the next. */
function etagOf(body: string | Buffer, computedAt: string | undefined): string {
  const content = computedAt && typeof body === 'string' ? body.replaceAll(computedAt, '') : body;
  return `W/"${createHash('sha1').update(content).digest('base64url')}"`;
}

/** Makes an answer ready to be sent and kept: bytes in the client's encoding, all headers, its ETag. */
export function toAnswer(
  response: RouteResponse,
  headers: Readonly<Record<string, string>>,
  protocol: string,
  encoding: Encoding,
  compressFromBytes: number,
): CachedAnswer {
  const plain = typeof response.body === 'string' ? Buffer.from(response.body) : response.body;
  const used = plain.length >= compressFromBytes ? encoding : 'identity';
  const body = encode(plain, used);
  const etag = response.headers?.ETag ?? etagOf(response.body, response.computedAt);
  return {
    status: response.status,
    protocol,
    facts: response.facts,
    etag,
    body,
    headers: {
      ...headers,
      ...response.headers,
      'Content-Type': response.contentType,
      'Content-Length': String(body.length),
      Vary: 'Accept, Accept-Encoding',
      ...(used === 'identity' ? {} : { 'Content-Encoding': used }),
      ...(response.status === 200 ? { ETag: etag } : {}),
    },
  };
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether the client holds this very answer (RFC 9110, If-None-Match, weak comparison). */
function isKnown(request: IncomingMessage, { etag, status }: CachedAnswer): boolean {
  const header = request.headers['if-none-match'];
  if (header === undefined || status !== 200) return false;
  if (header === etag || header.trim() === '*') return true;
  return header.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** Sends an answer, or 304 where the client holds it already; a HEAD request gets the headers alone. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: CachedAnswer): void {
  if (isKnown(request, answer)) {
    const {
      'Content-Length': _length,
      'Content-Type': _type,
      'Content-Encoding': _encoding,
      ...headers
    } = answer.headers;
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(answer.status, answer.headers);
  if (request.method === 'HEAD') response.end();
  else response.end(answer.body);
}
