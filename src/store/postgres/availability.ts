import { RequestError } from '../../core/errors.js';

/** While the server is away, a query waits for a check of it no longer than this. */
const WAIT_MS = 250;
/** Pause between two checks by queries; a poller checks as often as it runs. */
const PAUSE_MS = 50;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

/** Called when the server is found to be away, with the reason, and when it answers again. */
export type OnAvailable = (isAvailable: boolean, reason?: unknown) => void;

/**
 * Whether the server answers, as last found. While it does not, the only query is whether it is back: one check at a time, shared by
 * all callers, so that they neither pile up behind it nor wait for long.
 */
export class Availability {
  readonly #look: () => Promise<unknown>;
  readonly #onAvailable: OnAvailable;
  #awaySince: Date | undefined;
  #looking: Promise<boolean> | undefined;

  /** @param look asks the server for next to nothing; it tells this object how that went */
  constructor(look: () => Promise<unknown>, onAvailable: OnAvailable) {
    this.#look = look;
    this.#onAvailable = onAvailable;
  }

  /** When the server was found to be away; undefined while it answers. */
  get awaySince(): Date | undefined {
    return this.#awaySince;
  }

  /** Something was answered. */
  found(): void {
    if (!this.#awaySince) return;
    this.#awaySince = undefined;
    this.#onAvailable(true);
  }

  /** Something was not. */
  missed(reason: unknown): void {
    if (this.#awaySince) return;
    this.#awaySince = new Date();
    this.#onAvailable(false, reason);
  }

  /** Lets a question pass where the server answers. @throws RequestError `library-unavailable` */
  async pass(): Promise<void> {
    if (!this.#awaySince) return;
    this.#looking ??= this.#lookAgain();
    const isBack = await Promise.race([this.#looking, pause(WAIT_MS).then(() => false)]);
    // Without a cause: the log has it once, and not with every question.
    if (!isBack) throw new RequestError('library-unavailable');
  }

  async #lookAgain(): Promise<boolean> {
    await pause(PAUSE_MS);
    await this.#look().catch(() => undefined);
    this.#looking = undefined;
    return !this.#awaySince;
  }
}
