import { Counter, Gauge, type Registry } from 'prom-client';
import { readDataFile } from '../../core/read-data-file.js';

/** One series as it stands now: its labels and its value. */
export type Reading = readonly [Readonly<Record<string, string>>, number];

export interface ReadMetric {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Called at every scrape; readings of the same labels are added up. */
  readonly read: () => readonly Reading[] | Promise<readonly Reading[]>;
}

/** What reads each metric, by the names of resources/metrics.yaml. */
export type MetricReaders = Readonly<Record<string, ReadMetric['read']>>;

const METRICS = readDataFile('metrics.yaml') as Readonly<
  Record<string, { readonly counter?: string; readonly gauge?: string; readonly labels?: string }>
>;

/** A value without labels. */
export const one = (value: number): Reading[] => [[{}, value]];

/**
 * Registers a metric whose numbers are read at each scrape: counting costs a request nothing, and a series that is no
 * longer read disappears.
 */
export function registerRead(registry: Registry, { kind, name, help, labels, read }: ReadMetric): void {
  const Metric = kind === 'counter' ? Counter : Gauge;
  new Metric({
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

/** Registers metrics of resources/metrics.yaml. @throws RangeError for a name that the file lacks */
export function registerMetrics(registry: Registry, readers: MetricReaders): void {
  for (const [name, read] of Object.entries(readers)) {
    const { counter, gauge, labels } = METRICS[name] ?? {};
    const help = counter ?? gauge;
    if (help === undefined) throw new RangeError(`no metric ${name}`);
    registerRead(registry, { kind: counter ? 'counter' : 'gauge', name, help, labels: labels?.split(' ') ?? [], read });
  }
}
