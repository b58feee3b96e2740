import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '../limits.js';

const KEY_BYTES = 32;
const HEADER = { alg: 'dir', enc: 'A256GCM' };
/** Clocks of two instances differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Seals values for a browser's cookies, encrypted and authenticated, so that the server stores none of them. */
export class Sealer<T extends JWTPayload> {
  readonly #key: Uint8Array;

  /**
   * @param purpose of the values: the key is for it alone
   * @param secret shared by all instances; undefined: this process alone opens what it has sealed
   */
  constructor(purpose: string, secret: string | undefined) {
    this.#key =
      secret === undefined
        ? randomBytes(KEY_BYTES)
        : new Uint8Array(hkdfSync('sha256', secret, '', `education-connect: ${purpose}`, KEY_BYTES));
  }

  seal(value: T, now: Date): Promise<string> {
    const issuedAt = Math.floor(now.getTime() / 1000);
    return new EncryptJWT(value).setProtectedHeader(HEADER).setIssuedAt(issuedAt).encrypt(this.#key);
  }

  /** Opens a value that was sealed at most so long ago; undefined if it is older, from the future, or not ours. */
  async open(sealed: string, maxAgeMs: number, now: Date): Promise<(T & { readonly iat: number }) | undefined> {
    try {
      const { payload } = await jwtDecrypt<T & { readonly iat: number }>(sealed, this.#key, {
        keyManagementAlgorithms: [HEADER.alg],
        contentEncryptionAlgorithms: [HEADER.enc],
        currentDate: now,
        maxTokenAge: maxAgeMs / 1000 - CLOCK_TOLERANCE_SECONDS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return payload;
    } catch {
      return undefined;
    }
  }
}

/**
 * Requests whose users are at an authorization server, in their browsers' cookies alone: no number of requests ends another one. One is
 * opened once per process; in another one it is protected by the code, which the server exchanges once.
 */
export class SealedRequests<T extends JWTPayload & { readonly state: string }> {
  readonly #sealer: Sealer<T>;
  /** States that came back. */
  readonly #used = new LRUCache<string, true>({ max: LIMITS.usedLaunches });

  /** @param secret shared by all instances; undefined: a user returns to the process where the request began */
  constructor(purpose: string, secret: string | undefined) {
    this.#sealer = new Sealer(purpose, secret);
  }

  /** Returns a request as a cookie's value. */
  seal(request: T, now: Date): Promise<string> {
    return this.#sealer.seal(request, now);
  }

  /**
   * Opens a cookie's value and marks its request as used.
   * @param state as the callback has it
   * @returns undefined if it is another browser's, or unknown, used or expired
   */
  async open(sealed: string, state: string, now: Date): Promise<T | undefined> {
    const request = await this.#sealer.open(sealed, LIMITS.pendingLaunchMs, now);
    if (request?.state !== state || this.#used.has(state)) return undefined;
    this.#used.set(state, true);
    return request;
  }
}
