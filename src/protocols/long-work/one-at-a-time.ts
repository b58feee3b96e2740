import { RequestError } from '../../core/errors.js';

/** A request that waits for the one before it. */
interface Waiting {
  readonly begin: () => void;
  readonly isAbandoned: () => boolean;
}

/**
 * Works on one large request at a time, in the order in which they came: what each takes in memory while it is worked on (ten
 * times its body) is there once, however many there are. Others are served in between, since such work gives way (turns.ts).
 */
export class OneAtATime {
  readonly #waiting = new Set<Waiting>();
  #isBusy = false;

  /**
   * Waits until no other request is worked on.
   * @param isAbandoned whether the client has gone: then nothing is done for it
   * @param maxWaitMs how long it waits before its client gets an error; Infinity for work that was done already
   * @returns a function to call when the work is over, however it ends; a second call does nothing
   * @throws RequestError `overloaded` after too long, `bad-request` if the client has gone, which is never sent
   */
  async enter(isAbandoned: () => boolean, maxWaitMs: number): Promise<() => void> {
    if (this.#isBusy) await this.#wait(isAbandoned, maxWaitMs);
    this.#isBusy = true;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#leave();
    };
  }

  #wait(isAbandoned: () => boolean, maxWaitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        isAbandoned,
        begin: () => {
          clearTimeout(timer);
          if (isAbandoned()) reject(new RequestError('bad-request'));
          else resolve();
        },
      };
      const giveUp = () => {
        this.#waiting.delete(waiting);
        reject(new RequestError('overloaded'));
      };
      const timer = maxWaitMs === Infinity ? undefined : setTimeout(giveUp, maxWaitMs);
      this.#waiting.add(waiting);
    });
  }

  #leave(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next);
      const isServed = !next.isAbandoned();
      next.begin();
      // No request comes before it: it is busy until that one leaves.
      if (isServed) return;
    }
    this.#isBusy = false;
  }
}
