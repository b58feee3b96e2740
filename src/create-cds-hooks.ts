import type { Registry } from 'prom-client';
import type { Config } from './config/config.js';
import type { Elsewhere } from './core/answer/elsewhere.js';
import type { FeedbackQueue } from './core/evaluation/feedback.js';
import type { Library } from './core/model/library.js';
import { registerRead } from './edge/observe/read-metric.js';
import { LIMITS } from './limits.js';
import { CardFeedbackCounts } from './protocols/cds-hooks/card-feedback.js';
import { CardMemory } from './protocols/cds-hooks/card-memory.js';
import { cdsHooksRoutes } from './protocols/cds-hooks/router.js';
import { readWholeChart } from './protocols/fhir/knowledge-request/read-whole-chart.js';
import type { Route } from './protocols/route.js';
import type { Texts } from './texts.js';
import type { EhrClient } from './upstream/ehr-client.js';

interface CdsHooksParts {
  readonly config: Config;
  readonly library: Library;
  readonly elsewhere: Elsewhere | undefined;
  readonly queue: FeedbackQueue | undefined;
  readonly texts: Texts;
  readonly client: EhrClient;
}

/** What CDS Hooks answers, put together from the chart's reader of FHIR and an EHR's server, and what registers its counter. */
export function createCdsHooks({ config, library, elsewhere, queue, texts, client }: CdsHooksParts): {
  routes: Route[];
  register: (registry: Registry) => void;
} {
  const { cdsHooks, connectorName, canonicalBase, maxArticles, chartThresholds: thresholds, timeZone } = config;
  const counts = new CardFeedbackCounts();
  const routes = cdsHooksRoutes({
    hooks: cdsHooks.hooks,
    library,
    elsewhere,
    texts,
    connectorName,
    canonicalBase,
    maxArticles,
    thresholds,
    readResources: (resources, reading) => {
      const rules = { includeInactive: false, asksDoubtful: false, isChart: true };
      return readWholeChart(resources, { ...rules, ...reading }, timeZone);
    },
    fetching: { client, allowed: cdsHooks.fhirServers },
    memory: new CardMemory(LIMITS),
    counts,
    queue,
    ...(config.ehrs.length === 0
      ? {}
      : { smartLink: (baseUrl: string) => ({ url: `${baseUrl}/launch`, appContext: 'handout' }) }),
  });
  const register = (registry: Registry): void => {
    registerRead(registry, {
      kind: 'counter',
      name: 'cds_hooks_feedback_total',
      help: 'Feedback of EHR users on cards: accepted, or overridden with the reason',
      labels: ['hook', 'outcome', 'reason'],
      read: counts.read,
    });
  };
  return { routes, register };
}
