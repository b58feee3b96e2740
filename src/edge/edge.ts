import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { LIMITS } from '../config.js';
import { RequestError } from '../core/errors.js';
import type { Library } from '../core/library.js';
import type { HeaderKind, Parameters, Route, RouteRequest, RouteResponse } from '../protocols/route.js';
import type { AnswerCache, CachedAnswer, Variant } from './answer-cache.js';
import { normalizeQuery } from './answer-cache.js';
import { chooseEncoding } from './encoding.js';
import { preflightHeaders } from './headers.js';
import type { Metrics } from './metrics.js';
import type { RateLimit } from './rate-limit.js';
import { readForm, readPairs, splitAddress } from './read-request.js';
import { sendAnswer, toAnswer } from './send.js';
import type { RequestRecord } from './record.js';
import { followRequest } from './record.js';

export interface EdgeOptions {
  /** Routes with an exact path; those with parameters come back through `serveRoute`. */
  readonly routes: readonly Route[];
  /** Answers errors outside every route. */
  readonly elsewhere: Route;
  /** Takes what has no exact path: parameters in the path, files. */
  readonly fallback: (request: IncomingMessage, response: ServerResponse) => void;
  readonly headers: Readonly<Record<HeaderKind, Readonly<Record<string, string>>>>;
  readonly library: Library;
  readonly cache: AnswerCache;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly baseUrl: () => string;
  readonly rateLimit: RateLimit | undefined;
}

/** Longer Accept headers are not worth a place in the cache's keys. */
const MAX_ACCEPT_CHARS = 200;
const RETRY_AFTER_SECONDS = '2';

/** One request on its way through the edge. */
interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly address: string;
  readonly variant: Variant;
  /** What has been read so far: an error is told in the format that these ask for. */
  parameters: Parameters;
}

/** An error's name and where it was thrown, without its message: that may quote the request. */
function traceOf(error: unknown): { error: string; trace: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, trace: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return { error: error.name, trace: frames.map((line) => line.trim()) };
}

const isRead = (method: string | undefined): boolean => method === 'GET' || method === 'HEAD';

function allowedMethods(route: Route): string {
  return [...(route.get ? ['GET', 'HEAD'] : []), ...(route.post ? ['POST'] : []), 'OPTIONS'].join(', ');
}

/**
 * What every request needs, once: limits, rate limit, answer cache, handler, headers, and the one finish hook that logs
 * and counts, cache hits included.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #passages = new WeakMap<IncomingMessage, Passage>();

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#routes = new Map(options.routes.map((route) => [route.path, route]));
  }

  /** Handles a request from its first byte on. */
  handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { library, metrics, log, cache, rateLimit } = this.#options;
    const record = followRequest(request, response, metrics, log);
    const { accept = '', 'accept-encoding': acceptEncoding } = request.headers;
    const variant = { release: library.status().release, encoding: chooseEncoding(acceptEncoding), accept };
    const passage: Passage = { request, response, record, address: request.url ?? '/', variant, parameters: [] };
    if (passage.address.length > LIMITS.maxAddressChars) {
      this.#fail(
        passage,
        this.#options.elsewhere,
        new RequestError('address-too-long', { most: LIMITS.maxAddressChars }),
      );
      return;
    }
    if (!rateLimit && isRead(request.method)) {
      const kept = cache.findSpelling(passage.address, variant);
      if (kept) {
        this.#sendKept(passage, kept);
        return;
      }
    }
    void this.#pass(passage);
  };

  /** Serves a route that was found by its parameters; the request must have come through `handle`. */
  serveRoute(route: Route, pathParameters: Readonly<Record<string, string>>, request: IncomingMessage): void {
    const passage = this.#passages.get(request);
    if (passage) void this.#serve(passage, route, pathParameters);
  }

  /** Answers with an error outside every route. */
  refuse(error: RequestError, request: IncomingMessage): void {
    const passage = this.#passages.get(request);
    if (passage) this.#fail(passage, this.#options.elsewhere, error);
  }

  async #pass(passage: Passage): Promise<void> {
    const { request, response, address } = passage;
    const { rateLimit, fallback, elsewhere } = this.#options;
    try {
      await rateLimit?.(request);
      const route = this.#routes.get(splitAddress(address).path);
      if (route) {
        await this.#serve(passage, route, {});
        return;
      }
      this.#passages.set(request, passage);
      fallback(request, response);
    } catch (error) {
      this.#fail(passage, elsewhere, error);
    }
  }

  async #serve(passage: Passage, route: Route, pathParameters: Readonly<Record<string, string>>): Promise<void> {
    const { request, response, record } = passage;
    record.protocol = route.protocol;
    record.route = route.path;
    const allowed = allowedMethods(route);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, preflightHeaders(allowed)).end();
      return;
    }
    try {
      const handler = isRead(request.method) ? route.get : request.method === 'POST' ? route.post : undefined;
      if (!handler) throw new RequestError('method-not-allowed', { allowed });
      await this.#answer(passage, route, handler, pathParameters);
    } catch (error) {
      this.#fail(passage, route, error);
    }
  }

  async #answer(
    passage: Passage,
    route: Route,
    handler: NonNullable<Route['get']>,
    pathParameters: Readonly<Record<string, string>>,
  ): Promise<void> {
    const { request, address, variant, record } = passage;
    const { cache, clock, baseUrl } = this.#options;
    const { path, query } = splitAddress(address);
    const inQuery = readPairs(query, LIMITS.maxParameters);
    passage.parameters = inQuery;
    const method = request.method === 'POST' ? 'POST' : 'GET';
    if (method === 'POST') {
      const posted = readPairs(await readForm(request, LIMITS.maxBodyBytes), LIMITS.maxParameters - inQuery.length);
      passage.parameters = [...inQuery, ...posted];
    }
    const mayKeep = method === 'GET' && this.#isHarmless(route, inQuery, variant);
    const normalized = mayKeep ? normalizeQuery(path, inQuery) : '';
    record.cache = mayKeep ? 'miss' : 'off';
    const kept = mayKeep ? cache.find(address, normalized, variant) : undefined;
    if (kept) {
      this.#sendKept(passage, kept);
      return;
    }
    const now = clock();
    const { headers } = request;
    const { parameters } = passage;
    const asked: RouteRequest = { method, path, query, parameters, pathParameters, headers, now, baseUrl: baseUrl() };
    const answer = this.#finish(passage, route, await handler(asked));
    if (mayKeep && answer.status === 200) cache.keep(address, normalized, variant, answer, now);
    sendAnswer(request, passage.response, answer);
  }

  /** Only names on the route's list of harmless ones, so that no identity ever stands in a key. */
  #isHarmless({ cacheable }: Route, parameters: Parameters, { accept }: Variant): boolean {
    if (!cacheable || accept.length > MAX_ACCEPT_CHARS) return false;
    return parameters.every(([name]) => cacheable.has(name.toLowerCase().replace(/(\.(?:c|cs|csn|dn))\d{1,3}$/, '$1')));
  }

  #sendKept({ request, response, record }: Passage, kept: CachedAnswer): void {
    record.cache = 'hit';
    record.protocol = kept.protocol;
    record.facts = kept.facts;
    sendAnswer(request, response, kept);
  }

  #finish({ record, variant }: Passage, route: Route, answered: RouteResponse): CachedAnswer {
    record.facts = answered.facts;
    const { headers } = this.#options;
    const common = { ...headers[route.headerKind], 'X-Library-Release': variant.release };
    return toAnswer(answered, common, route.protocol, variant.encoding, LIMITS.compressFromBytes);
  }

  /** Tells an error in the asker's format. What is no RequestError is ours: it is logged, and told as such. */
  #fail(passage: Passage, route: Route, thrown: unknown): void {
    const { request, response, address, record, parameters } = passage;
    const { log } = this.#options;
    const error = thrown instanceof RequestError ? thrown : new RequestError('internal');
    const ours = error === thrown ? error.cause : thrown;
    if (ours !== undefined) log.error({ route: route.path, ...traceOf(ours) }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (record.protocol === '') record.protocol = route.protocol;
    const { path } = splitAddress(address);
    const told = route.renderError(error, { parameters, headers: request.headers, path });
    const extra: Record<string, string> = {};
    if (error.code === 'method-not-allowed') extra.Allow = allowedMethods(route);
    if (error.code === 'rate-limited') extra['Retry-After'] = String(error.values.seconds);
    if (error.code === 'library-unavailable') extra['Retry-After'] = RETRY_AFTER_SECONDS;
    // What is left of a body is not waited for.
    if (!request.complete && request.method === 'POST') extra.Connection = 'close';
    sendAnswer(request, response, this.#finish(passage, route, { ...told, headers: { ...told.headers, ...extra } }));
  }
}
