import { AsyncResource } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import type { TerminologySource } from '../../core/answer/terminology-source.js';
import { RequestError } from '../../core/errors.js';
import type { SitePolicy } from '../../core/policy/site-policy.js';
import type { FromWorker, Job, ToWorker, WorkerStart } from './job.js';
import { startWorker } from './start-worker.js';

/** Answer of a worker to a job. */
export type JobResult = Exclude<FromWorker, { kind: 'look-up' }>;

interface RunningJob {
  readonly resolve: (result: JobResult) => void;
  readonly reject: (error: Error) => void;
  /** Queries the terminology server with the ids of the request. */
  readonly lookUp: TerminologySource['ask'];
}

/** One worker process: does one job at a time, and ends with the first that it cannot do. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #source: TerminologySource | undefined;
  readonly #onEnd: (why: Error) => void;
  #job: RunningJob | undefined;
  #policy: SitePolicy | undefined;
  #hasEnded = false;

  /** @param onEnd called once when the process is gone */
  constructor(start: WorkerStart, source: TerminologySource | undefined, onEnd: (why: Error) => void) {
    this.#source = source;
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
        // Its queries are made on behalf of this request.
        const lookUp = AsyncResource.bind(async (questions: Parameters<TerminologySource['ask']>[0]) =>
          this.#source ? this.#source.ask(questions) : [],
        );
        this.#job = { resolve, reject, lookUp };
        this.#send({ kind: 'job', job, policy: isNewPolicy ? policy : undefined });
      });
    } finally {
      clearTimeout(late);
      this.#job = undefined;
    }
  }

  /** Notes that no client waits for the current job any more: it ends at its next step. */
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
    if (message.kind !== 'look-up') {
      this.#job?.resolve(message);
      return;
    }
    const { id, questions } = message;
    const answer = async (): Promise<void> => {
      const answers = (await this.#job?.lookUp(questions)) ?? [];
      if (!this.#hasEnded) this.#send({ kind: 'looked-up', id, answers });
    };
    void answer();
  }
}
