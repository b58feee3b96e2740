import type { IncomingMessage, ServerResponse } from 'node:http';
import { RequestError } from '../../core/errors.js';
import type { Route } from '../../protocols/route.js';
import type { CachedAnswer } from '../answers/answer-cache.js';
import type { ComputedAnswer } from '../compute-answer.js';
import type { Job, SentError } from './job.js';
import type { WorkerPool } from './worker-pool.js';

/** An error that a worker has rendered already, since the client's format may be named in a body that only the worker has read. */
export class WorkerError extends RequestError {
  readonly answer: CachedAnswer;

  constructor({ code, values, cause }: SentError, answer: CachedAnswer) {
    super(code, values, cause && Object.assign(new Error(cause.message), cause));
    this.answer = answer;
  }
}

/**
 * Has a worker answer a request.
 * @returns its answer; undefined where only the main process can: the request writes, or reads from an EHR
 * @throws WorkerError, RequestError `overloaded`
 */
export async function answerByWorker(
  pool: WorkerPool,
  job: Job,
  row: Route,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<ComputedAnswer | undefined> {
  const entrant = { client: job.client, isAbandoned: () => request.socket.destroyed };
  const result = await pool.run(job, entrant, (abandon) => {
    response.once('close', abandon);
  });
  if (result.kind === 'for-main') return undefined;
  const answer = { ...result.answer, row };
  if (result.kind === 'error') throw new WorkerError(result.error, answer);
  const { release, mayBeStored } = result;
  return { answer, release, mayBeStored };
}
