import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import type { Connection } from './connection.js';
import { isDiskFull } from './failures.js';

/**
 * The writes of one process whose clients wait for the answer: one after the other, by one connection, which is opened for the
 * first of them, and again if it was lost.
 */
export class WriteQueue {
  readonly #open: (() => Promise<Connection>) | undefined;
  #connection: Connection | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param open undefined: the library is read-only */
  constructor(open: (() => Promise<Connection>) | undefined) {
    this.#open = open;
  }

  /**
   * Runs a piece of writing when its turn comes; it decides which of its parts are one transaction.
   * @throws RequestError `library-unavailable` (also if the turn comes too late), `storage-full`, or what the work throws
   */
  async run<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    if (this.#waiting >= LIMITS.writeQueue) throw new RequestError('library-unavailable');
    const end = performance.now() + LIMITS.writeWaitMs;
    const turn = this.#last.then(() => {
      if (performance.now() > end) throw new RequestError('library-unavailable');
      return this.#write(work);
    });
    this.#last = turn.catch(() => undefined);
    this.#waiting += 1;
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** The same in one transaction. */
  transact<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    return this.run((db) => db.transaction(() => work(db)));
  }

  async #write<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    if (!this.#open) throw new RequestError('library-unavailable');
    try {
      if (!this.#connection?.isOpen) {
        await this.#connection?.close();
        this.#connection = await this.#open();
      }
      return await work(this.#connection);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      // The connection may be what is broken: the next write opens another. One that hangs is not waited for.
      void this.#connection?.close().catch(() => undefined);
      this.#connection = undefined;
      throw new RequestError(isDiskFull(error) ? 'storage-full' : 'library-unavailable', {}, error);
    }
  }

  /** Lets the write under way end, and leaves a file whose log is merged into it, if another process does not read it now. */
  async close(): Promise<void> {
    await this.#last;
    try {
      if (this.#connection?.isOpen) this.#connection.merge?.();
    } catch {
      // A full disk: the log stays, and the next start merges it.
    }
    await this.#connection?.close();
    this.#connection = undefined;
  }
}
