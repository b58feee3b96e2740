/** Work of which at most one run is under way. */
export function createSharedRun(work: () => Promise<void>) {
  let running: Promise<void> | undefined;
  /** Resolves when the run under way ends, successful or not. */
  const ended = async (): Promise<void> => {
    await running?.catch(() => undefined);
  };
  /** Joins the run under way, or starts one. */
  const join = (): Promise<void> => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
  /** Starts a run after the one under way, which may have begun before what the caller waits for; callers share it. */
  const again = async (): Promise<void> => {
    await ended();
    await join();
  };
  return { ended, join, again };
}
