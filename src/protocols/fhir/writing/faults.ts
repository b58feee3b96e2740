import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';

/** A fault of a resource that was sent, and its place. */
export interface Fault {
  /** A simple FHIRPath: `DocumentReference.content[0].attachment`. */
  readonly expression: string;
  readonly reason: string;
  /** Issue type of R4. */
  readonly code: OperationOutcomeIssue['code'];
}

/** A resource with faults, all of which are reported at once. */
export class InvalidResourceError extends RequestError {
  override readonly name = 'InvalidResourceError';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    const [first] = faults;
    super('invalid-resource', { reason: first?.reason ?? '', expression: first?.expression ?? '' });
    this.faults = faults;
  }
}

/** Gathers faults. */
export class FaultList {
  readonly #faults: Fault[] = [];

  /** Further ones than `LIMITS.maxFaults` are not reported. */
  add(expression: string, reason: string, code: Fault['code'] = 'invalid'): void {
    if (this.#faults.length === LIMITS.maxFaults) return;
    this.#faults.push({ expression, reason: `${expression} ${reason}`, code });
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  /** @throws InvalidResourceError where there is any */
  throwIfAny(): void {
    if (this.#faults.length > 0) throw new InvalidResourceError(this.#faults);
  }
}
