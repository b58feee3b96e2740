import type { RequestError } from '../../core/errors.js';
import { errorAddress } from '../../protocols/render-error.js';
import {
  type ErrorRenderer,
  type HeaderKind,
  type Route,
  type RouteResponse,
  type Handler,
  type RouteRequest,
  NO_STORE,
  answerTooLarge,
} from '../../protocols/route.js';
import { errorHeaders } from './headers.js';
import { type CachedAnswer, VARY, type Encoding } from './answer-cache.js';
import { promisify } from 'node:util';
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync, crc32 } from 'node:zlib';
import Negotiator from 'negotiator';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '../../limits.js';
import { isFresh } from '../../protocols/input/request-headers.js';

/** Facts of a request on which the bytes of its answer depend, beside what its handler returns. */
export interface AnswerFrame {
  readonly encoding: Encoding;
  /** Name of the release that is served. */
  readonly release: string;
}

/** Builds answers that can be sent and cached from responses of handlers and from errors. */
export class AnswerBuilder {
  /** Headers of each kind of route, names and values in turn. */
  readonly #headers: Readonly<Record<HeaderKind, readonly string[]>>;

  constructor(headers: Readonly<Record<HeaderKind, Readonly<Record<string, string>>>>) {
    const lists = Object.entries(headers).map(([kind, ofKind]) => [kind, Object.entries(ofKind).flat()]);
    this.#headers = Object.fromEntries(lists) as Record<HeaderKind, string[]>;
  }

  /**
   * Builds the answer of a response.
   * @param encoded its body in the client's encoding, if that is there already
   * @throws RequestError `answer-too-large`
   */
  build(response: RouteResponse, route: Route, { encoding, release }: AnswerFrame, encoded?: Buffer): CachedAnswer {
    const ofKind = this.#headers[response.headerKind ?? route.headerKind];
    const common = [...ofKind, 'X-Library-Release', release];
    return toAnswer(response, common, route, encoding, LIMITS.compressFromBytes, encoded);
  }

  /** Builds the answer of an error, in the client's format. */
  buildError(
    error: RequestError,
    route: Route,
    request: Parameters<ErrorRenderer>[1],
    frame: AnswerFrame,
  ): CachedAnswer {
    const rendered = route.renderError(error, request);
    // RFC 8288, and HTML's link type `help`. A script that gets an error as 200 cannot read it; a redirect has an address of its own.
    const help = rendered.status < 400 ? {} : { Link: `<${errorAddress(request.baseUrl, error.code)}>; rel="help"` };
    const headers = { ...rendered.headers, ...help, ...errorHeaders(error, route) };
    return this.build({ ...rendered, headers }, route, frame);
  }
}

/** An answer as bytes, and the release that it is of. */
export interface ComputedAnswer {
  readonly answer: CachedAnswer;
  readonly release: string;
  /** False if the answer shows words that a person typed, or lacks what came too late: it is not cached. */
  readonly mayBeStored: boolean;
}

/** A request with all that computes its answer. */
export interface Computation {
  readonly route: Route;
  readonly handler: Handler;
  readonly request: RouteRequest;
  readonly encoding: Encoding;
  /** Reads the name of the release that is served, when the handler is done. */
  readonly readRelease: () => string;
}

/** Runs a handler and renders what it returns, in whichever thread it is called. @throws RequestError */
export async function computeAnswer(
  { route, handler, request, encoding, readRelease }: Computation,
  builder: AnswerBuilder,
): Promise<ComputedAnswer> {
  const response = await handler(request);
  const release = readRelease();
  const { body } = response;
  // A large body is compressed before the rest of its answer is made.
  const isLarge = encoding !== 'identity' && body.length > LIMITS.cacheMaxEntryBytes;
  if (isLarge && body.length > LIMITS.maxAnswerBytes) throw answerTooLarge();
  const encoded = isLarge
    ? await encodeAside(typeof body === 'string' ? Buffer.from(body) : body, encoding)
    : undefined;
  const answer = builder.build(response, route, { encoding, release }, encoded);
  return { answer, release, mayBeStored: response.headers?.['Cache-Control'] !== NO_STORE };
}

/** Middle levels: most of the gain for a tenth of the time of the highest. */
const BROTLI_QUALITY = 4;
const GZIP_LEVEL = 5;

/** The few Accept-Encoding headers that clients really send, with the encoding chosen for each. */
const chosen = new Map<string, Encoding>();
const MAX_CHOSEN = 200;

/** The encoding a client prefers of those we have. */
export function chooseEncoding(acceptEncoding: string | undefined): Encoding {
  if (!acceptEncoding) return 'identity';
  const known = chosen.get(acceptEncoding);
  if (known) return known;
  const negotiator = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } });
  const encoding = (negotiator.encoding(['br', 'gzip', 'identity']) ?? 'identity') as Encoding;
  if (chosen.size < MAX_CHOSEN) chosen.set(acceptEncoding, encoding);
  return encoding;
}

const GZIP = { level: GZIP_LEVEL };
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } };

/** A body in an encoding. */
function encode(body: Buffer, encoding: Encoding): Buffer {
  if (encoding === 'gzip') return gzipSync(body, GZIP);
  return encoding === 'br' ? brotliCompressSync(body, BROTLI) : body;
}

const [gzipAside, brotliAside] = [promisify(gzip), promisify(brotliCompress)];

/** The same in a thread of the pool: other requests are served meanwhile. Small bodies would only wait for the thread. */
async function encodeAside(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipAside(body, GZIP);
  return encoding === 'br' ? brotliAside(body, BROTLI) : body;
}

export const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

/** The methods that bring a body. */
export const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT']);

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

/** The largest body, in bytes, that is joined with its head and sent in one write: to join them, it is copied. */
const JOINED_BYTES = 4096;

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
  // ASCII is its own UTF-8: most small answers are sent as they were written, as code units 0 to 255, joined with their head.
  const isPlain = used === 'identity' && content.length === size && size <= JOINED_BYTES;
  let body = encoded ?? content;
  if (!encoded && (typeof content !== 'string' || !isPlain)) {
    const bytes = encode(typeof content === 'string' ? Buffer.from(content) : content, used);
    body = size > (used === 'identity' ? JOINED_BYTES : LIMITS.cacheMaxEntryBytes) ? bytes : bytes.toString('latin1');
  }
  // The same answer keeps its weak tag from one second to the next: its time is left out. A checksum and the length tell one state of an
  // answer from the next; they are no signature.
  const { computedAt } = response;
  const lasting = computedAt && typeof response.body === 'string' ? response.body.replaceAll(computedAt, '') : content;
  const etag = response.headers?.ETag ?? `W/"${crc32(lasting).toString(36)}-${size.toString(36)}"`;
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
  const { status, etag, lastModified } = answer;
  if (status === 200 && isRead(request.method) && isFresh(request.headers, etag, lastModified)) {
    const remaining = headers.filter((_part, index) => !OF_THE_BODY.test(headers[index - (index % 2)] ?? ''));
    response.writeHead(304, remaining).end();
    return;
  }
  response.writeHead(answer.status, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(answer.body, 'latin1');
}
