import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { LibraryStatus } from '../core/library.js';

/** One finished request, as the counters and the log see it. */
export interface Finished {
  readonly protocol: string;
  readonly status: number;
  readonly outcome: string;
  readonly matchKinds: readonly string[];
  readonly cache: 'hit' | 'miss' | 'off';
  readonly seconds: number;
}

const BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Counts requests by protocol and outcome; never by anything that a request names. */
export class Metrics {
  readonly registry = new Registry();
  readonly #duration: Histogram<'protocol' | 'status' | 'cache'>;
  readonly #answers: Counter<'protocol' | 'outcome'>;
  readonly #matches: Counter<'kind'>;
  /** Label combinations already bound: looking them up anew costs more than counting. */
  readonly #bound = new Map<string, { duration: Histogram.Internal<string>; answers: Counter.Internal }>();

  constructor(status: () => LibraryStatus) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request line to the last byte handed to the system',
      labelNames: ['protocol', 'status', 'cache'],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.#answers = new Counter({
      name: 'answers_total',
      help: 'Requests by protocol and outcome',
      labelNames: ['protocol', 'outcome'],
      registers,
    });
    this.#matches = new Counter({
      name: 'matches_total',
      help: 'Answers by how they were found, or why they were not',
      labelNames: ['kind'],
      registers,
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

  count({ protocol, status, outcome, matchKinds, cache, seconds }: Finished): void {
    const key = `${protocol} ${status} ${outcome} ${cache}`;
    let bound = this.#bound.get(key);
    if (!bound) {
      bound = {
        duration: this.#duration.labels({ protocol, status: String(status), cache }),
        answers: this.#answers.labels({ protocol, outcome }),
      };
      this.#bound.set(key, bound);
    }
    bound.duration.observe(seconds);
    bound.answers.inc();
    for (const kind of matchKinds) this.#matches.inc({ kind });
  }
}
