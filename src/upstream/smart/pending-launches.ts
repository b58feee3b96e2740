import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Ehr } from '../../config/ehrs.js';
import { LIMITS } from '../../limits.js';
import { LaunchFailure } from './launch-failure.js';

/** A launch whose user is at the EHR's authorization server. */
export interface PendingLaunch {
  readonly ehr: Ehr;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  /** Version of SMART whose spelling the scopes have. */
  readonly scopeVersion: 1 | 2;
  /** The EHR asks the user for the patient. */
  readonly isStandalone: boolean;
  /** A token that is renewed while the user is signed in was requested. */
  readonly isOnline?: boolean;
}

const KEY_BYTES = 32;
const HEADER = { alg: 'dir', enc: 'A256GCM' };
/** Clocks of two instances differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

const toSeconds = (now: Date): number => Math.floor(now.getTime() / 1000);

/**
 * Seals pending launches into a value for the browser's cookie, encrypted and authenticated, so that the server stores none of them: no
 * number of launches ends another one. A value is opened once per process; in another one it is protected by the code, which the EHR exchanges once.
 */
export class PendingLaunches {
  readonly #ehrs: readonly Ehr[];
  readonly #key: Uint8Array;
  /** States that came back. */
  readonly #used = new LRUCache<string, true>({ max: LIMITS.usedLaunches });

  /** @param secret shared by all instances; undefined: a launch returns to the process where it began */
  constructor(ehrs: readonly Ehr[], secret: string | undefined) {
    this.#ehrs = ehrs;
    this.#key =
      secret === undefined
        ? randomBytes(KEY_BYTES)
        : new Uint8Array(hkdfSync('sha256', secret, '', 'education-connect: pending launch', KEY_BYTES));
  }

  /** Returns a launch as a cookie's value. */
  seal({ ehr, ...rest }: PendingLaunch, now: Date): Promise<string> {
    return new EncryptJWT({ ...rest, iss: ehr.iss })
      .setProtectedHeader(HEADER)
      .setIssuedAt(toSeconds(now))
      .encrypt(this.#key);
  }

  /**
   * Opens a cookie's value and marks its launch as used.
   * @param state as the callback has it
   * @throws LaunchFailure `wrong-state` if it is another browser's, or unknown, used or expired
   */
  async open(sealed: string, state: string, now: Date): Promise<PendingLaunch> {
    const pending = await this.#decrypt(sealed, now);
    const ehr = this.#ehrs.find(({ iss }) => iss === pending?.iss);
    if (!pending || !ehr || pending.state !== state || this.#used.has(state)) throw new LaunchFailure('wrong-state');
    this.#used.set(state, true);
    return { ...pending, ehr };
  }

  async #decrypt(sealed: string, now: Date) {
    try {
      const { payload } = await jwtDecrypt<Omit<PendingLaunch, 'ehr'>>(sealed, this.#key, {
        keyManagementAlgorithms: [HEADER.alg],
        contentEncryptionAlgorithms: [HEADER.enc],
        currentDate: now,
        maxTokenAge: LIMITS.pendingLaunchMs / 1000 - CLOCK_TOLERANCE_SECONDS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return payload;
    } catch {
      return undefined;
    }
  }
}
