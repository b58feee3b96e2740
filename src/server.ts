import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { handoutsFolder } from './build/handouts.js';
import { isWithheld } from './build/keeper-files.js';
import type { Config } from './config/config.js';
import { UnansweredCodes } from './core/evaluation/unanswered-codes.js';
import type { TerminologySource } from './core/answer/terminology-source.js';
import { createRoutes, type RouteParts } from './create-routes.js';
import { createUpstream, createSignIn } from './create-upstream.js';
import { createAdmission } from './edge/admission/admission.js';
import { createConnectionRefusal, refuseMalformed, type RefusalRenderer } from './edge/admission/client-error.js';
import { createClientNaming, createRateLimit } from './edge/admission/rate-limit.js';
import { AnswerBuilder } from './edge/answers/answer-builder.js';
import { AnswerCache } from './edge/answers/answer-cache.js';
import { headerTableOf } from './edge/answers/headers.js';
import { createBaseUrl } from './edge/base-url.js';
import { limitConnections, createStop } from './edge/connections.js';
import { Edge } from './edge/edge.js';
import { MemoryBudget, type MemoryLimits } from './edge/memory-budget.js';
import type { AuditLog } from './edge/observe/audit-log.js';
import { createLedger, type RequestWitness, createAuditTrail } from './edge/observe/ledger.js';
import { Metrics } from './edge/observe/metrics.js';
import { registerMetrics } from './edge/observe/read-metric.js';
import { operationsRoutes } from './edge/operations.js';
import { readPool, WorkerPool, type PoolLimits } from './edge/workers/worker-pool.js';
import type { ManagedLibrary } from './core/model/library.js';
import { LIMITS } from './limits.js';
import type { AuditedRequest } from './protocols/audited-request.js';
import { HousePdfs } from './pdf-check/house-pdfs.js';
import { toAuditEvent } from './protocols/fhir/conformance/audit-event.js';
import { isFhirAddress } from './protocols/fhir/rest/rows.js';
import type { CardState } from './protocols/cds-hooks/answer-hook.js';
import { openApiRoute } from './protocols/openapi.js';
import type { Route } from './protocols/route.js';
import { RouteTable } from './protocols/route-table.js';
import { findUnknownLists, readWardLists } from './read-ward-lists.js';
import { loadTexts } from './texts.js';

export interface ServerOptions extends RouteParts {
  readonly library: ManagedLibrary;
  /** Where the log goes, which counts what it loses; undefined: that is not counted. */
  readonly output?: { readonly register: (registry: Registry) => void } | undefined;
  /** Undefined: no audit trail is stored. */
  readonly audit?: AuditLog | undefined;
  /** Where the process may hold less of bodies and answers than `LIMITS` allows. */
  readonly memory?: Partial<MemoryLimits> | undefined;
  /** How many worker processes do long work; undefined or 0: the main process does all. */
  readonly workers?: number | undefined;
  /** Limits of long work where they differ from `LIMITS`. */
  readonly workLimits?: Partial<PoolLimits> | undefined;
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

/** Notes finished requests: for the audit trail, and codes without a page. */
function createWitness(options: ServerOptions, unanswered: UnansweredCodes): RequestWitness {
  const audit = createAudit(options);
  return (record, ended) => {
    audit?.(record, ended);
    const { unanswered: codes = [] } = record.facts;
    if (codes.length > 0) unanswered.add(codes, options.clock());
  };
}

/** A malformed request has no headers: FHIR clients are recognized by the path, and their error is rendered in JSON. */
function createRefusalRenderer({ renderError }: Route): RefusalRenderer {
  return (error, address) =>
    isFhirAddress(address)
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
  headers: ReturnType<typeof headerTableOf>,
  { renderError }: Route,
): Promise<Route[]> {
  if (config.localLibrary === undefined) return [];
  const { createHandoutFinder, handoutsRoute } = await import('./edge/handouts-route.js');
  const folder = handoutsFolder(config.localLibrary);
  return [
    handoutsRoute(
      folder,
      createHandoutFinder(library, (name) => isWithheld(folder, name)),
      headers,
      renderError,
    ),
  ];
}

/** The processes that do long work; undefined where the main one does it. */
function createPool(
  { config, library, written, feedback, handedOver, workers = 0, workLimits, log }: ServerOptions,
  source: TerminologySource | undefined,
  cardState: CardState,
): WorkerPool | undefined {
  if (workers === 0) return undefined;
  const { writer: _hasAFunction, ehrs, launchKey: _isSecret, signIn: _alsoIsSecret, ...sent } = config;
  const has = {
    written: written !== undefined,
    feedback: feedback !== undefined,
    handedOver: handedOver !== undefined,
    upstream: source !== undefined,
    launches: ehrs.length > 0,
  };
  const ask: TerminologySource['ask'] = async (questions) => source?.ask(questions) ?? [];
  const onLost = (why: Error): void => {
    log.warn({ reason: why.message }, 'a worker has ended, and another takes its place');
  };
  const limits = { ...LIMITS, ...workLimits };
  return new WorkerPool({
    size: workers,
    start: { config: sent, has },
    library,
    parts: { ...cardState, ask },
    limits,
    onLost,
  });
}

/** True if an EHR is configured: it drops a card that comes late, as the first would while a worker starts. */
const hasEhr = ({ ehrs, cdsHooks: { fhirServers, clients } }: Config): boolean =>
  ehrs.length + fhirServers.length + clients.length > 0;

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
  const metrics = new Metrics({ library, cache, upstream, memory, clock });
  const texts = loadTexts(config.resourcesDir);
  const { lists: wardLists, complaints } = readWardLists(config.localLibrary);
  for (const complaint of complaints) log.warn(complaint, 'row left out');
  for (const unknown of findUnknownLists(config.departments, wardLists)) log.warn(unknown, 'no such ward list');
  const signIn = createSignIn(config, clock, log);
  const [unanswered, pdfs] = [new UnansweredCodes(), new HousePdfs(config.localLibrary)];
  const parts = { ...options, wardLists, signIn, unanswered, pdfs };
  const { routes, fallback, readers, cardState } = createRoutes(parts, texts, upstream);
  const pool = createPool(options, upstream, cardState);
  if (hasEhr(config)) server.once('listening', () => pool?.prepare());
  registerMetrics(metrics.registry, { ...readers, ...readPool(pool) });
  const isStopping = (): boolean => stopping;
  const operations = operationsRoutes(library, metrics, isStopping);
  const headers = headerTableOf(config);
  const others = [...routes, ...operations, ...(await handoutRoutes(options, headers, fallback))];
  const { connectorName: title, version } = config;
  const all = [...others, openApiRoute({ title, version, texts, others })];
  const ledger = createLedger(metrics, log, createWitness(options, unanswered));
  options.audit?.register(metrics.registry);
  options.output?.register(metrics.registry);
  const edge = new Edge({
    routes: new RouteTable(all),
    fallback,
    builder: new AnswerBuilder(headers),
    workers: pool,
    library,
    cache,
    ledger,
    memory,
    log,
    clock,
    baseUrl,
    admission: await createAdmission(config, clock, log, signIn?.people.find),
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
    pdfs.close();
    pool?.close();
    await upstream?.close();
  };
  return { server, stop, routes: all };
}
