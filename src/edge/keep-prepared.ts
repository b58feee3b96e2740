import type { Library, LibraryStatus } from '../core/model/library.js';
import type { Route } from '../protocols/route.js';

/**
 * Lets routes prepare what their answers need of a release, after the start and after each swap.
 * @param everyMs how often a swap is checked for; the first check comes as late, because the first requests go first
 * @returns ends it
 */
export function keepPrepared(
  routes: readonly Pick<Route, 'prepare'>[],
  library: Pick<Library, 'status'>,
  everyMs: number,
): () => void {
  let prepared: LibraryStatus | undefined;
  let isPreparing = false;
  const look = async (): Promise<void> => {
    const status = library.status();
    if (isPreparing || status === prepared) return;
    isPreparing = true;
    try {
      for (const { prepare } of routes) await prepare?.();
      prepared = status;
    } catch {
      // The library does not answer now: the next check tries again, and requests get the reason.
    } finally {
      isPreparing = false;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
