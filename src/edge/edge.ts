import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import { beginRequest } from '../turns.js';
import type { AuditFacts, Handler, HeaderKind, Route, RouteRequest, RouteResponse } from '../protocols/route.js';
import { NO_STORE, handlerOf } from '../protocols/route.js';
import type { RouteMethod } from '../protocols/route-document.js';
import { clientOf } from './admission.js';
import type { CachedAnswer } from './answer-cache.js';
import { negotiatedBy } from './answer-cache.js';
import type { EdgeOptions } from './edge-options.js';
import { chooseEncoding } from './encoding.js';
import { errorHeaders } from './error-headers.js';
import { FailureLog } from './failure-log.js';
import { preflightHeaders } from './headers.js';
import type { HeldMemory } from './memory-budget.js';
import { WITH_BODY, allowedMethods, announcedMethods, isRead } from './methods.js';
import type { Passage } from './passage.js';
import type { RateLimit } from './rate-limit.js';
import { faultOf, hasBody, readBody, readPairs, splitAddress } from './read-request.js';
import { idHeaders, setIdHeaders } from './request-id.js';
import { encodeLarge, sendAnswer, toAnswer } from './send.js';
import { Uploads } from './uploads.js';

const asksLibrary = ({ headerKind }: Route): boolean => headerKind !== 'operations' && headerKind !== 'asset';

/**
 * What every request needs, once: limits, rate limit, answer cache, handler, headers, and the one finish hook that logs
 * and counts, cache hits included.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #routes: ReadonlyMap<string, Route>;
  /** Each kind's headers, names and values in turn. */
  readonly #headers: Readonly<Record<HeaderKind, readonly string[]>>;
  readonly #postLimits: ReadonlyMap<string, RateLimit | undefined>;
  readonly #failures: FailureLog;
  readonly #passages = new WeakMap<IncomingMessage, Passage>();
  readonly uploads = new Uploads();

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#failures = new FailureLog(options.log, options.clock);
    this.#routes = new Map(options.routes.map((route) => [route.path, route]));
    this.#postLimits = new Map(
      options.routes.flatMap(({ path, postsPerMinute }) =>
        postsPerMinute === undefined ? [] : [[path, options.limitPosts(postsPerMinute)]],
      ),
    );
    const lists = Object.entries(options.headers).map(([kind, headers]) => [kind, Object.entries(headers).flat()]);
    this.#headers = Object.fromEntries(lists) as Record<HeaderKind, string[]>;
  }

  /**
   * Handles a request from its first byte on.
   * @param fault what it is refused for whatever it asks
   */
  handle = (request: IncomingMessage, response: ServerResponse, fault = faultOf(request)): void => {
    const { library, ledger, cache, admission, clock, baseUrl } = this.#options;
    const record = ledger.follow(request, response);
    const { headers } = request;
    const encoding = chooseEncoding(headers['accept-encoding']);
    const status = library.status();
    const variant = { status, encoding, baseUrl: baseUrl(request), negotiated: negotiatedBy(headers) };
    const passage: Passage = { request, response, record, address: request.url ?? '/', variant, parameters: [] };
    if (hasBody(request)) {
      this.uploads.follow(request, response, (error) => {
        this.#fail(passage, passage.route ?? this.#routeOf(passage), error);
      });
    }
    const refused = fault ?? admission.findMisdirection(request, () => this.#routeOf(passage));
    if (refused) {
      this.#fail(passage, this.#routeOf(passage), refused);
      return;
    }
    if (!admission.looksAtReaders && isRead(request.method)) {
      const kept = cache.findSpelling(passage.address, variant, clock());
      if (kept) {
        this.#sendKept(passage, kept);
        return;
      }
    }
    const route = this.#routeOf(passage);
    if (route !== this.#options.elsewhere) {
      void this.#serve(passage, route, {});
      return;
    }
    this.#passages.set(request, passage);
    this.#options.fallback(request, response);
  };

  /** Serves a route that was found by its parameters; the request must have come through `handle`. */
  serveRoute(route: Route, pathParameters: Readonly<Record<string, string>>, request: IncomingMessage): void {
    const passage = this.#passages.get(request);
    if (passage) void this.#serve(passage, route, pathParameters);
  }

  /**
   * Lets a file be sent by others, once its reader is admitted; the request must have come through `handle`.
   * @param find says whose it is, or rejects
   * @param send what finds no file there comes back through `refuse`
   */
  serveFile(route: Route, request: IncomingMessage, find: () => Promise<AuditFacts>, send: () => void): void {
    const passage = this.#passages.get(request);
    if (!passage) return;
    void this.#admit(passage, route, async () => {
      if (!this.#isAsked(passage, route)) return;
      if (!isRead(request.method)) throw this.#notAllowed(passage, route);
      passage.record.facts = { outcome: 'ok', audit: await find() };
      setIdHeaders(passage.response, passage.record);
      send();
    });
  }

  /** Answers with an error outside every route. */
  refuse(error: RequestError, request: IncomingMessage): void {
    const passage = this.#passages.get(request);
    const { elsewhere } = this.#options;
    if (!passage) return;
    void this.#admit(passage, elsewhere, () => {
      this.#fail(passage, elsewhere, error);
    });
  }

  /** The route of an exact path (a slash at its end is passed over), else the one that answers for everywhere else. */
  #routeOf({ address }: Passage): Route {
    const { path } = splitAddress(address);
    const known = this.#routes.get(path) ?? (path.endsWith('/') ? this.#routes.get(path.slice(0, -1)) : undefined);
    return known ?? this.#options.elsewhere;
  }

  /** Does something for whoever is admitted to a route; each request is counted once. */
  async #admit(passage: Passage, route: Route, then: () => void | Promise<void>): Promise<void> {
    const { request, record } = passage;
    const { admission } = this.#options;
    passage.route = route;
    record.protocol = route.protocol;
    record.route = route.path;
    try {
      if (!passage.isAdmitted && request.method !== 'OPTIONS') {
        passage.isAdmitted = true;
        const access = await admission.identify(request, route, passage.variant.baseUrl);
        passage.access = access;
        record.client = clientOf(access);
        admission.permit(access, request, route, splitAddress(passage.address).path);
      }
      await then();
    } catch (error) {
      this.#fail(passage, route, error);
    }
  }

  /** Answers a preflight. @returns whether anything is left to be answered */
  #isAsked({ request, response, record, address }: Passage, route: Route): boolean {
    if (request.method === 'OPTIONS') {
      const answer = preflightHeaders(announcedMethods(route, splitAddress(address).path));
      response.writeHead(204, [...Object.entries(answer).flat(), ...idHeaders(record)]).end();
      return false;
    }
    // A library that is not there yet has no release: nothing but the state and the files of the pages can be told.
    if (this.#options.library.status().release === '' && asksLibrary(route))
      throw new RequestError('library-unavailable');
    return true;
  }

  #notAllowed({ address }: Passage, route: Route): RequestError {
    return new RequestError('method-not-allowed', { allowed: allowedMethods(route, splitAddress(address).path) });
  }

  async #serve(passage: Passage, route: Route, pathParameters: Readonly<Record<string, string>>): Promise<void> {
    const { request } = passage;
    await this.#admit(passage, route, async () => {
      if (!this.#isAsked(passage, route)) return;
      const handler = handlerOf(route, (isRead(request.method) ? 'GET' : request.method) as RouteMethod);
      if (!handler) throw this.#notAllowed(passage, route);
      if (request.method === 'POST') await this.#postLimits.get(route.path)?.(request, clientOf(passage.access));
      await this.#options.memory.during(request, (held) => this.#answer(passage, route, handler, pathParameters, held));
    });
  }

  async #answer(
    passage: Passage,
    route: Route,
    handler: Handler,
    pathParameters: Readonly<Record<string, string>>,
    held: HeldMemory,
  ): Promise<void> {
    const { request, address, variant, record, access } = passage;
    const { cache, clock, library, admission, traced } = this.#options;
    const { path, query } = splitAddress(address);
    const method = isRead(request.method) ? 'GET' : (request.method as RouteRequest['method']);
    const known = admission.looksAtReaders && method === 'GET' && cache.findSpelling(address, variant, clock());
    if (known) {
      this.#sendKept(passage, known);
      return;
    }
    passage.parameters = readPairs(query);
    const limits = { formBytes: route.maxFormBytes ?? LIMITS.maxBodyBytes, anyBytes: route.maxBodyBytes };
    const sent = WITH_BODY.has(method) ? await readBody(request, limits, held) : undefined;
    if (sent) passage.parameters = [...passage.parameters, ...sent.form];
    const { parameters } = passage;
    if (parameters.length > LIMITS.maxParameters) {
      throw new RequestError('too-many-parameters', { most: LIMITS.maxParameters });
    }
    const slot = method === 'GET' ? cache.slotFor(route.cacheable, { path, parameters }, address, variant) : undefined;
    record.cache = slot ? 'miss' : 'off';
    const now = clock();
    const kept = slot && cache.find(slot, now);
    if (kept) {
      this.#sendKept(passage, kept);
      return;
    }
    const { headers } = request;
    const read = { method, path, query, parameters, pathParameters, headers, body: sent?.body };
    const asked: RouteRequest = { now, baseUrl: variant.baseUrl, access, inFlight: held, ...read };
    // Whoever watches the process is answered before what others wait for.
    const turn = route.headerKind === 'operations' ? undefined : beginRequest();
    if (turn) await turn;
    const answered = await (traced ? traced(record.requestId, headers, () => handler(asked)) : handler(asked));
    // What was written is of the release that it made.
    if (method !== 'GET') passage.variant = { ...variant, status: library.status() };
    const answer = this.#finish(passage, route, answered, await encodeLarge(answered.body, variant.encoding));
    // What came in the meantime may have answered: then it is not known whose answer this is.
    const isKnown = library.status() === variant.status;
    // What says itself that nobody is to keep it shows words that a person typed, or lacks what came too late.
    if (slot && isKnown && answered.headers?.['Cache-Control'] !== NO_STORE) cache.keep(slot, answer, now);
    // From here on the answer alone is held.
    held.release();
    this.#send(passage, answer, method === 'GET' && route.headerKind !== 'operations');
  }

  #sendKept(passage: Passage, kept: CachedAnswer): void {
    const { record } = passage;
    record.cache = 'hit';
    record.protocol = kept.protocol;
    record.route = kept.route;
    record.facts = kept.facts;
    if (this.#options.memory.admits(0, kept.body.length)) this.#send(passage, kept, false);
    else this.#fail(passage, this.#routes.get(kept.route) ?? this.#options.elsewhere, new RequestError('overloaded'));
  }

  /** @param mayWait whether the answer may be refused where there is no room for it (memory-budget.ts) */
  #send({ request, response, record }: Passage, answer: CachedAnswer, mayWait: boolean): void {
    if (this.#options.isStopping()) response.shouldKeepAlive = false;
    this.#options.memory.send(response, answer.body.length, mayWait, () => {
      sendAnswer(request, response, answer, idHeaders(record));
    });
  }

  #finish({ record, variant }: Passage, route: Route, answered: RouteResponse, encoded?: Buffer): CachedAnswer {
    record.facts = answered.facts;
    const ofKind = this.#headers[answered.headerKind ?? route.headerKind];
    const common = [...ofKind, 'X-Library-Release', variant.status.release];
    return toAnswer(answered, common, route, variant.encoding, LIMITS.compressFromBytes, encoded);
  }

  /** Tells an error in the asker's format. What is no RequestError is ours: it is logged, and told as such. */
  #fail(passage: Passage, route: Route, thrown: unknown): void {
    const { request, response, address, record, variant } = passage;
    const error = thrown instanceof RequestError ? thrown : new RequestError('internal');
    const ours = error === thrown ? error.cause : thrown;
    const failed = { requestId: record.requestId, route: route.path };
    if (ours !== undefined) this.#failures.write(ours, failed, error === thrown);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    record.protocol = route.protocol;
    record.route = route.path;
    const { path, query } = splitAddress(address);
    // What was refused before it was read is still told in the format that its address asks for.
    const parameters = passage.parameters.length > 0 ? passage.parameters : readPairs(query);
    const { headers } = request;
    const told = route.renderError(error, { parameters, headers, path, baseUrl: variant.baseUrl });
    // What is left of a body is not waited for.
    if (!request.complete && WITH_BODY.has(request.method ?? '')) response.shouldKeepAlive = false;
    this.#send(
      passage,
      this.#finish(passage, route, { ...told, headers: { ...told.headers, ...errorHeaders(error, route) } }),
      false,
    );
  }
}
