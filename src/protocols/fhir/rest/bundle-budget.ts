import type { BundleEntry } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';
import { answerTooLarge, type AuditFacts } from '../../route.js';
import type { FhirRequest } from './interaction.js';
import { measureEntry } from '../syntax/write-resource.js';

/** An entry with its answer, and the facts that the audit trail records of it, as of a single request. */
export interface AnsweredEntry {
  readonly entry: BundleEntry;
  readonly audit: AuditFacts;
}

/** Share of the byte budget for entries; the rest is for the Bundle's frame and for entries with errors. */
const SHARE_OF_ENTRIES = 15 / 16;

/** Budget left to one Bundle: all its answers are held until the last is there, and each entry may cost as much as a request. */
export class BundleBudget {
  readonly #request: Pick<FhirRequest, 'syntax'>;
  readonly #began = performance.now();
  /** Bytes of answers, in the syntax in which the Bundle is answered. */
  #left = LIMITS.maxAnswerBytes * SHARE_OF_ENTRIES;

  constructor(request: Pick<FhirRequest, 'syntax'>) {
    this.#request = request;
  }

  /** Checks whether one more entry may be answered. @throws RequestError `answer-too-large`, `too-costly` */
  check(): void {
    const { maxBatchMs } = LIMITS;
    if (this.#left <= 0) throw answerTooLarge();
    if (performance.now() - this.#began >= maxBatchMs) {
      throw new RequestError('too-costly', { most: maxBatchMs / 1000, unit: 'seconds for a Bundle' });
    }
  }

  /**
   * Adds an answer: that of a write always, that of a read only if there is room for it.
   * @throws RequestError `answer-too-large`
   */
  add(answered: AnsweredEntry, isWrite: boolean): AnsweredEntry {
    const bytes = measureEntry(answered.entry, this.#request.syntax ?? 'json');
    if (!isWrite && bytes > this.#left) {
      this.#left = 0;
      throw answerTooLarge();
    }
    this.#left -= bytes;
    return answered;
  }
}
