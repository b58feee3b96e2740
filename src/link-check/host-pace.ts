/** The clock functions for pacing. */
export interface Timing {
  /** Milliseconds from any origin. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Spaces out requests to one host across all workers. */
export class HostPace {
  readonly #delayMs: number;
  readonly #timing: Timing;
  readonly #nextAt = new Map<string, number>();

  constructor(delayMs: number, timing: Timing) {
    this.#delayMs = delayMs;
    this.#timing = timing;
  }

  /** Resolves when the caller may send one request to the host. */
  async waitForTurn(host: string): Promise<void> {
    const now = this.#timing.now();
    const at = Math.max(now, this.#nextAt.get(host) ?? now);
    this.#nextAt.set(host, at + this.#delayMs);
    if (at > now) await this.#timing.sleep(at - now);
  }

  /** Delays further requests to the host; those that already have their turn are not affected. */
  pause(host: string, ms: number): void {
    this.#nextAt.set(host, Math.max(this.#timing.now() + ms, this.#nextAt.get(host) ?? 0));
  }
}
