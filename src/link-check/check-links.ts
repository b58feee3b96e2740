import { groupBy } from '../core/group-by.js';
import type { TextAddress } from '../library/link-checks.js';
import type { LinkReport } from './link-report.js';
import { visitPage, type VisitOptions } from './visit-page.js';

/** The clock functions for pacing. */
export interface Timing {
  /** Milliseconds from any origin. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Concurrent requests over all hosts. */
const CONCURRENT_VISITS = 2;

export interface LinkCheckOptions extends Pick<VisitOptions, 'userAgent' | 'timeoutMs' | 'maxHops' | 'maxBytes'> {
  /** Pause between two requests to one host. */
  readonly delayMs: number;
  /** Maximum addresses to visit; undefined: all. */
  readonly limit: number | undefined;
  readonly timing: Timing;
  readonly today: () => string;
  /** Called with the number of addresses to visit. */
  readonly onStart: (addresses: number) => void;
  /** Called for each visited address. */
  readonly onVisit: () => void;
}

/** Spaces out requests to one host across all workers. */
function createPace({ delayMs, timing }: LinkCheckOptions): Pick<VisitOptions, 'waitTurn' | 'pause'> {
  const nextAt = new Map<string, number>();
  return {
    waitTurn: async (host) => {
      const now = timing.now();
      const at = Math.max(now, nextAt.get(host) ?? now);
      nextAt.set(host, at + delayMs);
      if (at > now) await timing.sleep(at - now);
    },
    // Requests that already have their turn are not affected.
    pause: (host, ms) => {
      nextAt.set(host, Math.max(timing.now() + ms, nextAt.get(host) ?? 0));
    },
  };
}

/**
 * Visits the addresses of texts that are missing in the report, and records the results. Only hosts named by the texts
 * themselves are contacted.
 */
export async function checkLinks(
  texts: readonly TextAddress[],
  report: LinkReport,
  options: LinkCheckOptions,
): Promise<void> {
  const hosts = new Set(texts.flatMap(({ url }) => (URL.canParse(url) ? new URL(url).host : [])));
  const visit = { ...options, ...createPace(options), isAllowed: (host: string) => hosts.has(host) };
  const unseen = texts.filter((text) => !report.has(text));
  const waiting = [...groupBy(unseen, ({ url }) => url)].slice(0, options.limit);
  options.onStart(waiting.length);
  const next = waiting.values();
  const visitAll = async (): Promise<void> => {
    // The workers share one iterator, so each address is visited once.
    for (const [url, ofUrl] of next) {
      const visited = await visitPage(url, visit);
      for (const text of ofUrl) report.add({ ...text, ...visited, checkedOn: options.today() });
      options.onVisit();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_VISITS }, visitAll));
}
