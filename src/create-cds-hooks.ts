import type { Config } from './config/config.js';
import { listAddresses, type Ehr } from './config/ehrs.js';
import { RequestError } from './core/errors.js';
import { findGivenBefore, findGivenInChart } from './core/handing-over/given-before.js';
import type { HandedOverRecord, RecordedEntry } from './core/handing-over/record.js';
import { LIMITS } from './limits.js';
import type { MetricReaders } from './edge/observe/read-metric.js';
import { CardFeedbackCounts } from './protocols/cds-hooks/card-feedback.js';
import type { CardState, GivenCaller } from './protocols/cds-hooks/answer-hook.js';
import type { CardMemory } from './protocols/cds-hooks/card-memory.js';
import { cdsHooksRoutes } from './protocols/cds-hooks/router.js';
import { readWholeChart } from './protocols/fhir/knowledge-request/read-whole-chart.js';
import { normalizeBase } from './protocols/literal-reference.js';
import type { Route } from './protocols/route.js';
import type { EhrClient } from './upstream/ehr-client.js';
import { EhrReader } from './upstream/ehr-reader.js';
import { readHandovers } from './upstream/write-back/read-handovers.js';
import type { PageOptions } from './web/page-context.js';

/** Entries of a patient that are read for a card, the newest ones. */
const MOST_ENTRIES = 100;

interface CardParts {
  readonly memory: CardMemory;
  readonly state: CardState;
  /** Whether an EHR can launch us. */
  readonly canLaunch: boolean;
}

/** Lists the entries of the patient of a call; none if the database is unavailable: the card is shown then. */
async function listEntries(
  record: HandedOverRecord | undefined,
  ehr: Ehr,
  patientId: string,
): Promise<readonly RecordedEntry[]> {
  try {
    return (await record?.list({ patient: { ehr: listAddresses(ehr), id: patientId } }, MOST_ENTRIES)) ?? [];
  } catch (error) {
    if (error instanceof RequestError) return [];
    throw error;
  }
}

/** Creates what finds the articles that the patient of a call has received, if one of our EHRs calls. */
function createGivenFinder(
  { ehrs, cdsHooks }: Config,
  record: HandedOverRecord | undefined,
  client: Pick<EhrClient, 'read'>,
): CardState['findGiven'] {
  /** Reads the chart's own resources, where the token of the call may, and its server is listed. */
  const readInChart = async ({ iss, writeBack }: Ehr, { patientId, accessToken: token, scopes }: GivenCaller) => {
    const base = cdsHooks.fhirServers.find((one) => one === normalizeBase(iss));
    if (base === undefined || token === undefined) return [];
    const signal = AbortSignal.timeout(LIMITS.cardHandoversMs);
    const reader = new EhrReader({ client, base, token, signal, inFlight: undefined });
    return readHandovers(reader, { base, patientId, scopes, types: writeBack });
  };
  return async (caller, articles, now) => {
    const { fhirServer, patientId, encounterId } = caller;
    const base = fhirServer === undefined ? undefined : normalizeBase(fhirServer);
    const ehr = ehrs.find(({ iss }) => normalizeBase(iss) === base);
    if (!ehr) return new Map();
    const [entries, inChart] = await Promise.all([listEntries(record, ehr, patientId), readInChart(ehr, caller)]);
    const read = findGivenInChart(inChart, articles, encounterId, now);
    return new Map([...read, ...findGivenBefore(entries, encounterId, now)]);
  };
}

/**
 * Creates the state of cards from what this process remembers.
 * @param record the record of handed-over articles; undefined: nothing is recorded
 */
export const createCardState = (
  config: Config,
  memory: CardMemory,
  record: HandedOverRecord | undefined,
  client: Pick<EhrClient, 'read'>,
): CardState => ({
  findGiven: createGivenFinder(config, record, client),
  findOpen: async (caller, articles, now) => {
    const open = memory.findOpen(
      caller,
      articles.map((id) => ({ id })),
      now,
    );
    return open.map(({ id }) => id);
  },
  remember: async (hook, linked, caller, now) => memory.remember(hook, linked, caller, now),
});

/** Creates the routes of CDS Hooks from the reader of charts and the client of an EHR's server, and the reader of their counter. */
export function createCdsHooks(
  config: Config,
  web: PageOptions,
  client: Pick<EhrClient, 'read'>,
  { memory, state, canLaunch }: CardParts,
): { routes: Route[]; metrics: MetricReaders } {
  const { cdsHooks, timeZone } = config;
  const counts = new CardFeedbackCounts();
  const routes = cdsHooksRoutes({
    ...config,
    ...web,
    hooks: cdsHooks.hooks,
    thresholds: config.chartThresholds,
    readResources: (resources, reading) => {
      const rules = { includeInactive: false, asksDoubtful: false, isChart: true };
      return readWholeChart(resources, { ...rules, ...reading }, timeZone);
    },
    fetching: { client, allowed: cdsHooks.fhirServers },
    memory,
    state,
    counts,
    queue: web.feedback,
    smartLink: canLaunch ? (baseUrl) => ({ url: `${baseUrl}/launch` }) : undefined,
  });
  return { routes, metrics: { cds_hooks_feedback_total: counts.read } };
}
