import { groupBy } from '../core/group-by.js';
import type { TextAddress } from '../library/link-checks.js';
import { HostPace, type Timing } from './host-pace.js';
import type { LinkReport } from './link-report.js';
import { visitPage, type VisitOptions } from './visit-page.js';

/** Concurrent requests over all hosts. */
const CONCURRENT_VISITS = 2;

export interface CheckOptions extends Pick<VisitOptions, 'userAgent' | 'timeoutMs' | 'maxHops' | 'maxBytes'> {
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

/**
 * Visits the addresses of texts that are missing in the report, and records the results. Only hosts named by the texts
 * themselves are contacted.
 */
export async function checkLinks(
  texts: readonly TextAddress[],
  report: LinkReport,
  options: CheckOptions,
): Promise<void> {
  const hosts = new Set(texts.flatMap(({ url }) => (URL.canParse(url) ? new URL(url).host : [])));
  const pace = new HostPace(options.delayMs, options.timing);
  const visit = {
    ...options,
    isAllowed: (host: string) => hosts.has(host),
    waitTurn: (host: string) => pace.waitForTurn(host),
    pause: (host: string, ms: number) => {
      pace.pause(host, ms);
    },
  };
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
