import { setImmediate } from 'node:timers/promises';

/** Work goes on for so long before other requests come between. */
const SLICE_MS = 5;

/** Divides long work into slices, between which other requests are answered. */
export class Pace {
  readonly #check: () => void;
  #since = performance.now();

  /** @param check runs after each slice; it throws where the work is no longer wanted */
  constructor(check: () => void = () => undefined) {
    this.#check = check;
  }

  /** Lets others come between where a slice is over. */
  async rest(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return;
    await setImmediate();
    this.#since = performance.now();
    this.#check();
  }
}
