import { Histogram, Registry, collectDefaultMetrics, type Metric } from 'prom-client';
import { registerParts, type Parts } from './part-metrics.js';
import { registerMetrics, type MetricReading } from './read-metric.js';

/** Labels of a counted request. */
export interface Counted {
  readonly protocol: string;
  readonly status: number;
  readonly outcome: string;
  /** How the answers were found, or why they were not, divided by blanks. */
  readonly matchKinds: string;
  readonly cache: 'hit' | 'miss' | 'off';
}

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5];

/** Sums over requests of one kind; the counters are filled from it when they are scraped. */
export interface Tally {
  readonly counted: Counted;
  requests: number;
  readonly durations: { observe(seconds: number): void };
}

let ofProcess: Registry | undefined;

/** Metrics of the process. Its servers share these collectors: they cannot be removed when one of the servers ends. */
function processMetrics(): readonly Metric[] {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess.getMetricsAsArray() as unknown as Metric[];
}

/**
 * Counts requests by protocol and outcome, and tells how the library, the cache and the other server are; never by anything that
 * a request names: every label's values are in a table of ours.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the last byte handed to the system',
    buckets: BUCKETS_SECONDS,
    labelNames: ['protocol', 'outcome', 'status', 'cache'],
    registers: [this.registry],
  });
  readonly #tallies = new Map<string, Tally>();

  constructor(parts: Parts) {
    for (const metric of processMetrics()) this.registry.registerMetric(metric);
    registerMetrics(this.registry, {
      answers_total: this.#countBy(({ protocol, outcome }) => [{ protocol, outcome }]),
      matches_total: this.#countBy(({ matchKinds }) =>
        matchKinds.split(' ').flatMap((kind) => (kind === '' ? [] : [{ kind }])),
      ),
      answer_cache_requests_total: this.#countBy(({ cache: result }) => [{ result }]),
    });
    registerParts(parts, this.registry);
  }

  /** The tally of requests of one kind, the same for the same kind. */
  findTally({ protocol, status, outcome, matchKinds, cache }: Counted): Tally {
    const key = `${protocol} ${status} ${outcome} ${cache} ${matchKinds}`;
    const known = this.#tallies.get(key);
    if (known) return known;
    const durations = this.#durations.labels({ protocol, outcome, status: String(status), cache });
    const tally: Tally = { counted: { protocol, status, outcome, matchKinds, cache }, requests: 0, durations };
    this.#tallies.set(key, tally);
    return tally;
  }

  /** Reads a counter from the tallies. @param buildLabels the series that a kind of request counts in */
  #countBy(buildLabels: (counted: Counted) => readonly MetricReading[0][]): () => MetricReading[] {
    return () =>
      [...this.#tallies.values()].flatMap(({ counted, requests }) =>
        buildLabels(counted).map((own): MetricReading => [own, requests]),
      );
  }
}
