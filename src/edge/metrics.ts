import type { Metric } from 'prom-client';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { LibraryStatus } from '../core/library.js';
import { DurationHistogram } from './duration-histogram.js';

/** One finished request, as the counters and the log see it. */
export interface Finished {
  readonly protocol: string;
  readonly status: number;
  readonly outcome: string;
  /** How the answers were found, or why they were not, divided by blanks. */
  readonly matchKinds: string;
  readonly cache: 'hit' | 'miss' | 'off';
  readonly seconds: number;
}

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** What is added up between two scrapes for one combination of labels. */
interface Tally {
  readonly observe: (seconds: number) => void;
  readonly finished: Finished;
  requests: number;
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

  constructor(status: () => LibraryStatus) {
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
        for (const { finished, requests } of tallies.values()) {
          const { protocol, outcome } = finished;
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
        for (const { finished, requests } of tallies.values()) {
          for (const kind of finished.matchKinds.split(' ')) if (kind !== '') this.inc({ kind }, requests);
        }
      },
    });
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

  count(finished: Finished): void {
    const { protocol, status, outcome, matchKinds, cache, seconds } = finished;
    const key = `${protocol} ${status} ${outcome} ${cache} ${matchKinds}`;
    let tally = this.#tallies.get(key);
    if (!tally) {
      const observe = this.#durations.series({ protocol, status: String(status), cache });
      tally = { observe, finished, requests: 0 };
      this.#tallies.set(key, tally);
    }
    tally.observe(seconds);
    tally.requests += 1;
  }
}
