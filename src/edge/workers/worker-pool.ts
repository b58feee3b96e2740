import { RequestError } from '../../core/errors.js';
import type { Library } from '../../core/model/library.js';
import { NO_POLICY } from '../../core/policy/site-policy.js';
import { OneAtATime, type Entrant } from '../../protocols/long-work/one-at-a-time.js';
import { one, type MetricReaders } from '../observe/read-metric.js';
import type { Job, MainParts, WorkerStart } from './job.js';
import { WorkerProcess, type JobResult } from './worker-process.js';

/** Limits of a pool: see `LIMITS`. */
export type PoolLimits = Readonly<Record<'heavyQueue' | 'heavyWaitMs' | 'heavyWorkMs', number>>;

export interface PoolOptions {
  /** How many workers work at once. */
  readonly size: number;
  readonly start: WorkerStart;
  /** The library of the main process. */
  readonly library: Pick<Library, 'status'>;
  /** Called by workers: connections, counts and memory are in the main process. */
  readonly parts: MainParts;
  readonly limits: PoolLimits;
  /** Called when a worker has ended other than by `close`, with the reason. */
  readonly onLost: (why: Error) => void;
}

/**
 * Worker processes that do long work. Each is started by the first job that needs it, or before, and does one at a time; further jobs wait, each client in
 * its turn. A worker that ends is replaced by the next job: the client of its job gets 503, and no other request is affected.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #turns: OneAtATime;
  /** Workers without a job. */
  readonly #idle: WorkerProcess[] = [];
  readonly #workers = new Set<WorkerProcess>();
  #lost = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#turns = new OneAtATime(options.size);
  }

  /** Number of jobs that wait. */
  get waiting(): number {
    return this.#turns.waiting;
  }

  /** Number of workers that ended with their job. */
  get lost(): number {
    return this.#lost;
  }

  #start(): WorkerProcess {
    const { start, parts, onLost } = this.#options;
    const worker: WorkerProcess = new WorkerProcess(start, parts, (why) => {
      this.#workers.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
      if (this.#isClosed) return;
      this.#lost += 1;
      onLost(why);
    });
    this.#workers.add(worker);
    return worker;
  }

  /** Starts a worker, if there is none, so that the first job does not wait for it. */
  prepare(): void {
    if (this.#workers.size === 0 && !this.#isClosed) this.#idle.push(this.#start());
  }

  /**
   * Does a job when its turn comes.
   * @param onBegin called when the worker begins, with what notes that the client has gone
   * @throws RequestError `overloaded` if too many jobs wait, or if the job takes too long or ends its worker
   */
  async run(job: Job, entrant: Entrant, onBegin: (abandon: () => void) => void): Promise<JobResult> {
    const { library, limits } = this.#options;
    const leave = await this.#turns.enter(entrant, { maxWaitMs: limits.heavyWaitMs, most: limits.heavyQueue });
    try {
      if (this.#isClosed) throw new RequestError('overloaded');
      const worker = this.#idle.pop() ?? this.#start();
      let isOver = false;
      onBegin(() => {
        // The worker may have another client's job by now.
        if (!isOver) worker.abandon();
      });
      try {
        return await worker.run(job, library.status().policy ?? NO_POLICY, limits.heavyWorkMs);
      } finally {
        isOver = true;
        if (!worker.hasEnded) this.#idle.push(worker);
      }
    } finally {
      leave();
    }
  }

  /** Ends all workers. */
  close(): void {
    this.#isClosed = true;
    for (const worker of this.#workers) worker.end(new Error('the server stops'));
  }
}

/** Readers of the metrics of a pool; without one no work waits for it. */
export const readPool = (pool: WorkerPool | undefined): MetricReaders => ({
  long_work_waiting: () => one(pool?.waiting ?? 0),
  workers_lost_total: () => one(pool?.lost ?? 0),
});
