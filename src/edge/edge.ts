import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { RequestError } from '../core/errors.js';
import {
  type FileServer,
  type Handler,
  type Route,
  type RouteRequest,
  findHandler,
  listMethods,
  listAnswered,
  rejectMethod,
} from '../protocols/route.js';
import type { RouteMethod } from '../protocols/route-document.js';
import type { RouteTable } from '../protocols/route-table.js';
import { findClientName, type Admission } from './admission/admission.js';
import type { NameClient, RateLimit } from './admission/rate-limit.js';
import { readNegotiated, type AnswerCache, type CachedAnswer } from './answers/answer-cache.js';
import { chooseEncoding, sendAnswer, WITH_BODY, isRead } from './answers/answer-builder.js';
import { preflightHeaders } from './answers/headers.js';
import type { BaseUrl } from './base-url.js';
import { Dispatcher, type DispatchOptions, type Passage, type RoutePlace } from './dispatcher.js';
import type { HeldMemory, MemoryBudget } from './memory-budget.js';
import { createFailureLog, type LogFailure } from './observe/failure-log.js';
import { type Ledger, idHeaders, setIdHeaders } from './observe/ledger.js';
import { checkCount, findFault, hasBody, readPairs, splitAddress } from './read-request.js';
import { Uploads } from './uploads.js';
import { WorkerError } from './workers/heavy-work.js';

/** The parts that the edge is built from. */
interface EdgeOptions extends DispatchOptions {
  readonly routes: RouteTable<Route>;
  /** Answers errors outside every route. */
  readonly fallback: Route;
  readonly cache: AnswerCache;
  readonly ledger: Ledger;
  readonly memory: MemoryBudget;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly baseUrl: BaseUrl;
  /** Decides which requests are admitted. */
  readonly admission: Admission;
  /** Makes a limit for the forms of one route. */
  readonly limitPosts: (perMinute: number) => RateLimit | undefined;
  /** Names the client of a request for its share of what is done one at a time. */
  readonly nameClient: NameClient;
  /** True once the server is stopping: connections are closed behind their answer. */
  readonly isStopping: () => boolean;
}

const asksLibrary = ({ headerKind, protocol }: Route): boolean =>
  headerKind !== 'operations' && headerKind !== 'asset' && protocol !== 'none';

/**
 * Serves each request through the same steps: limits, rate limit, answer cache, handler, headers, and the one finish hook that logs
 * and counts, cache hits included.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #postLimits: ReadonlyMap<string, RateLimit | undefined>;
  readonly #logFailure: LogFailure;
  readonly #dispatcher: Dispatcher;
  readonly uploads = new Uploads();

  constructor(options: EdgeOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options);
    this.#logFailure = createFailureLog(options.log, options.clock);
    this.#postLimits = new Map(
      options.routes.rows.flatMap(({ path, postsPerMinute }) =>
        postsPerMinute === undefined ? [] : [[path, options.limitPosts(postsPerMinute)]],
      ),
    );
  }

  /** Handles a request from its first byte on. @param fault the error it is rejected with, at any address */
  handle = (request: IncomingMessage, response: ServerResponse, fault = findFault(request)): void => {
    const { library, ledger, cache, admission, clock, baseUrl } = this.#options;
    const record = ledger.follow(request, response);
    const { headers } = request;
    const encoding = chooseEncoding(headers['accept-encoding']);
    const status = library.status();
    const variant = { status, encoding, baseUrl: baseUrl(request), negotiated: readNegotiated(headers) };
    const passage: Passage = { request, response, record, address: request.url ?? '/', variant, parameters: [] };
    if (hasBody(request)) {
      this.uploads.follow(request, response, (error) => {
        this.#fail(passage, this.#locate(passage).route, error);
      });
    }
    const misdirection = fault ?? admission.findMisdirection(request, () => this.#locate(passage).route);
    if (misdirection) {
      this.#fail(passage, this.#locate(passage).route, misdirection);
      return;
    }
    if (!admission.looksAtReaders && isRead(request.method)) {
      const cached = cache.find(passage.address, variant, clock());
      if (cached) {
        this.#sendCached(passage, cached);
        return;
      }
    }
    void this.#serve(passage);
  };

  /** Finds the row of a request's address; the fallback route if there is none. */
  #locate(passage: Passage): RoutePlace {
    if (passage.place) return passage.place;
    const { routes, fallback } = this.#options;
    const { path } = splitAddress(passage.address);
    const { row: route, pathParameters, isMalformed } = routes.find(path) ?? { row: fallback, pathParameters: {} };
    passage.place = { route, path, pathParameters, ...(isMalformed ? { fault: new RequestError('bad-request') } : {}) };
    return passage.place;
  }

  /** Answers a request, once its client is admitted; each request is counted once. */
  async #serve(passage: Passage): Promise<void> {
    const { request, record } = passage;
    const place = this.#locate(passage);
    const { route, fault } = place;
    const { admission, memory } = this.#options;
    record.row = route;
    try {
      if (request.method === 'OPTIONS') {
        this.#announce(passage, place);
        return;
      }
      passage.access = await admission.identify(request, route, passage.variant.baseUrl);
      record.client = findClientName(passage.access);
      admission.permit(passage.access, request, route);
      if (fault) throw fault;
      const handler = findHandler(route, (isRead(request.method) ? 'GET' : request.method) as RouteMethod);
      // Before the library is open there is no release: only the state and the files of the pages can be served.
      if (this.#options.library.status().release === '' && asksLibrary(route))
        throw new RequestError('library-unavailable');
      if (route.files && isRead(request.method)) await this.#sendFile(passage, route.files, place);
      else if (handler) {
        if (request.method === 'POST')
          await this.#postLimits.get(route.path)?.(request, findClientName(passage.access));
        const findClient = (): string => this.#options.nameClient(request, record.client);
        await memory.during(request, findClient, (held) => this.#answer(passage, place, handler, held));
      } else throw route.missing?.(place.pathParameters) ?? this.#rejectMethod(passage, route);
    } catch (error) {
      this.#fail(passage, route, error);
    }
  }

  /** Answers a preflight. @throws RequestError `not-found` */
  #announce({ response, record }: Passage, { route, pathParameters, fault }: RoutePlace): void {
    if (fault) throw fault;
    const answer = preflightHeaders(listMethods(route.announced?.(pathParameters) ?? listAnswered(route)));
    response.writeHead(204, [...Object.entries(answer).flat(), ...idHeaders(record)]).end();
  }

  #rejectMethod({ request }: Passage, route: Route): RequestError {
    return rejectMethod(request.method ?? '', listAnswered(route), route.switchedOff);
  }

  /** Sends a file; if there is none, the fallback route answers. */
  async #sendFile(passage: Passage, files: FileServer, { path }: RoutePlace): Promise<void> {
    const { request, response, record } = passage;
    record.facts = { outcome: 'ok', audit: await files.find(path) };
    setIdHeaders(response, record);
    files.send(request, response, (error) => {
      this.#fail(passage, this.#options.fallback, error);
    });
  }

  async #answer(passage: Passage, place: RoutePlace, handler: Handler, held: HeldMemory): Promise<void> {
    const { request, address, variant, record } = passage;
    const { cache, clock, library, admission } = this.#options;
    const { route } = place;
    const { query } = splitAddress(address);
    const method = isRead(request.method) ? 'GET' : (request.method as RouteRequest['method']);
    const known = admission.looksAtReaders && method === 'GET' && cache.find(address, variant, clock());
    if (known) {
      this.#sendCached(passage, known);
      return;
    }
    passage.parameters = readPairs(query);
    const sent = WITH_BODY.has(method) ? await this.#dispatcher.receive(request, route, held) : undefined;
    const { parameters } = passage;
    checkCount(parameters);
    const mayKeep = method === 'GET' && cache.mayKeep(route.cacheable, parameters, variant);
    record.cache = mayKeep ? 'miss' : 'off';
    const now = clock();
    const { answer, release, mayBeStored } = await this.#dispatcher.compute(passage, place, {
      method,
      query,
      now,
      sent,
      handler,
      held,
    });
    // A swap in the meantime may have answered: then the answer's release is unknown.
    const isKnown = library.status() === variant.status && release === variant.status.release;
    if (mayKeep && isKnown && mayBeStored) cache.keep(address, variant, answer, now);
    // From here on the answer alone is held.
    held.release();
    this.#send(passage, answer, method === 'GET' && route.headerKind !== 'operations');
  }

  #sendCached(passage: Passage, cached: CachedAnswer): void {
    const { record } = passage;
    record.cache = 'hit';
    record.row = cached.row;
    if (this.#options.memory.admits(0, cached.body.length)) this.#send(passage, cached, false);
    else this.#fail(passage, this.#locate(passage).route, new RequestError('overloaded'));
  }

  /** @param mayWait whether the answer may be rejected if there is no room for it (memory-budget.ts) */
  #send({ request, response, record, access }: Passage, answer: CachedAnswer, mayWait: boolean): void {
    record.facts = answer.facts;
    if (this.#options.isStopping()) response.shouldKeepAlive = false;
    this.#options.memory.send(response, answer.body.length, mayWait, () => {
      const renewal = access && 'identity' in access ? access.renewal : undefined;
      const ofRequest = renewal === undefined ? idHeaders(record) : [...idHeaders(record), 'Set-Cookie', renewal];
      sendAnswer(request, response, answer, ofRequest);
    });
  }

  /** Renders an error in the client's format. Anything but a RequestError is our fault: it is logged, and sent as `internal`. */
  #fail(passage: Passage, route: Route, thrown: unknown): void {
    const { request, response, address, record, variant } = passage;
    const { method } = request;
    const error = thrown instanceof RequestError ? thrown : new RequestError('internal');
    const ours = error === thrown ? error.cause : thrown;
    const failed = { requestId: record.requestId, route: route.path };
    if (ours !== undefined) this.#logFailure(ours, failed, error === thrown);
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    record.row = route;
    const { path, query } = splitAddress(address);
    // A request that was rejected before it was read still gets the format that its address names.
    const parameters = passage.parameters.length > 0 ? passage.parameters : readPairs(query);
    const { headers } = request;
    const { baseUrl, encoding, status } = variant;
    const requested = { parameters, headers, path, baseUrl, method };
    const frame = { encoding, release: status.release };
    // The rest of a body is not waited for.
    if (!request.complete && WITH_BODY.has(request.method ?? '')) response.shouldKeepAlive = false;
    const { builder } = this.#options;
    this.#send(
      passage,
      error instanceof WorkerError ? error.answer : builder.buildError(error, route, requested, frame),
      false,
    );
  }
}
