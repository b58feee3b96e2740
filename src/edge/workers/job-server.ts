import { RequestError } from '../../core/errors.js';
import type { LibraryStatus } from '../../core/model/library.js';
import { findHandler, type InFlight, type Parameters, type Route } from '../../protocols/route.js';
import { type AnswerBuilder, computeAnswer } from '../answers/answer-builder.js';
import type { CachedAnswer } from '../answers/answer-cache.js';
import { checkCount, readBody, readPairs } from '../read-request.js';
import type { Job, SentAnswer, SentCause } from './job.js';
import type { JobResult } from './worker-process.js';

/** The library as a worker follows it. */
export interface FollowedLibrary {
  status(): LibraryStatus;
  /** Sees what was written and swapped by now. */
  noticeSwap(): Promise<void>;
}

export interface JobServerOptions {
  readonly routes: readonly Route[];
  readonly library: FollowedLibrary;
  readonly builder: AnswerBuilder;
  /** Whether the client of the current job has gone. */
  readonly isAbandoned: () => boolean;
  /** Whether an error means that only the main process can answer. */
  readonly isForMain: (error: unknown) => boolean;
}

const toSent = ({ status, headers, etag, lastModified, facts, body }: CachedAnswer): SentAnswer => ({
  status,
  headers,
  etag,
  lastModified,
  facts,
  body,
});

function toCause(thrown: unknown): SentCause | undefined {
  if (thrown === undefined) return undefined;
  const { name, message, stack, code }: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error();
  return { name, message, stack, code };
}

/** Answers jobs in a worker, one after the other, by the same rows as the main process. */
export class JobServer {
  readonly #options: JobServerOptions;
  readonly #rows: ReadonlyMap<string, Route>;
  #isBusy = false;
  #idleWork: Promise<void> | undefined;

  constructor(options: JobServerOptions) {
    this.#options = options;
    this.#rows = new Map(options.routes.map((route) => [route.path, route]));
  }

  /** Does something unless a job is under way; the next job waits for it. */
  async whenIdle(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#idleWork = work();
    await this.#idleWork;
  }

  /** Answers a job; rejects only where its row is missing, which is a fault of the program. */
  async answer(job: Job): Promise<JobResult> {
    const route = this.#rows.get(job.row);
    if (!route) throw new Error(`no row ${job.row}`);
    const requested = { parameters: readPairs(job.request.query) };
    this.#isBusy = true;
    try {
      await this.#idleWork;
      return await this.#compute(job, route, requested);
    } catch (error) {
      if (this.#options.isForMain(error)) return { kind: 'for-main' };
      return this.#fail(error, job, route, requested.parameters);
    } finally {
      this.#isBusy = false;
    }
  }

  /** @param requested receives the parameters as soon as they are read: an error is rendered in the format that they name */
  async #compute(
    { request, body: received, supplied, client, encoding }: Job,
    route: Route,
    requested: { parameters: Parameters },
  ): Promise<JobResult> {
    const { library, builder, isAbandoned } = this.#options;
    await library.noticeSwap();
    const { form, body } = received ? readBody(received) : { form: [], body: undefined };
    requested.parameters = [...requested.parameters, ...form];
    checkCount(requested.parameters);
    // No other job shares the memory of this process.
    const inFlight: InFlight = { client, isAbandoned, isCrowded: () => false, hold: () => undefined };
    const whole = { ...request, ...requested, body, inFlight };
    if (supplied !== undefined) return { kind: 'computed', value: await route.computation?.(supplied, whole) };
    const handler = findHandler(route, request.method);
    if (!handler) throw new Error(`${route.path} does not answer ${request.method}`);
    const readRelease = (): string => library.status().release;
    const computed = await computeAnswer({ route, handler, request: whole, encoding, readRelease }, builder);
    return { kind: 'answer', ...computed, answer: toSent(computed.answer) };
  }

  #fail(thrown: unknown, { request, encoding }: Job, route: Route, parameters: Parameters): JobResult {
    const error = thrown instanceof RequestError ? thrown : new RequestError('internal');
    const { code, values } = error;
    const frame = { encoding, release: this.#options.library.status().release };
    const answer = this.#options.builder.buildError(error, route, { ...request, parameters }, frame);
    const cause = toCause(error === thrown ? error.cause : thrown);
    return { kind: 'error', error: { code, values, cause }, answer: toSent(answer) };
  }
}
