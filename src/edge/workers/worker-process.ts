import { AsyncResource } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { RequestError } from '../../core/errors.js';
import type { SitePolicy } from '../../core/policy/site-policy.js';
import type { FromWorker, Job, MainParts, ToWorker, WorkerStart } from './job.js';
import { startWorker } from './start-worker.js';

/** Answer of a worker to a job. */
export type JobResult = Exclude<FromWorker, { kind: 'call' }>;

interface RunningJob {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
  /** Calls a function of this process on behalf of the request. */
  readonly call: (name: keyof MainParts, values: readonly unknown[]) => Promise<unknown>;
}

/** One worker process: does one job at a time, and ends with the first that it cannot do. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #parts: MainParts;
  readonly #onEnd: (why: Error) => void;
  #job: RunningJob | undefined;
  #policy: SitePolicy | undefined;
  #hasEnded = false;

  /** @param onEnd called once when the process is gone */
  constructor(start: WorkerStart, parts: MainParts, onEnd: (why: Error) => void) {
    this.#parts = parts;
    this.#onEnd = onEnd;
    this.#child = startWorker();
    // An idle worker does not keep this process alive.
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', (message: FromWorker) => {
      this.#receive(message);
    });
    this.#child.on('error', (why) => {
      this.end(why);
    });
    this.#child.once('exit', (code, signal) => {
      this.#noteEnd(new Error(`a worker process ended (${signal ?? code})`));
    });
    this.#send({ kind: 'start', start });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  #send(message: ToWorker): void {
    this.#child.send(message, (error) => {
      if (error) this.end(error);
    });
  }

  #noteEnd(why: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#job?.reject(new RequestError('overloaded', {}, why));
    this.#onEnd(why);
  }

  /**
   * Does a job. Rejects with RequestError `overloaded` where the process ends before the job: it is out of memory, or it was ended.
   * @param policy the site's policy in force
   */
  async run(job: Job, policy: SitePolicy, deadlineMs: number): Promise<JobResult> {
    const late = setTimeout(() => {
      this.end(new Error('a request took too long'));
    }, deadlineMs);
    const isNewPolicy = policy !== this.#policy;
    this.#policy = policy;
    try {
      return await new Promise<JobResult>((resolve, reject) => {
        // With the ids of this request.
        const call = AsyncResource.bind(async (name: keyof MainParts, values: readonly unknown[]) =>
          (this.#parts[name] as (...given: readonly unknown[]) => Promise<unknown>)(...values),
        );
        this.#job = { resolve, reject, call };
        this.#send({ kind: 'job', job, policy: isNewPolicy ? policy : undefined });
      });
    } finally {
      clearTimeout(late);
      this.#job = undefined;
    }
  }

  /** Notes that no client waits for the current job any more: a batch ends at its next entry. */
  abandon(): void {
    if (!this.#hasEnded) this.#send({ kind: 'abandon' });
  }

  /** Ends the process at once, with whatever it does. It writes nothing, so that nothing can be lost. */
  end(why: Error): void {
    this.#noteEnd(why);
    this.#child.kill('SIGKILL');
  }

  #receive(message: FromWorker): void {
    // A probe in the worker sends messages of its own.
    if (typeof message !== 'object' || !('kind' in message)) return;
    if (message.kind !== 'call') {
      this.#job?.resolve(message);
      return;
    }
    const { id, name, values } = message;
    const answer = async (): Promise<void> => {
      const value = await this.#job?.call(name, values);
      if (!this.#hasEnded) this.#send({ kind: 'returned', id, value });
    };
    // None of them rejects but by a fault of ours.
    answer().catch((error: unknown) => {
      this.end(error as Error);
    });
  }
}
