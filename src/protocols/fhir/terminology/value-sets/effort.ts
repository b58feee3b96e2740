import { RequestError } from '../../../../core/errors.js';
import { LIMITS } from '../../../../limits.js';
import { giveWay } from '../../../../turns.js';
import { checkClient, type InFlight } from '../../../route.js';

/** Steps of work other than checking a concept in memory, which is one step: some microseconds to the step. */
export const STEPS = {
  /** An include or a filter made ready, a value set or a coding looked for. */
  part: 10,
  /** A concept read from the library. */
  fetched: 10,
  /** The place of one concept in its hierarchy: several questions to the library. */
  placed: 25,
  /** What is below a code: a page of the library is read, however little of it is meant. */
  below: 2000,
} as const;

/**
 * The work that one request may cause for value sets. It is counted in steps, so that the same request ends the same
 * way on every machine; every step counts, for a small one may occur a million times.
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
