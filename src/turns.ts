import type { GiveWay } from './core/give-way.js';

/** Duration of long work within one turn of the event loop, over all such requests. */
const SLICE_MS = 12;

/**
 * Shares the process among long requests: in each turn of the event loop one of them continues for one slice, in the
 * order in which they gave way. A request that arrives between two turns (a lookup, a health check) is answered before
 * the next slice, so it waits for one slice at most, however many long requests there are.
 */
export class Turns {
  readonly #now: () => number;
  readonly #sliceMs: number;
  readonly #waiting: (() => void)[] = [];
  /** When the slice of this turn of the loop began; undefined if no long work has run in it. */
  #began: number | undefined;

  /** @param now milliseconds from any origin */
  constructor(now: () => number = () => performance.now(), sliceMs: number = SLICE_MS) {
    this.#now = now;
    this.#sliceMs = sliceMs;
  }

  /**
   * Returns a promise if this turn's slice is used up: it resolves in a turn of its own. To be called between two steps
   * of long work.
   */
  readonly giveWay: GiveWay = () => {
    const now = this.#now();
    if (this.#began === undefined) this.#begin(now);
    else if (now - this.#began >= this.#sliceMs) return this.takeTurn();
    return undefined;
  };

  /** Waits for a turn with a slice of its own: before a step that takes long. */
  takeTurn(): Promise<void> {
    if (this.#began === undefined) this.#begin(this.#now());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #begin(now: number): void {
    this.#began = now;
    setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const first = this.#waiting.shift();
    this.#began = undefined;
    if (!first) return;
    this.#begin(this.#now());
    first();
  };
}

/** The turns of this process, which has one event loop. */
const turns = new Turns();

/** Gives way to other requests if due: see `Turns.giveWay`. */
export const giveWay = turns.giveWay;

/** Waits for a turn of its own: see `Turns.takeTurn`. */
export const takeTurn = (): Promise<void> => turns.takeTurn();
