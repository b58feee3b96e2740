import { Counter, Gauge, type Registry } from 'prom-client';
import { readDataFile } from '../../core/read-data-file.js';
import { findOwn } from '../../core/find-own.js';

/** One series as it stands now: its labels and its value. */
export type MetricReading = readonly [Readonly<Record<string, string>>, number];

/** Called at every scrape; readings of the same labels are added up. */
type ReadMetric = () => readonly MetricReading[] | Promise<readonly MetricReading[]>;

/** Readers of the metrics, by the names of resources/metrics.yaml. */
export type MetricReaders = Readonly<Record<string, ReadMetric>>;

const METRICS = readDataFile('metrics.yaml') as Readonly<
  Record<string, { readonly counter?: string; readonly gauge?: string; readonly labels?: string }>
>;

/** A value without labels. */
export const one = (value: number): MetricReading[] => [[{}, value]];

/** @throws RangeError for a name that resources/metrics.yaml lacks */
function registerMetric(registry: Registry, name: string, read: ReadMetric): void {
  const { counter, gauge, labels } = findOwn(METRICS, name) ?? {};
  const help = counter ?? gauge;
  if (help === undefined) throw new RangeError(`no metric ${name}`);
  const labelNames = labels?.split(' ') ?? [];
  new (counter ? Counter : Gauge)({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      const readings = await read();
      // From here on nothing is waited for: two scrapes at once do not add to each other.
      this.reset();
      // Of a metric without labels that leaves a series at 0.
      if (readings.length === 0 && labelNames.length === 0) this.remove();
      for (const [own, value] of readings) this.inc(own, value);
    },
  });
}

/**
 * Registers metrics of resources/metrics.yaml, whose numbers are read at each scrape: counting costs a request nothing, and a
 * series that is no longer read disappears.
 */
export function registerMetrics(registry: Registry, readers: MetricReaders): void {
  for (const [name, read] of Object.entries(readers)) registerMetric(registry, name, read);
}
