import type { Config } from './config/config.js';
import { listAddresses } from './config/ehrs.js';
import { RequestError } from './core/errors.js';
import { findGivenBefore } from './core/handing-over/given-before.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import type { MetricReaders } from './edge/observe/read-metric.js';
import { CardFeedbackCounts } from './protocols/cds-hooks/card-feedback.js';
import type { CardState } from './protocols/cds-hooks/answer-hook.js';
import type { CardMemory } from './protocols/cds-hooks/card-memory.js';
import { cdsHooksRoutes } from './protocols/cds-hooks/router.js';
import { readWholeChart } from './protocols/fhir/knowledge-request/read-whole-chart.js';
import { normalizeBase } from './protocols/literal-reference.js';
import type { Route } from './protocols/route.js';
import type { EhrClient } from './upstream/ehr-client.js';
import type { PageOptions } from './web/page-context.js';

/** Entries of a patient that are read for a card, the newest ones. */
const MOST_ENTRIES = 100;

interface CardParts {
  readonly memory: CardMemory;
  readonly state: CardState;
  /** Whether an EHR can launch us. */
  readonly canLaunch: boolean;
}

/** Finds the articles that the patient of a call has received, if one of our EHRs calls. */
function createGivenFinder({ ehrs }: Config, record: HandedOverRecord | undefined): CardState['findGiven'] {
  return async ({ fhirServer, patientId, encounterId }, now) => {
    const base = fhirServer === undefined ? undefined : normalizeBase(fhirServer);
    const ehr = ehrs.find(({ iss }) => normalizeBase(iss) === base);
    if (!record || !ehr) return new Map();
    try {
      const entries = await record.list({ patient: { ehr: listAddresses(ehr), id: patientId } }, MOST_ENTRIES);
      return findGivenBefore(entries, encounterId, now);
    } catch (error) {
      // The card is shown if the database is unavailable.
      if (error instanceof RequestError) return new Map();
      throw error;
    }
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
): CardState => ({
  findGiven: createGivenFinder(config, record),
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
