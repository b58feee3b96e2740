import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '../limits.js';
import { Sealer } from './sealer.js';

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
