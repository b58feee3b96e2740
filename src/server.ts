import type { Registry } from 'prom-client';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { createCdsHooks } from './create-cds-hooks.js';
import { createChartReader } from './create-chart-reader.js';
import { createLaunch } from './create-launch.js';
import { HandoutPrinter } from './handout/handout-printer.js';
import { HelpLines } from './handout/help-lines.js';
import { HouseTexts } from './handout/house-texts.js';
import { EhrClient } from './upstream/ehr-client.js';
import { createUpstream } from './create-upstream.js';
import type { TerminologySource } from './core/answer/terminology-source.js';
import type { FeedbackQueue } from './core/evaluation/feedback.js';
import type { HandedOverRecord } from './core/handing-over/record.js';
import type { Library } from './core/model/library.js';
import type { WrittenStore } from './core/model/written-store.js';
import { createAdmission } from './edge/admission/admission.js';
import { AnswerCache } from './edge/answers/answer-cache.js';
import { createBaseUrl } from './edge/base-url.js';
import type { AuditLog } from './edge/observe/audit-log.js';
import { createAuditTrail } from './edge/observe/audit-trail.js';
import { limitConnections } from './edge/connections.js';
import { createConnectionRefusal, refuseMalformed, type RefusalRenderer } from './edge/admission/client-error.js';
import { Edge } from './edge/edge.js';
import { createStop } from './edge/graceful-stop.js';
import { createHandoutFinder } from './edge/handout-files.js';
import { headerTable } from './edge/answers/headers.js';
import { createLedger, type RequestWitness } from './edge/observe/ledger.js';
import { MemoryBudget, type MemoryLimits } from './edge/memory-budget.js';
import { Metrics } from './edge/observe/metrics.js';
import { registerMetrics, type MetricReaders } from './edge/observe/read-metric.js';
import { operationsRoutes } from './edge/operations.js';
import { createClientNaming, createRateLimit } from './edge/admission/rate-limit.js';
import { readWardLists } from './read-ward-lists.js';
import { readVocabulary } from './read-vocabulary.js';
import { handoutFiles, handoutsFolder } from './build/handouts.js';
import { LIMITS } from './limits.js';
import { toAuditEvent } from './protocols/fhir/conformance/audit-event.js';
import type { AuditedRequest } from './protocols/audited-request.js';
import { documentId } from './protocols/fhir/documents/identity.js';
import { CardMemory } from './protocols/cds-hooks/card-memory.js';
import { createOutcomeRenderer } from './protocols/fhir/rest/outcome.js';
import { fhirRoutes } from './protocols/fhir/rest/router.js';
import { createInfobutton, infobuttonRoutes } from './protocols/infobutton/router.js';
import type { DocumentedRoute } from './protocols/openapi/document.js';
import { openApiRoutes } from './protocols/openapi/router.js';
import { securityFacts } from './protocols/openapi/security-schemes.js';
import type { Route } from './protocols/route.js';
import { RouteTable } from './protocols/route-table.js';
import { searchRoutes } from './protocols/search/router.js';
import { updatesRoutes } from './protocols/updates/router.js';
import { loadTexts, type Texts } from './texts.js';
import { apiPage } from './web/pages/api-page.js';
import { createPage } from './web/pages/application-page.js';
import { loadAssets } from './web/asset-files.js';
import { createCatalogue } from './web/catalogue.js';
import { createErrorRenderer } from './web/pages/error-page.js';
import type { PageOptions } from './web/page-context.js';
import { webRoutes } from './web/router.js';

export interface ServerOptions {
  readonly config: Config;
  readonly library: Library;
  /** What the site writes; undefined: nothing. */
  readonly written?: WrittenStore;
  /** Undefined where no feedback is stored: pages then have no feedback link. */
  readonly feedback?: FeedbackQueue | undefined;
  /** What was handed over, recorded where the site's configuration enables it; undefined: the library is read-only. */
  readonly handedOver?: HandedOverRecord | undefined;
  /** Where the log goes, which counts what it loses; undefined: that is not counted. */
  readonly output?: { readonly register: (registry: Registry) => void } | undefined;
  /** Undefined: no audit trail is stored. */
  readonly audit?: AuditLog | undefined;
  /** Where the process may hold less of bodies and answers than `LIMITS` allows. */
  readonly memory?: Partial<MemoryLimits> | undefined;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** An HTTP server and all that stopping it gracefully needs. */
export interface ConnectorServer {
  readonly server: Server;
  /**
   * Finishes requests in flight, accepts no new ones, and resolves when all connections are closed.
   * @param delayMs how long requests are still accepted while `/readyz` reports that the server is not ready; default 0
   */
  readonly stop: (delayMs?: number) => Promise<void>;
  /** Every route. */
  readonly routes: readonly Route[];
}

/** Creates the route of addresses without one: it answers errors in the client's format. */
function createFallback(web: PageOptions, service: ReturnType<typeof createInfobutton>): Route {
  const renderOutcome = createOutcomeRenderer(web.texts);
  const renderPage = createErrorRenderer(web);
  return {
    path: '(none)',
    protocol: 'none',
    headerKind: 'api',
    document: undefined,
    renderError: (error, request) => {
      if (request.path.startsWith('/fhir')) return renderOutcome(error, request);
      const isBrowser = (request.headers.accept ?? '').includes('text/html');
      // Nothing here answers by JSONP: its status is sent as it is.
      return isBrowser ? renderPage(error, request) : { ...service.renderError(error, request), status: error.status };
    },
  };
}

/** Every route of every protocol. */
export function createRoutes(
  options: Pick<ServerOptions, 'config' | 'library' | 'written' | 'feedback' | 'handedOver'> &
    Partial<Pick<ServerOptions, 'log'>> &
    Partial<Pick<PageOptions, 'wardLists'>>,
  texts: Texts,
  upstream?: TerminologySource,
): { routes: Route[]; fallback: Route; web: PageOptions; readers: MetricReaders } {
  const { config, library, written } = options;
  const record = config.recordKeeping && options.handedOver;
  const { localLibrary, version } = config;
  const cardMemory = new CardMemory(LIMITS);
  const web: PageOptions & Config = {
    ...config,
    library,
    vocabulary: readVocabulary(config.resourcesDir),
    catalogue: createCatalogue(library),
    terminologySource: upstream,
    texts,
    assets: loadAssets(config.resourcesDir),
    wardLists: options.wardLists ?? [],
    feedback: options.feedback,
    readChart: createChartReader(config.timeZone),
    noteCardOpened: (card, article, now) => {
      cardMemory.open(card, article, now);
    },
    printer: new HandoutPrinter(config.siteLogo),
    helpLines: new HelpLines(config.resourcesDir),
    houseTexts: new HouseTexts(localLibrary && handoutsFolder(localLibrary)),
  };
  const page = createPage(web);
  const connector = { name: config.connectorName, url: config.connectorUrl };
  const parts = { ...web, ...LIMITS, connector, documentId, page };
  const service = createInfobutton('medlineplus', parts);
  const fallback = createFallback(web, service);
  // What is handed over, by paper and in the EHR: packet, handout, cards of CDS Hooks, launches.
  const client = new EhrClient(`EducationConnect/${version}`);
  const cards = createCdsHooks(config, web, client, { memory: cardMemory, record });
  const launches = createLaunch(config, web, client, record, options.log);
  const routes = [
    ...infobuttonRoutes(service, createInfobutton('hl7', parts)),
    ...webRoutes(web, page),
    ...cards.routes,
    ...launches.routes,
    ...updatesRoutes(parts),
    ...searchRoutes(parts),
    ...fhirRoutes({
      ...web,
      written,
      handedOver: record,
      hasHandout: (name) => localLibrary !== undefined && handoutFiles(localLibrary).includes(name),
    }),
  ];
  return { routes, fallback, web, readers: { ...cards.metrics, ...launches.metrics } };
}

/** The documentation of the API: OpenAPI for programs, a page for people. */
function createApi(config: Config, texts: Texts, web: PageOptions, others: readonly DocumentedRoute[]): Route[] {
  const { connectorName: title, version, authorization, cdsHooks } = config;
  const security = securityFacts(authorization, cdsHooks.clients.length > 0);
  return openApiRoutes({ title, version, others, ...security, texts, page: apiPage(web) });
}

/** The audit trail of what is returned to clients; undefined where none is stored. */
function createAudit({ config, audit, clock }: ServerOptions): RequestWitness | undefined {
  if (!audit) return undefined;
  const { connectorName, writer, canonicalBase } = config;
  const source = { name: connectorName, process: writer.name, articlesUrl: `${canonicalBase}/CodeSystem/articles` };
  const write = (one: AuditedRequest): void => {
    audit.write(toAuditEvent(one, source));
  };
  return createAuditTrail(clock, write);
}

/** A malformed request has no headers: FHIR clients are recognized by the path, and their error is rendered in JSON. */
function createRefusalRenderer({ renderError }: Route): RefusalRenderer {
  return (error, address) =>
    /^\/fhir(?:[/?]|$)/.test(address)
      ? renderError(error, { path: address, headers: {}, parameters: [], baseUrl: '' })
      : undefined;
}

function createCache({ cacheMaxBytes: maxBytes }: Config): AnswerCache {
  const { cacheMaxEntryBytes: maxEntryBytes, cacheMaxAgeMs: maxAgeMs } = LIMITS;
  return new AnswerCache({ maxBytes, maxEntryBytes, maxAgeMs });
}

/** The route of a site's own handouts, where it has a folder of them. */
async function handoutRoutes(
  { config, library }: ServerOptions,
  headers: ReturnType<typeof headerTable>,
  { renderError }: Route,
): Promise<Route[]> {
  if (config.localLibrary === undefined) return [];
  const { handoutsRoute } = await import('./edge/handouts-route.js');
  const folder = handoutsFolder(config.localLibrary);
  return [handoutsRoute(folder, createHandoutFinder(library), headers, renderError)];
}

/**
 * Builds the connector's HTTP server. It is not listening yet.
 */
export async function createServer(options: ServerOptions): Promise<ConnectorServer> {
  const { config, library, clock, log } = options;
  let stopping = false;
  const server = createHttpServer({
    maxHeaderSize: LIMITS.maxHeaderBytes,
    connectionsCheckingInterval: LIMITS.timeoutCheckMs,
    // The edge checks the Host header itself, and renders its own error.
    requireHostHeader: false,
  });
  const baseUrl = createBaseUrl(config, () => (server.address() as AddressInfo).port);
  const { upstream, traced } = await createUpstream(config, log);
  const cache = createCache(config);
  const memory = new MemoryBudget({ ...LIMITS, ...options.memory });
  const metrics = new Metrics({ library, cache, upstream, memory });
  const texts = loadTexts(config.resourcesDir);
  const { lists: wardLists, complaints } = readWardLists(config.localLibrary);
  for (const complaint of complaints) log.warn(complaint, 'row left out');
  const { routes, fallback, web, readers } = createRoutes({ ...options, wardLists }, texts, upstream);
  registerMetrics(metrics.registry, readers);
  const isStopping = (): boolean => stopping;
  const operations = operationsRoutes(library, metrics, isStopping);
  const headers = headerTable(config.frameAncestors, config.publicUrl?.startsWith('https:') ?? false);
  const others = [...routes, ...operations, ...(await handoutRoutes(options, headers, fallback))];
  const all = [...others, ...createApi(config, texts, web, others)];
  const ledger = createLedger(metrics, log, createAudit(options));
  options.audit?.register(metrics.registry);
  options.output?.register(metrics.registry);
  const edge = new Edge({
    routes: new RouteTable(all),
    fallback,
    headers,
    library,
    cache,
    ledger,
    memory,
    log,
    clock,
    baseUrl,
    admission: await createAdmission(config, clock, log),
    limitPosts: (perMinute) => createRateLimit(perMinute, config.trustedProxies),
    nameClient: createClientNaming(config.trustedProxies),
    isStopping,
    traced,
  });
  server.on('request', edge.handle);
  const render = createRefusalRenderer(fallback);
  const refuse = createConnectionRefusal(ledger, LIMITS.maxAddressChars, render, edge.uploads);
  refuseMalformed(server, refuse, edge.handle);
  limitConnections(server, LIMITS);
  const stopServing = createStop(server, LIMITS.shutdownTimeoutMs, () => {
    stopping = true;
  });
  const stop = async (delayMs = 0): Promise<void> => {
    await stopServing(delayMs);
    await upstream?.close();
  };
  return { server, stop, routes: all };
}
