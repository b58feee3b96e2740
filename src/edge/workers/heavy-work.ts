import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../../core/errors.js';
import type { Route } from '../../protocols/route.js';
import type { CachedAnswer } from '../answers/answer-cache.js';
import type { ComputedAnswer } from '../answers/answer-builder.js';
import type { Job, SentError } from './job.js';
import type { WorkerPool } from './worker-pool.js';
import type { JobResult } from './worker-process.js';

/** An error that a worker has rendered already, since the client's format may be named in a body that only the worker has read. */
export class WorkerError extends RequestError {
  readonly answer: CachedAnswer;

  constructor({ code, values, cause }: SentError, answer: CachedAnswer) {
    super(code, values, toCause(cause));
    this.answer = answer;
  }
}

/** A request as its connection carries it. */
type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>;

function run(pool: WorkerPool, job: Job, { request, response }: Exchange): Promise<JobResult> {
  const entrant = { client: job.client, isAbandoned: () => request.socket.destroyed };
  return pool.run(job, entrant, (abandon) => {
    response.once('close', abandon);
  });
}

const toCause = (cause: SentError['cause']): unknown => cause && Object.assign(new Error(cause.message), cause);

/**
 * Has a worker answer a request.
 * @returns its answer; undefined where only the main process can: the request writes, or reads from an EHR
 * @throws WorkerError, RequestError `overloaded`
 */
export async function answerByWorker(
  pool: WorkerPool,
  job: Job,
  row: Route,
  exchange: Exchange,
): Promise<ComputedAnswer | undefined> {
  const result = await run(pool, job, exchange);
  if (result.kind !== 'answer' && result.kind !== 'error') return undefined;
  const answer = { ...result.answer, row };
  if (result.kind === 'error') throw new WorkerError(result.error, answer);
  const { release, mayBeStored } = result;
  return { answer, release, mayBeStored };
}

/** Has a worker run the computation of a request. @throws RequestError of the computation, and `overloaded` */
export async function computeByWorker(pool: WorkerPool, job: Job, exchange: Exchange): Promise<unknown> {
  const result = await run(pool, job, exchange);
  if (result.kind === 'computed') return result.value;
  if (result.kind !== 'error') throw new Error(`a computation was answered with ${result.kind}`);
  const { code, values, cause } = result.error;
  throw new RequestError(code, values, toCause(cause));
}
