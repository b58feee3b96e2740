import { setImmediate } from 'node:timers/promises';
import type { BundleEntry } from '@medplum/fhirtypes';
import { RequestError } from '../../core/errors.js';
import { measureEntry } from './write-resource.js';

export interface BundleLimits {
  /** Bytes of the answers of one Bundle, as JSON. */
  readonly maxAnswerBytes: number;
  /** Milliseconds after which nothing more of it is begun. */
  readonly maxMs: number;
}

/** What is left to one Bundle: all its answers are held until the last is there, and each entry may cost what a request may. */
export class BundleBudget {
  readonly #limits: BundleLimits;
  readonly #began = performance.now();
  #bytes = 0;

  constructor(limits: BundleLimits) {
    this.#limits = limits;
  }

  /** Before anything more is answered. @throws RequestError `too-costly` */
  check(): void {
    const { maxAnswerBytes, maxMs } = this.#limits;
    if (this.#bytes >= maxAnswerBytes) {
      throw new RequestError('too-costly', { most: maxAnswerBytes / 1024 ** 2, unit: 'MiB of answers' });
    }
    if (performance.now() - this.#began >= maxMs) {
      throw new RequestError('too-costly', { most: maxMs / 1000, unit: 'seconds for a Bundle' });
    }
  }

  /** Lets other requests come between two entries, then checks. @throws RequestError `too-costly` */
  async takeTurn(): Promise<void> {
    await setImmediate();
    this.check();
  }

  add(entry: BundleEntry): void {
    this.#bytes += measureEntry(entry);
  }

  /** The answers so far are not kept. */
  forgetAnswers(): void {
    this.#bytes = 0;
  }
}
