import type { Config } from './config/config.js';
import type { MetricReaders } from './edge/observe/read-metric.js';
import { LIMITS } from './limits.js';
import { CardFeedbackCounts } from './protocols/cds-hooks/card-feedback.js';
import { CardMemory } from './protocols/cds-hooks/card-memory.js';
import { cdsHooksRoutes } from './protocols/cds-hooks/router.js';
import { readWholeChart } from './protocols/fhir/knowledge-request/read-whole-chart.js';
import type { Route } from './protocols/route.js';
import type { EhrClient } from './upstream/ehr-client.js';
import type { PageOptions } from './web/page-context.js';

/** Creates the routes of CDS Hooks from the reader of charts and the client of an EHR's server, and the reader of their counter. */
export function createCdsHooks(
  config: Config,
  web: PageOptions,
  client: EhrClient,
): { routes: Route[]; metrics: MetricReaders } {
  const { cdsHooks, ehrs, timeZone } = config;
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
    memory: new CardMemory(LIMITS),
    counts,
    queue: web.feedback,
    smartLink: ehrs.length === 0 ? undefined : (baseUrl) => ({ url: `${baseUrl}/launch`, appContext: 'handout' }),
  });
  return { routes, metrics: { cds_hooks_feedback_total: counts.read } };
}
