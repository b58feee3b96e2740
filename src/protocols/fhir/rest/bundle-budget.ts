import type { BundleEntry } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { takeSteps } from '../../../core/give-way.js';
import { giveWay, takeTurn } from '../../../turns.js';
import { answerTooLarge } from '../../route.js';
import type { FhirRequest } from './interaction.js';
import { writeAhead } from '../syntax/write-resource.js';

export interface BundleLimits {
  /** Bytes of the answers of one Bundle, in the syntax in which it is answered. */
  readonly maxAnswerBytes: number;
  /** Milliseconds after which nothing more of it is begun. */
  readonly maxMs: number;
}

/** An entry of the answer, with whatever else is known of it. */
export interface AnsweredPart {
  readonly entry: BundleEntry;
}

/** What the entries of an answer may have of it: the rest is left for what stands around them, and for entries with errors. */
const SHARE_OF_ENTRIES = 15 / 16;

/** What is left to one Bundle: all its answers are held until the last is there, and each entry may cost what a request may. */
export class BundleBudget {
  readonly #limits: BundleLimits;
  readonly #request: Pick<FhirRequest, 'inFlight' | 'syntax'>;
  readonly #began = performance.now();
  #left: number;

  constructor(limits: BundleLimits, request: Pick<FhirRequest, 'inFlight' | 'syntax'>) {
    this.#limits = limits;
    this.#request = request;
    this.#left = limits.maxAnswerBytes * SHARE_OF_ENTRIES;
  }

  /**
   * Lets other requests come between two entries, then checks whether one more may be answered.
   * @throws RequestError `answer-too-large`, `too-costly`, `overloaded` where the process holds too much
   */
  async takeTurn(): Promise<void> {
    await takeTurn();
    const { maxMs } = this.#limits;
    if (this.#left <= 0) throw answerTooLarge();
    if (this.#request.inFlight?.isCrowded()) throw new RequestError('overloaded');
    if (performance.now() - this.#began >= maxMs) {
      throw new RequestError('too-costly', { most: maxMs / 1000, unit: 'seconds for a Bundle' });
    }
  }

  /** Takes an answer that was read, if there is room for it. @throws RequestError `answer-too-large` */
  take<T extends AnsweredPart>(answered: T): Promise<T> {
    return this.#add(answered, this.#left);
  }

  /** Adds the answer of a write: that is reported, however much there is. */
  keep<T extends AnsweredPart>(answered: T): Promise<T> {
    return this.#add(answered, Infinity);
  }

  /** Drops the answers so far from the count. */
  forgetAnswers(): void {
    this.#left = this.#limits.maxAnswerBytes * SHARE_OF_ENTRIES;
  }

  async #add<T extends AnsweredPart>(answered: T, most: number): Promise<T> {
    const { inFlight, syntax = 'json' } = this.#request;
    const { entry, bytes, held } = await takeSteps(writeAhead(answered.entry, syntax), giveWay);
    if (bytes > most) {
      this.#left = 0;
      throw answerTooLarge();
    }
    this.#left -= bytes;
    inFlight?.hold(held);
    return { ...answered, entry };
  }
}
