import type { BundleEntry } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { takeSteps } from '../../../core/give-way.js';
import { LIMITS } from '../../../limits.js';
import { giveWay, takeTurn } from '../../../turns.js';
import { answerTooLarge, type AuditFacts } from '../../route.js';
import type { FhirRequest } from './interaction.js';
import { writeAhead } from '../syntax/write-resource.js';

/** An entry with its answer, and the facts that the audit trail records of it, as of a single request. */
export interface AnsweredEntry {
  readonly entry: BundleEntry;
  readonly audit: AuditFacts;
}

/** What the entries of an answer may have of it: the rest is left for what stands around them, and for entries with errors. */
const SHARE_OF_ENTRIES = 15 / 16;

/** What is left to one Bundle: all its answers are held until the last is there, and each entry may cost what a request may. */
export class BundleBudget {
  readonly #request: Pick<FhirRequest, 'inFlight' | 'syntax'>;
  readonly #began = performance.now();
  /** Bytes of answers, in the syntax in which the Bundle is answered. */
  #left = LIMITS.maxAnswerBytes * SHARE_OF_ENTRIES;

  constructor(request: Pick<FhirRequest, 'inFlight' | 'syntax'>) {
    this.#request = request;
  }

  /**
   * Lets other requests come between two entries, then checks whether one more may be answered.
   * @throws RequestError `answer-too-large`, `too-costly`, `overloaded` where the process holds too much
   */
  async takeTurn(): Promise<void> {
    await takeTurn();
    const { maxBatchMs } = LIMITS;
    if (this.#left <= 0) throw answerTooLarge();
    if (this.#request.inFlight?.isCrowded()) throw new RequestError('overloaded');
    if (performance.now() - this.#began >= maxBatchMs) {
      throw new RequestError('too-costly', { most: maxBatchMs / 1000, unit: 'seconds for a Bundle' });
    }
  }

  /**
   * Adds an answer: that of a write always, that of a read only if there is room for it.
   * @throws RequestError `answer-too-large`
   */
  async add(answered: AnsweredEntry, isWrite: boolean): Promise<AnsweredEntry> {
    const { inFlight, syntax = 'json' } = this.#request;
    const { entry, bytes, held } = await takeSteps(writeAhead(answered.entry, syntax), giveWay);
    if (!isWrite && bytes > this.#left) {
      this.#left = 0;
      throw answerTooLarge();
    }
    this.#left -= bytes;
    inFlight?.hold(held);
    return { ...answered, entry };
  }
}
