import type { Delivery } from '../../../core/handing-over/record.js';
import { LIMITS } from '../../../limits.js';

/** A delivery, with the pause that the EHR requests before the next try. */
export interface DeliveryResult extends Delivery {
  readonly retryAfterMs?: number | undefined;
}

/**
 * Retries writes to charts a few times, with the token of their launch. It exists only in memory: entries that remain are waiting in the
 * record, and are retried on demand in a later launch.
 */
export class WriteBackQueue {
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #writing = new Map<string, Promise<unknown>>();

  /**
   * Retries an entry later, while it is waiting.
   * @param retry writes it and returns the result; undefined: no further retries
   * @param leastPauseMs pause that the EHR requests
   */
  add(entry: string, retry: () => Promise<DeliveryResult | undefined>, tries = 0, leastPauseMs = 0): void {
    const { writeBackTries, writeBackPauseMs, writeBackQueue } = LIMITS;
    this.remove(entry);
    if (tries === writeBackTries || this.#waiting.size >= writeBackQueue) return;
    const timer = setTimeout(
      () => {
        this.#waiting.delete(entry);
        const again = (pauseMs?: number): void => {
          this.add(entry, retry, tries + 1, pauseMs);
        };
        // Where the database is unavailable, the entry stays waiting in the record.
        retry().then(
          (delivery) => {
            if (delivery?.state === 'waiting') again(delivery.retryAfterMs);
          },
          () => {
            again();
          },
        );
      },
      Math.max(writeBackPauseMs * 4 ** tries, leastPauseMs),
    );
    timer.unref();
    this.#waiting.set(entry, timer);
  }
  /** Cancels the retries of an entry. */
  remove(entry: string): void {
    clearTimeout(this.#waiting.get(entry));
    this.#waiting.delete(entry);
  }

  /** True if an entry is retried later. */
  has = (entry: string): boolean => this.#waiting.has(entry);

  /** Runs one write of an entry at a time. @returns undefined after the end of another one that was in progress */
  async writeAlone<T>(entry: string, write: () => Promise<T>): Promise<T | undefined> {
    const other = this.#writing.get(entry);
    if (other) {
      await other.catch(() => undefined);
      return undefined;
    }
    const own = write();
    this.#writing.set(entry, own);
    try {
      return await own;
    } finally {
      this.#writing.delete(entry);
    }
  }

  get size(): number {
    return this.#waiting.size;
  }
}
