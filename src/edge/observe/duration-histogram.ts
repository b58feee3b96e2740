import { flatMap } from '../../core/flat-map.js';

/** The same shape that prom-client's registry reads from its own metrics. */
interface MetricValue {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: Uint32Array;
  sum: number;
}

/**
 * A Prometheus histogram whose observations cost two additions. prom-client's own hashes its labels at every
 * observation, which would be a fifth of a cached answer's whole time; the registry reads this one just the same.
 */
export class DurationHistogram {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Series>();

  /** @param bounds upper bounds of the buckets in seconds, rising */
  constructor(
    readonly name: string,
    readonly help: string,
    bounds: readonly number[],
  ) {
    this.#bounds = bounds;
  }

  /** The function that observes one series, in seconds. */
  series(labels: Readonly<Record<string, string>>): (seconds: number) => void {
    const key = JSON.stringify(labels);
    const series = this.#series.get(key) ?? { labels, counts: new Uint32Array(this.#bounds.length + 1), sum: 0 };
    this.#series.set(key, series);
    const bounds = this.#bounds;
    return (seconds) => {
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] ?? Infinity)) bucket += 1;
      series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
      series.sum += seconds;
    };
  }

  /** What the registry prints: buckets count from the lowest up, as Prometheus has it. */
  get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    return Promise.resolve({
      name,
      help,
      type,
      aggregator,
      values: flatMap([...this.#series.values()], (series) => this.#listValues(series)),
    });
  }

  #listValues({ labels, counts, sum }: Series): MetricValue[] {
    let total = 0;
    const buckets = [...counts].map((count, index): MetricValue => {
      total += count;
      const le = this.#bounds[index] ?? '+Inf';
      return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: total },
    ];
  }

  /** Part of the interface of a metric. */
  reset(): void {
    for (const series of this.#series.values()) {
      series.counts.fill(0);
      series.sum = 0;
    }
  }
}
