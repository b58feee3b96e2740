import { Counter, Gauge, type Registry } from 'prom-client';

/** One series as it stands now: its labels and its value. */
export type Reading<Label extends string = string> = readonly [Readonly<Record<Label, string>>, number];

export interface ReadMetric<Label extends string> {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
  /** Called at every scrape; readings of the same labels are added up. */
  readonly read: () => readonly Reading<Label>[] | Promise<readonly Reading<Label>[]>;
}

/**
 * Registers a metric whose numbers are read at each scrape: counting costs a request nothing, and a series that is no
 * longer read disappears.
 */
export function registerRead<Label extends string>(registry: Registry, metric: ReadMetric<Label>): void {
  const { kind, name, help, labels, read } = metric;
  const Metric = kind === 'counter' ? Counter : Gauge;
  new Metric<Label>({
    name,
    help,
    labelNames: labels,
    registers: [registry],
    async collect() {
      const readings = await read();
      // From here on nothing is waited for: two scrapes at once do not add to each other.
      this.reset();
      // Of a metric without labels that leaves a series at 0.
      if (readings.length === 0 && labels.length === 0) this.remove();
      for (const [own, value] of readings) this.inc(own, value);
    },
  });
}
