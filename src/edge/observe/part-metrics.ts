import type { Registry } from 'prom-client';
import type { DatabaseConnections, Library } from '../../core/model/library.js';
import type { AnswerCache } from '../answers/answer-cache.js';
import type { MemoryBudget } from '../memory-budget.js';
import { registerRead, type ReadMetric, type Reading } from './read-metric.js';

/** What a server that we ask tells of itself. */
export interface UpstreamTally {
  readonly counts: () => readonly { operation: string; outcome: string; calls: number; seconds: number }[];
  readonly breakerState: () => (typeof BREAKER_STATES)[number];
}

/** The parts of the server whose state metrics report. */
export interface Parts {
  readonly library: Pick<Library, 'status' | 'ready' | 'connections' | 'storeLag'>;
  readonly cache: Pick<AnswerCache, 'usage'>;
  readonly memory: Pick<MemoryBudget, 'held'>;
  /** The terminology server's client, if one is configured. */
  readonly upstream?: UpstreamTally | undefined;
}

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

/** A metric as a table has it: without its kind a gauge. */
type Row = Omit<ReadMetric<string>, 'kind' | 'labels'> & Partial<Pick<ReadMetric<string>, 'kind' | 'labels'>>;

/** A value without labels. */
const one = (value: number): Reading[] => [[{}, value]];

const libraryMetrics = (library: Parts['library']): Row[] => [
  {
    name: 'library_info',
    help: 'The active releases, all in one name, as answers tell it in X-Library-Release',
    labels: ['release'],
    read: () => [[{ release: library.status().release }, 1]],
  },
  {
    name: 'library_release_info',
    help: 'The active release of each source',
    labels: ['layer', 'source', 'release'],
    read: () => library.status().releases.map(({ layer, source, name }) => [{ layer, source, release: name }, 1]),
  },
  {
    name: 'library_held',
    help: 'What the library gives: articles, mapping rows',
    labels: ['thing'],
    read: () => {
      const { articles, mappings } = library.status();
      return Object.entries({ articles, mappings }).map(([thing, count]) => [{ thing }, count]);
    },
  },
  {
    name: 'library_ready',
    help: '1 while requests can be answered',
    read: async () => one((await library.ready()) ? 1 : 0),
  },
  {
    name: 'library_store_lag_seconds',
    help: 'For how long the library’s database has been away, or could not be copied; 0 while what it holds is served',
    read: () => {
      const lag = library.storeLag?.();
      return one(lag ? (Date.now() - lag.since.getTime()) / 1000 : 0);
    },
  },
];

/** Read at every scrape: a file needs no connections, and a library that is not open yet has none. */
const connectionMetrics = (library: Parts['library']): Row[] => {
  const read = (toReadings: (held: DatabaseConnections) => Reading[]) => (): Reading[] => {
    const held = library.connections?.();
    return held ? toReadings(held) : [];
  };
  return [
    {
      name: 'database_connections',
      help: 'Connections to the library’s database by what they do',
      labels: ['state'],
      read: read(({ busy, idle }) => Object.entries({ busy, idle }).map(([state, count]) => [{ state }, count])),
    },
    {
      name: 'database_connections_limit',
      help: 'Most connections of this process (DATABASE_MAX_CONNECTIONS)',
      read: read(({ most }) => one(most)),
    },
    {
      name: 'database_waiting',
      help: 'Statements that wait for a connection',
      read: read(({ waiting }) => one(waiting)),
    },
  ];
};

const ownMetrics = ({ cache, memory }: Parts): Row[] => [
  { name: 'answer_cache_answers', help: 'Answers that are kept', read: () => one(cache.usage().answers) },
  { name: 'answer_cache_bytes', help: 'What they weigh of CACHE_MAX_BYTES', read: () => one(cache.usage().bytes) },
  {
    name: 'in_flight_bytes',
    help: 'Bytes of bodies and answers in flight, of which the process holds so many at most',
    read: () => one(memory.held),
  },
];

const upstreamMetrics = (upstream: UpstreamTally): Row[] => [
  {
    kind: 'counter',
    name: 'upstream_calls_total',
    help: 'Questions to the terminology server by operation and how they ended',
    labels: ['operation', 'outcome'],
    read: () => upstream.counts().map(({ operation, outcome, calls }) => [{ operation, outcome }, calls]),
  },
  {
    kind: 'counter',
    name: 'upstream_call_seconds_total',
    help: 'How long these took, waiting for their turn and retries included',
    labels: ['operation', 'outcome'],
    read: () => upstream.counts().map(({ operation, outcome, seconds }) => [{ operation, outcome }, seconds]),
  },
  {
    name: 'upstream_breaker_state',
    help: '1 for the state that the breaker before the terminology server is in',
    labels: ['state'],
    read: () => BREAKER_STATES.map((state) => [{ state }, upstream.breakerState() === state ? 1 : 0]),
  },
];

/** Registers the metrics of the server's parts. */
export function registerParts(parts: Parts, registry: Registry): void {
  const rows = [
    ...libraryMetrics(parts.library),
    ...connectionMetrics(parts.library),
    ...ownMetrics(parts),
    ...(parts.upstream ? upstreamMetrics(parts.upstream) : []),
  ];
  for (const row of rows) registerRead<string>(registry, { kind: 'gauge', labels: [], ...row });
}
