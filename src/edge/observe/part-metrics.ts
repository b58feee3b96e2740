import type { Registry } from 'prom-client';
import type { DatabaseConnections, ManagedLibrary } from '../../core/model/library.js';
import { listSourceAges } from '../../core/sources/source-ages.js';
import type { AnswerCache } from '../answers/answer-cache.js';
import type { MemoryBudget } from '../memory-budget.js';
import { one, registerMetrics, type MetricReaders, type MetricReading } from './read-metric.js';

/** The state of our client of another server. */
export interface UpstreamTally {
  readonly counts: () => readonly { operation: string; outcome: string; calls: number; seconds: number }[];
  readonly breakerState: () => (typeof BREAKER_STATES)[number];
}

/** The parts of the server whose state metrics report. */
export interface Parts {
  readonly library: Pick<ManagedLibrary, 'status' | 'ready' | 'connections' | 'storeLag'>;
  readonly cache: Pick<AnswerCache, 'usage'>;
  readonly memory: Pick<MemoryBudget, 'held'>;
  readonly clock: () => Date;
  /** The terminology server's client, if one is configured. */
  readonly upstream?: UpstreamTally | undefined;
}

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

const toDay = (at: Date): string => at.toISOString().slice(0, 10);

const readLibrary = (library: Parts['library'], clock: Parts['clock']): MetricReaders => ({
  library_info: () => [[{ release: library.status().release }, 1]],
  library_release_info: () =>
    library.status().releases.map(({ layer, source, name }) => [{ layer, source, release: name }, 1]),
  library_held: () => {
    const { articles, mappings, texts } = library.status();
    const held = { articles, mappings, texts: texts.reduce((sum, { count }) => sum + count, 0) };
    return Object.entries(held).map(([thing, count]) => [{ thing }, count]);
  },
  library_texts_timestamp_seconds: () => {
    const { texts } = library.status();
    const [oldest, newest] = [texts[0], texts.at(-1)];
    if (!oldest || !newest) return [];
    return Object.entries({ oldest, newest }).map(([which, { day }]) => [{ which }, Date.parse(day) / 1000]);
  },
  library_source_timestamp_seconds: () =>
    listSourceAges(library.status(), toDay(clock())).flatMap(({ source, date }): MetricReading[] =>
      date === undefined ? [] : [[{ source: source.id }, Date.parse(date) / 1000]],
    ),
  library_source_late: () =>
    listSourceAges(library.status(), toDay(clock())).map(({ source, isLate }) => [
      { source: source.id },
      isLate ? 1 : 0,
    ]),
  library_ready: async () => one((await library.ready()) ? 1 : 0),
  library_store_lag_seconds: () => {
    const lag = library.storeLag();
    return one(lag ? (Date.now() - lag.since.getTime()) / 1000 : 0);
  },
});

/** Read at every scrape: a file needs no connections, and a library that is not open yet has none. */
function readConnections(library: Parts['library']): MetricReaders {
  const read = (toReadings: (held: DatabaseConnections) => MetricReading[]) => (): MetricReading[] => {
    const held = library.connections();
    return held ? toReadings(held) : [];
  };
  return {
    database_connections: read(({ busy, idle }) =>
      Object.entries({ busy, idle }).map(([state, count]) => [{ state }, count]),
    ),
    database_connections_limit: read(({ most }) => one(most)),
    database_waiting: read(({ waiting }) => one(waiting)),
  };
}

const readUpstream = (upstream: UpstreamTally): MetricReaders => ({
  upstream_calls_total: () => upstream.counts().map(({ operation, outcome, calls }) => [{ operation, outcome }, calls]),
  upstream_call_seconds_total: () =>
    upstream.counts().map(({ operation, outcome, seconds }) => [{ operation, outcome }, seconds]),
  upstream_breaker_state: () => BREAKER_STATES.map((state) => [{ state }, upstream.breakerState() === state ? 1 : 0]),
});

/** Registers the metrics of the server's parts. */
export function registerParts({ library, cache, memory, upstream, clock }: Parts, registry: Registry): void {
  registerMetrics(registry, {
    ...readLibrary(library, clock),
    ...readConnections(library),
    answer_cache_answers: () => one(cache.usage().answers),
    answer_cache_bytes: () => one(cache.usage().bytes),
    in_flight_bytes: () => one(memory.held),
    ...(upstream ? readUpstream(upstream) : {}),
  });
}
