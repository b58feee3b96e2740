import type { Ehr } from '../../config/ehrs.js';
import type { PendingRequest } from '../oauth-calls.js';
import { SealedRequests } from '../sealer.js';
import { LaunchFailure } from '../failures.js';

/** A launch whose user is at the EHR's authorization server. */
export interface PendingLaunch extends PendingRequest {
  readonly ehr: Ehr;
  /** Version of SMART whose spelling the scopes have. */
  readonly scopeVersion: 1 | 2;
  /** The EHR asks the user for the patient. */
  readonly isStandalone: boolean;
  /** A token that is renewed while the user is signed in was requested. */
  readonly isOnline?: boolean;
}

/** A launch as it is sealed: the EHR by its address. */
type SealedLaunch = Omit<PendingLaunch, 'ehr'> & { readonly iss: string };

/** Pending launches, which are in their browsers' cookies alone. */
export class PendingLaunches {
  readonly #ehrs: readonly Ehr[];
  readonly #sealed: SealedRequests<SealedLaunch>;

  /** @param secret shared by all instances; undefined: a launch returns to the process where it began */
  constructor(ehrs: readonly Ehr[], secret: string | undefined) {
    this.#ehrs = ehrs;
    this.#sealed = new SealedRequests('pending launch', secret);
  }

  /** Returns a launch as a cookie's value. */
  seal({ ehr, ...rest }: PendingLaunch, now: Date): Promise<string> {
    return this.#sealed.seal({ ...rest, iss: ehr.iss }, now);
  }

  /**
   * Opens a cookie's value and marks its launch as used.
   * @param state as the callback has it
   * @throws LaunchFailure `wrong-state` if it is another browser's, or unknown, used or expired
   */
  async open(sealed: string, state: string, now: Date): Promise<PendingLaunch> {
    const pending = await this.#sealed.open(sealed, state, now);
    const ehr = this.#ehrs.find(({ iss }) => iss === pending?.iss);
    if (!pending || !ehr) throw new LaunchFailure('wrong-state');
    return { ...pending, ehr };
  }
}
