import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { listContradictions } from './config/contradictions.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import { one, type MetricReaders } from './edge/observe/read-metric.js';
import { readWholeChart } from './protocols/fhir/knowledge-request/read-whole-chart.js';
import type { Route } from './protocols/route.js';
import { LIMITS } from './limits.js';
import { orElse, type EhrClient } from './upstream/ehr-client.js';
import type { LaunchFailureReason } from './upstream/failures.js';
import type { SmartClient } from './upstream/smart/smart-client.js';
import { createEhrWriter, type EhrWriter } from './upstream/write-back/ehr-writer.js';
import { givenRoutes } from './web/launch/given-routes.js';
import { launchedRoutes } from './web/launch/launched-routes.js';
import type { LaunchOptions } from './web/launch/launch-options.js';
import { LaunchSessions } from './web/launch/sessions.js';
import { startRoutes } from './web/launch/start-routes.js';
import { WriteBackQueue } from './web/launch/delivery/write-back-queue.js';
import type { PageOptions } from './web/page-context.js';

/** Loads the SMART client with the first launch: most sites have none. */
function createSmartLoader({ version, ehrs, launchKey }: Config, writer: EhrWriter): () => Promise<SmartClient> {
  let client: SmartClient | undefined;
  // Without an answer in time all scopes are requested.
  const readAbilities = (base: string, now: Date) =>
    orElse(
      () => writer.abilities({ base, token: undefined }, now, LIMITS.ehrTimeoutMs),
      () => undefined,
    );
  return async () => {
    const { SmartClient: Client } = await import('./upstream/smart/smart-client.js');
    return (client ??= new Client(`EducationConnect/${version}`, ehrs, launchKey, readAbilities));
  };
}

/**
 * Creates the reader of the number of waiting entries: those of all instances, which a restart does not forget. A count is cached.
 * @param inMemory counts what this process will retry; the value where nothing is recorded
 */
function createWaitingCount(record: HandedOverRecord | undefined, inMemory: () => number, clock: () => Date) {
  let known = { count: 0, until: -Infinity };
  return async (): Promise<number> => {
    if (!record) return inMemory();
    const at = performance.now();
    if (at < known.until) return known.count;
    const from = new Date(clock().getTime() - LIMITS.writeBackCountedMs).toISOString();
    // The last number stands while the database is unavailable.
    const count = await record.countWaiting(from).catch(() => known.count);
    known = { count, until: at + LIMITS.writeBackCountMs };
    return count;
  };
}

/**
 * Creates the routes that EHRs launch from the SMART client, the reader of charts and the pages, and the readers of their counters.
 * @param record what was handed over; undefined: nothing is stored here
 * @param log undefined: nothing is logged
 */
export function createLaunch(
  config: Config,
  web: PageOptions,
  client: EhrClient,
  record: HandedOverRecord | undefined,
  log: Pick<Logger, 'info' | 'warn'> | undefined,
): { routes: Route[]; metrics: MetricReaders } {
  const { ehrs, timeZone } = config;
  /** Launches by how they ended. */
  const counts = new Map<LaunchFailureReason | 'ok', number>();
  for (const one of listContradictions(config)) log?.warn(one, 'settings contradict each other');
  for (const { iss, writeBack } of ehrs) {
    if (writeBack.length > 0 && !record)
      log?.info({ iss }, 'the chart alone holds what is handed over: without HANDED_OVER_OWNER nothing is stored here');
  }
  const queue = new WriteBackQueue();
  const writer = createEhrWriter(client);
  const options: LaunchOptions = {
    ...web,
    ehrs,
    smart: createSmartLoader(config, writer),
    client,
    sessions: new LaunchSessions(),
    // A clinician reviews the result, so facts in doubt are queried as well.
    readResources: (resources, reading) =>
      readWholeChart(resources, { asksDoubtful: true, isChart: true, ...reading }, timeZone),
    record,
    writer,
    queue,
    clock: () => new Date(),
    logFailure: (failure) => {
      const outcome = failure?.reason ?? 'ok';
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      // A session that ended by time is no fault.
      if (failure && failure.reason !== 'session-ended')
        log?.warn({ reason: failure.reason, detail: failure.detail }, 'launch failed');
    },
  };
  const writes = ehrs.some(({ writeBack }) => writeBack.length > 0);
  const countWaiting = createWaitingCount(writes ? record : undefined, () => queue.size, options.clock);
  const metrics: MetricReaders = {
    write_back_waiting: async () => one(await countWaiting()),
    smart_launches_total: () => [...counts].map(([outcome, count]) => [{ outcome }, count]),
  };
  return { routes: [...startRoutes(options), ...launchedRoutes(options), ...givenRoutes(options)], metrics };
}
