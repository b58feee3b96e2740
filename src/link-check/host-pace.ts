/** What pacing needs of the clock. */
export interface Timing {
  /** Milliseconds, from any start. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Keeps requests to one host apart, whoever sends them. */
export class HostPace {
  readonly #delayMs: number;
  readonly #timing: Timing;
  readonly #nextAt = new Map<string, number>();

  constructor(delayMs: number, timing: Timing) {
    this.#delayMs = delayMs;
    this.#timing = timing;
  }

  /** Resolves when it is the caller's turn to send one request to the host. */
  async turnOf(host: string): Promise<void> {
    const now = this.#timing.now();
    const at = Math.max(now, this.#nextAt.get(host) ?? now);
    this.#nextAt.set(host, at + this.#delayMs);
    if (at > now) await this.#timing.sleep(at - now);
  }

  /** Sends the host nothing for so long, but what already has its turn. */
  pause(host: string, ms: number): void {
    this.#nextAt.set(host, Math.max(this.#timing.now() + ms, this.#nextAt.get(host) ?? 0));
  }
}
