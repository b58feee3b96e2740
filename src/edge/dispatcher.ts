import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestError } from '../core/errors.js';
import type { Library } from '../core/model/library.js';
import type { Access } from '../protocols/identity.js';
import type { Handler, Route, RouteRequest } from '../protocols/route.js';
import { type AnswerBuilder, computeAnswer, type ComputedAnswer } from './answers/answer-builder.js';
import type { Variant } from './answers/answer-cache.js';
import type { HeldMemory } from './memory-budget.js';
import type { RequestRecord } from './observe/ledger.js';
import type { Traced } from './observe/trace-context.js';
import { checkCount, readBody, receiveBody } from './read-request.js';
import { answerByWorker, computeByWorker } from './workers/heavy-work.js';
import type { Job, ReceivedBody } from './workers/job.js';
import type { WorkerPool } from './workers/worker-pool.js';

export interface DispatchOptions {
  readonly library: Library;
  readonly builder: AnswerBuilder;
  /** Processes that do long work; undefined: this one does all. */
  readonly workers?: WorkerPool | undefined;
  /** Runs a handler so that its calls to other servers carry the request's ids; undefined: no other server is called. */
  readonly traced?: Traced | undefined;
}

/** Where a request leads. */
export interface RoutePlace {
  readonly route: Route;
  /** Path of its address, without the query. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** The error for a path with malformed escapes. */
  readonly fault?: RequestError;
}

/** A request whose answer is to be computed. */
export interface Work {
  readonly method: RouteRequest['method'];
  readonly query: string;
  readonly now: Date;
  readonly sent: ReceivedBody | undefined;
  readonly handler: Handler;
  readonly held: HeldMemory;
}

/** One request on its way through the edge. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: RequestRecord;
  readonly address: string;
  variant: Variant;
  /** Where it leads, once that is looked up. */
  place?: RoutePlace;
  /** The client, once the request is admitted, on routes that check it. */
  access?: RouteRequest['access'];
  /** Parameters that have been read so far: an error is rendered in the format that these name. */
  parameters: RouteRequest['parameters'];
}

/** The client without the reason why its token could not be checked, which may be anything. */
const withoutCause = (access: Access | undefined): Access | undefined =>
  access && 'refused' in access ? { refused: access.refused } : access;

/** Computes answers: long work in a worker, everything else in this process. */
export class Dispatcher {
  readonly #options: DispatchOptions;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** Receives the body of a request. @throws RequestError */
  receive(request: IncomingMessage, route: Route, held: HeldMemory): Promise<ReceivedBody> {
    const isForWorker = this.#options.workers !== undefined && route.isHeavy !== undefined;
    return receiveBody(request, route, held, isForWorker);
  }

  /** Computes the answer of a request. A worker leaves writes and calls of an EHR to this process. @throws RequestError */
  async compute(passage: Passage, place: RoutePlace, work: Work): Promise<ComputedAnswer> {
    const { record, request } = passage;
    const { traced } = this.#options;
    if (!traced) return this.#compute(passage, place, work);
    return traced(record.requestId, request.headers, () => this.#compute(passage, place, work));
  }

  async #compute(passage: Passage, { route, path, pathParameters }: RoutePlace, work: Work): Promise<ComputedAnswer> {
    const { method, query, now, sent, handler, held } = work;
    const { access, request, variant } = passage;
    const { baseUrl, encoding, status } = variant;
    const { headers } = request;
    const { builder, library, workers } = this.#options;
    const read = { method, path, query, pathParameters, headers, now, baseUrl };
    const buildJob = (): Job => {
      const requested = { ...read, access: withoutCause(access) };
      return { row: route.path, request: requested, body: sent, client: held.client, encoding };
    };
    if (workers && route.isHeavy?.({ method, query, bodyBytes: sent?.bytes.length ?? 0 })) {
      const result = await answerByWorker(workers, buildJob(), route, passage);
      if (result) return result;
    }
    // A row with a computation waits for other servers, and leaves the work to it.
    if (sent && !route.computation) await held.beginWork();
    const decoded = sent && readBody(sent);
    if (decoded) passage.parameters = [...passage.parameters, ...decoded.form];
    const { parameters } = passage;
    checkCount(parameters);
    const compute =
      workers && route.computation
        ? (supplied: unknown) => computeByWorker(workers, { ...buildJob(), supplied }, passage)
        : undefined;
    const whole: RouteRequest = { ...read, access, parameters, body: decoded?.body, inFlight: held, compute };
    // The answer to a write is of the release that it made.
    const readRelease = (): string => (method === 'GET' ? status : library.status()).release;
    return computeAnswer({ route, handler, request: whole, encoding, readRelease }, builder);
  }
}
