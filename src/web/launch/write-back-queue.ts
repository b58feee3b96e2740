import type { Delivery } from '../../core/handing-over/record.js';

export interface QueueLimits {
  /** Entries that wait to be tried again; further ones are tried on demand alone. */
  readonly writeBackQueue: number;
  readonly writeBackTries: number;
  /** The pause before the first of them; each further one is four times as long. */
  readonly writeBackPauseMs: number;
}

/**
 * Tries again to write entries to charts, a few times, with the token of their launch. It is in memory alone: what is left of it is in the
 * record as waiting, and tried on demand in a later launch.
 */
export class WriteBackQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /**
   * Tries an entry again later, for as long as it is left waiting.
   * @param retry writes it, and tells what became of it; undefined: it is not to be tried any more
   */
  add(entry: string, retry: () => Promise<Delivery | undefined>): void {
    this.#schedule(entry, retry, 0);
  }

  /** Tries an entry no more. */
  remove(entry: string): void {
    clearTimeout(this.#waiting.get(entry));
    this.#waiting.delete(entry);
  }

  get size(): number {
    return this.#waiting.size;
  }

  #schedule(entry: string, retry: () => Promise<Delivery | undefined>, tries: number): void {
    const { writeBackTries, writeBackPauseMs, writeBackQueue } = this.#limits;
    this.remove(entry);
    if (tries === writeBackTries || this.#waiting.size >= writeBackQueue) return;
    const timer = setTimeout(
      () => {
        this.#waiting.delete(entry);
        retry().then(
          (delivery) => {
            if (delivery?.state === 'waiting') this.#schedule(entry, retry, tries + 1);
          },
          // The database is away: the entry stays waiting in the record.
          () => {
            this.#schedule(entry, retry, tries + 1);
          },
        );
      },
      writeBackPauseMs * 4 ** tries,
    );
    timer.unref();
    this.#waiting.set(entry, timer);
  }
}
