import { setImmediate } from 'node:timers/promises';

/** Duration of a slice before other requests are answered. */
const SLICE_MS = 5;

/** Splits long work into slices, between which other requests are answered. */
export class Pace {
  readonly #check: () => void;
  #since = performance.now();

  /** @param check runs after each slice; throws to stop the work */
  constructor(check: () => void = () => undefined) {
    this.#check = check;
  }

  /** Gives way to other requests if the slice is over. */
  async rest(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return;
    await setImmediate();
    this.#since = performance.now();
    this.#check();
  }
}
