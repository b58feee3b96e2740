import { RequestError } from '../../../../core/errors.js';
import { LIMITS } from '../../../../limits.js';
import { giveWay } from '../../../../turns.js';
import type { InFlight } from '../../../route.js';
import { checkClient } from '../../../route.js';

/** Steps of what is not a look at a concept in memory, which is one step: some microseconds to the step. */
export const STEPS = {
  /** An include or a filter made ready, a value set or a coding looked for. */
  part: 10,
  /** A concept asked of the library. */
  fetched: 10,
  /** The place of one concept in its hierarchy: several questions to the library. */
  placed: 25,
  /** What is below a code: a page of the library is read, however little of it is meant. */
  below: 2000,
} as const;

/**
 * What one request may make us do for value sets. It is counted in steps, so that the same request ends the same way on every
 * machine; a step counts wherever it is made, for what is small by itself may be asked a million times.
 */
export class Effort {
  readonly #inFlight: InFlight | undefined;
  #left: number = LIMITS.maxValueSetSteps;

  constructor(inFlight?: InFlight) {
    this.#inFlight = inFlight;
  }

  /**
   * Counts steps; to be called before they are made. A promise where it is the turn of other requests.
   * @throws RequestError `too-costly`; rejects with `bad-request` where the client has gone meanwhile
   */
  spend(steps: number): Promise<void> | undefined {
    this.#left -= steps;
    if (this.#left < 0)
      throw new RequestError('too-costly', { most: LIMITS.maxValueSetSteps, unit: 'codes looked at' });
    const turn = giveWay();
    return turn && this.#comeBack(turn);
  }

  async #comeBack(turn: Promise<void>): Promise<void> {
    await turn;
    checkClient(this.#inFlight);
  }
}
