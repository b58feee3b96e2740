import type { Metric } from 'prom-client';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { LibraryStatus } from '../core/library.js';
import { DurationHistogram } from './duration-histogram.js';

/** What tells the counted requests apart. */
export interface Counted {
  readonly protocol: string;
  readonly status: number;
  readonly outcome: string;
  /** How the answers were found, or why they were not, divided by blanks. */
  readonly matchKinds: string;
  readonly cache: string;
}

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** What is added up for requests of one kind; the counters are filled from it when they are scraped. */
export interface Tally {
  readonly counted: Counted;
  requests: number;
  count: (seconds: number) => void;
}

/** What a server that we ask tells of itself. */
export interface UpstreamTally {
  readonly counts: () => readonly { operation: string; outcome: string; calls: number }[];
  readonly breakerState: () => (typeof BREAKER_STATES)[number];
}

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

function registerUpstream(upstream: UpstreamTally, registry: Registry): void {
  const registers = [registry];
  new Counter({
    name: 'upstream_calls_total',
    help: 'Questions to the terminology server by operation and how they ended',
    labelNames: ['operation', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { operation, outcome, calls } of upstream.counts()) this.inc({ operation, outcome }, calls);
    },
  });
  new Gauge({
    name: 'upstream_breaker_state',
    help: '1 for the state that the breaker before the terminology server is in',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of BREAKER_STATES) this.set({ state }, upstream.breakerState() === state ? 1 : 0);
    },
  });
}

/** Counts requests by protocol and outcome; never by anything that a request names. */
export class Metrics {
  readonly registry = new Registry();
  readonly #durations = new DurationHistogram(
    'http_request_duration_seconds',
    'Time from the request line to the last byte handed to the system',
    BUCKETS_SECONDS,
  );
  readonly #tallies = new Map<string, Tally>();

  /** @param upstream the terminology server that is asked, where one is */
  constructor(status: () => LibraryStatus, upstream?: UpstreamTally) {
    const registers = [this.registry];
    const tallies = this.#tallies;
    collectDefaultMetrics({ register: this.registry });
    this.registry.registerMetric(this.#durations as unknown as Metric);
    new Counter({
      name: 'answers_total',
      help: 'Requests by protocol and outcome',
      labelNames: ['protocol', 'outcome'],
      registers,
      collect() {
        this.reset();
        for (const { counted, requests } of tallies.values()) {
          const { protocol, outcome } = counted;
          this.inc({ protocol, outcome }, requests);
        }
      },
    });
    new Counter({
      name: 'matches_total',
      help: 'Answers by how they were found, or why they were not',
      labelNames: ['kind'],
      registers,
      collect() {
        this.reset();
        for (const { counted, requests } of tallies.values()) {
          for (const kind of counted.matchKinds.split(' ')) if (kind !== '') this.inc({ kind }, requests);
        }
      },
    });
    if (upstream) registerUpstream(upstream, this.registry);
    new Gauge({
      name: 'library_info',
      help: 'The active library release',
      labelNames: ['release'],
      registers,
      collect() {
        this.reset();
        this.set({ release: status().release }, 1);
      },
    });
  }

  /** The tally of requests of one kind, the same for the same kind. */
  tallyOf({ protocol, status, outcome, matchKinds, cache }: Counted): Tally {
    const key = `${protocol} ${status} ${outcome} ${cache} ${matchKinds}`;
    const known = this.#tallies.get(key);
    if (known) return known;
    const observe = this.#durations.series({ protocol, status: String(status), cache });
    const tally: Tally = {
      counted: { protocol, status, outcome, matchKinds, cache },
      requests: 0,
      count: (seconds) => {
        observe(seconds);
        tally.requests += 1;
      },
    };
    this.#tallies.set(key, tally);
    return tally;
  }
}
