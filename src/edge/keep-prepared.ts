import type { Library, LibraryStatus } from '../core/model/library.js';
import type { Route } from '../protocols/route.js';

/**
 * Lets routes make ready what their answers need of a release, after the start and after each swap.
 * @param everyMs how often a swap is looked for; the first look comes as late, for whoever asks first goes first
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
      // The library does not answer now: the next look tries again, and whoever asks is told why.
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
