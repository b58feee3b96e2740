import type { Registry } from 'prom-client';
import type { DatabaseConnections, Library } from '../../core/model/library.js';
import type { AnswerCache } from '../answers/answer-cache.js';
import type { MemoryBudget } from '../memory-budget.js';
import type { Reading } from './read-metric.js';
import { registerRead } from './read-metric.js';

/** What a server that we ask tells of itself. */
export interface UpstreamTally {
  readonly counts: () => readonly { operation: string; outcome: string; calls: number; seconds: number }[];
  readonly breakerState: () => (typeof BREAKER_STATES)[number];
}

/** The parts of the server that are looked at when somebody asks how it is doing. */
export interface Parts {
  readonly library: Pick<Library, 'status' | 'ready' | 'connections' | 'storeLag'>;
  readonly cache: Pick<AnswerCache, 'usage'>;
  readonly memory: Pick<MemoryBudget, 'held'>;
  /** The terminology server that is asked, where one is. */
  readonly upstream?: UpstreamTally | undefined;
}

const BREAKER_STATES = ['closed', 'half-open', 'open'] as const;

function registerLibrary(library: Parts['library'], registry: Registry): void {
  registerRead(registry, {
    kind: 'gauge',
    name: 'library_info',
    help: 'The active releases, all in one name, as answers tell it in X-Library-Release',
    labels: ['release'],
    read: () => [[{ release: library.status().release }, 1]],
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'library_release_info',
    help: 'The active release of each source',
    labels: ['layer', 'source', 'release'],
    read: () =>
      library.status().releases.map(({ layer, source, name }) => [{ layer, source, release: name }, 1] as const),
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'library_held',
    help: 'What the library gives: articles, mapping rows',
    labels: ['thing'],
    read: () => {
      const { articles, mappings } = library.status();
      return [
        [{ thing: 'articles' }, articles],
        [{ thing: 'mappings' }, mappings],
      ];
    },
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'library_ready',
    help: '1 while requests can be answered',
    labels: [],
    read: async () => [[{}, (await library.ready()) ? 1 : 0]],
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'library_store_lag_seconds',
    help: 'For how long the library’s database has been away, or could not be copied; 0 while what it holds is served',
    labels: [],
    read: () => {
      const lag = library.storeLag?.();
      return [[{}, lag ? (Date.now() - lag.since.getTime()) / 1000 : 0]];
    },
  });
}

function registerConnections(library: Parts['library'], registry: Registry): void {
  // Asked at every scrape: a file needs no connections, and a library that is waited for has none until it is there.
  const tell = <Label extends string>(
    read: (connections: DatabaseConnections) => readonly Reading<Label>[],
  ): readonly Reading<Label>[] => {
    const connections = library.connections?.();
    return connections ? read(connections) : [];
  };
  registerRead(registry, {
    kind: 'gauge',
    name: 'database_connections',
    help: 'Connections to the library’s database by what they do',
    labels: ['state'],
    read: () =>
      tell(({ busy, idle }) => [
        [{ state: 'busy' }, busy],
        [{ state: 'idle' }, idle],
      ]),
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'database_connections_limit',
    help: 'Most connections of this process (DATABASE_MAX_CONNECTIONS)',
    labels: [],
    read: () => tell(({ most }) => [[{}, most]]),
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'database_waiting',
    help: 'Statements that wait for a connection',
    labels: [],
    read: () => tell(({ waiting }) => [[{}, waiting]]),
  });
}

function registerCache(cache: Parts['cache'], registry: Registry): void {
  registerRead(registry, {
    kind: 'gauge',
    name: 'answer_cache_answers',
    help: 'Answers that are kept',
    labels: [],
    read: () => [[{}, cache.usage().answers]],
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'answer_cache_bytes',
    help: 'What they weigh of CACHE_MAX_BYTES',
    labels: [],
    read: () => [[{}, cache.usage().bytes]],
  });
}

function registerMemory(memory: Parts['memory'], registry: Registry): void {
  registerRead(registry, {
    kind: 'gauge',
    name: 'in_flight_bytes',
    help: 'Bytes of bodies and answers in flight, of which the process holds so many at most',
    labels: [],
    read: () => [[{}, memory.held]],
  });
}

function registerUpstream(upstream: UpstreamTally, registry: Registry): void {
  registerRead(registry, {
    kind: 'counter',
    name: 'upstream_calls_total',
    help: 'Questions to the terminology server by operation and how they ended',
    labels: ['operation', 'outcome'],
    read: () => upstream.counts().map(({ operation, outcome, calls }) => [{ operation, outcome }, calls] as const),
  });
  registerRead(registry, {
    kind: 'counter',
    name: 'upstream_call_seconds_total',
    help: 'How long these took, waiting for their turn and retries included',
    labels: ['operation', 'outcome'],
    read: () => upstream.counts().map(({ operation, outcome, seconds }) => [{ operation, outcome }, seconds] as const),
  });
  registerRead(registry, {
    kind: 'gauge',
    name: 'upstream_breaker_state',
    help: '1 for the state that the breaker before the terminology server is in',
    labels: ['state'],
    read: () => BREAKER_STATES.map((state) => [{ state }, upstream.breakerState() === state ? 1 : 0] as const),
  });
}

/** Registers what the parts tell. */
export function registerParts({ library, cache, memory, upstream }: Parts, registry: Registry): void {
  registerLibrary(library, registry);
  registerConnections(library, registry);
  registerCache(cache, registry);
  registerMemory(memory, registry);
  if (upstream) registerUpstream(upstream, registry);
}
