import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { handoutsFolder } from './build/handouts.js';
import type { Config } from './config/config.js';
import type { FeedbackQueue } from './core/evaluation/feedback.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import { createCdsHooks } from './create-cds-hooks.js';
import { createChartReader } from './create-chart-reader.js';
import { createLaunch } from './create-launch.js';
import { LIMITS } from './limits.js';
import type { Route } from './protocols/route.js';
import { EhrClient } from './upstream/ehr-client.js';
import type { HandOverOptions } from './web/handout/hand-over-routes.js';
import { createHandoutOptions, handOverRoutes, listOptions } from './web/handout/hand-over-routes.js';
import type { ListRouteOptions } from './web/list/list-route.js';
import type { PageOptions } from './web/page-context.js';

interface HandOverParts {
  readonly config: Config;
  readonly web: PageOptions;
  readonly queue: FeedbackQueue | undefined;
  /** What was handed over; undefined: nothing is recorded. */
  readonly record: HandedOverRecord | undefined;
  /** Undefined: nothing is logged. */
  readonly log: Pick<Logger, 'warn'> | undefined;
}

/** What is handed over, by paper and in the EHR: packet, handout, cards of CDS Hooks, launches; and what registers their counters. */
export function createHandOver({ config, web, queue, record, log }: HandOverParts): {
  routes: Route[];
  /** How lists are answered, for the search box. */
  list: ListRouteOptions;
  register: (registry: Registry) => void;
} {
  const { localLibrary, timeZone, version } = config;
  const { library, elsewhere, texts } = web;
  const client = new EhrClient({ userAgent: `EducationConnect/${version}`, limits: LIMITS });
  const options: HandOverOptions = {
    ...config,
    limits: LIMITS,
    queue,
    houseFolder: localLibrary && handoutsFolder(localLibrary),
    readChart: createChartReader(timeZone),
  };
  const handout = createHandoutOptions(web, options);
  const cards = createCdsHooks({ config, library, elsewhere, queue, texts, client });
  const list = listOptions(web, options);
  const launches = createLaunch({ config, web, handout, list, client, record, log });
  const register = (registry: Registry): void => {
    cards.register(registry);
    launches.register(registry);
  };
  const routes = [...handOverRoutes(web, options, handout), ...cards.routes, ...launches.routes];
  return { routes, list, register };
}
