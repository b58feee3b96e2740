/** Work of which at most one run is under way. */
export class SharedRun {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves when the run under way ends, successful or not. */
  async ended(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  /** Joins the run under way, or starts one. */
  join(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Starts a run after the one under way, which may have begun before what the caller waits for; callers share it. */
  async again(): Promise<void> {
    await this.ended();
    await this.join();
  }
}
