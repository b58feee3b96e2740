import { pino, type Logger } from 'pino';
import { ConfigError, loadConfig, type Config } from '../config/config.js';
import { AuditLog } from '../edge/observe/audit-log.js';
import { isEveryAddress } from '../config/host-names.js';
import { localAddress } from '../edge/base-url.js';
import { keepPrepared } from '../edge/keep-prepared.js';
import { LibraryFileError } from '../library/open.js';
import { LIMITS } from '../limits.js';
import type { Library } from '../core/model/library.js';
import type { HandedOverRecord } from '../core/handing-over/record.js';
import { isTooMany, type RetentionPass } from '../core/handing-over/retention.js';
import type { Route } from '../protocols/route.js';
import { prepareVocabulary } from '../read-vocabulary.js';
import { createServer } from '../server.js';
import { useProxies } from '../upstream/outbound.js';
import { openServed, type LibraryService } from './open-served.js';
import { watchSources } from './watch-sources.js';
import { LogOutput } from './log-output.js';

/** The part of the process needed for serving, supplied by `main.ts` and `cli.ts`. */
export type ServingProcess = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'on' | 'once' | 'exit'>;

/** Opens the audit trail, if configured, before the first answer. @throws ConfigError */
function openAudit({ auditLog: place }: Config, log: Logger): AuditLog | undefined {
  if (place === undefined) return undefined;
  try {
    return new AuditLog({ place, log, limits: LIMITS });
  } catch (error) {
    const { code = 'it cannot be opened' } = error as NodeJS.ErrnoException;
    throw new ConfigError(`AUDIT_LOG must be a writable file: ${place} (${code})`);
  }
}

const buildExampleCall = (address: string): string =>
  `curl '${address}/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14&knowledgeResponseType=application/json'`;

const NO_PUBLIC_URL =
  'PUBLIC_URL is not set: links use the host of each request. Set it to the address by which clients reach the server.';

/** Logs that codes are sent to a terminology server, and whether they leave the site's network. */
function formatUpstream({ terminologyServer }: Config): string | undefined {
  if (!terminologyServer) return undefined;
  const { url, isLocal } = terminologyServer;
  const { host } = new URL(url);
  return isLocal
    ? `Codes that the library does not know are looked up on ${host}, within your network`
    : `CODES LEAVE YOUR NETWORK: those that the library does not know are sent to ${host} (code and code system, nothing else)`;
}

/** Reads words behind the first requests. What cannot be read then is read, and reported, by the request that needs it. */
function readWordsSoon({ resourcesDir }: Config): void {
  setTimeout(() => void prepareVocabulary(resourcesDir).catch(() => undefined), LIMITS.prepareWordsAfterMs).unref();
}

/** Logs a pass of retention that has changed something, or that a person has to decide about. */
function logRetention({ newlyMarked, deleted, due, marked, all, at }: RetentionPass, log: Logger): void {
  if (newlyMarked > 0 || deleted > 0)
    log.info({ marked: newlyMarked, deleted }, 'entries of the record have outlived their retention');
  if (isTooMany(marked, all)) {
    log.warn(
      { marked, due, all, clock: at },
      'more than a tenth of the record has outlived its retention: check the clock and HANDED_OVER_RETENTION_DAYS; only handed-over --purge deletes so many',
    );
  }
}

/** Enforces the retention of the record now and then. @returns what ends it */
function keepRetention(record: HandedOverRecord | undefined, { recordKeeping }: Config, log: Logger): () => void {
  if (!record || !recordKeeping) return () => undefined;
  let lastPass: number | undefined;
  const pass = async (): Promise<void> => {
    const now = performance.now();
    try {
      logRetention(await record.enforceRetention(recordKeeping.retentionDays, now - (lastPass ?? now)), log);
      lastPass = now;
    } catch (error) {
      // The database is away: the next time will do.
      log.warn({ reason: (error as Error).message }, 'retention could not be enforced now');
    }
  };
  void pass();
  const timer = setInterval(() => void pass(), LIMITS.purgeEveryMs).unref();
  return () => {
    clearInterval(timer);
  };
}

/** Prepares what answers need, but for long work, which workers prepare. @returns what ends it */
const prepareForRequests = (routes: readonly Route[], library: Library): (() => void) =>
  keepPrepared(
    routes.filter(({ isHeavy }) => !isHeavy),
    library,
    LIMITS.prepareEveryMs,
  );

/**
 * Runs the server until SIGTERM or SIGINT. A wrong configuration, a library that needs an administrator before it can
 * be opened (also if this is found later), or a port in use ends it with one line and exit code 1.
 */
export async function serve(env: NodeJS.ProcessEnv, host: ServingProcess): Promise<void> {
  const clock = (): Date => new Date();
  const fail = (line: string): never => {
    host.stderr.write(`education-connect: ${line}\n`);
    return host.exit(1);
  };
  let config: Config;
  try {
    config = loadConfig(env);
    await useProxies(config.proxies);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail(error.message);
  }
  // Writing to stdout may fail as the log may: a full disk, a reader that is gone.
  host.stdout.on('error', () => undefined);
  const output = new LogOutput();
  const log = pino({ level: config.logLevel, base: null }, output.stream);
  let opened: LibraryService;
  let audit: AuditLog | undefined;
  try {
    // Log rotation sends this signal, possibly while the library is still being opened.
    if (config.auditLog !== undefined) host.on('SIGHUP', () => audit?.reopen());
    audit = openAudit(config, log);
    opened = await openServed(config, log);
  } catch (error) {
    if (!(error instanceof LibraryFileError || error instanceof ConfigError)) throw error;
    return fail(error.message);
  }
  const { library, written, handedOver } = opened;
  if (config.terminologyServer && !config.terminologyServer.isLocal) {
    log.warn({ host: new URL(config.terminologyServer.url).host }, 'codes leave the network for a terminology server');
  }
  const { workers } = config;
  const { server, stop, routes } = await createServer({ ...opened, config, workers, audit, clock, log, output });
  const stops: (() => void)[] = [opened.stopLooking];
  server.once('error', (error) => fail(`cannot listen on ${config.host}:${config.port}: ${error.message}`));
  server.listen(config.port, config.host, () => {
    const { port } = server.address() as { port: number };
    const address = config.publicUrl ?? localAddress(config.host, port);
    const requestedAt = formatUpstream(config);
    if (requestedAt) host.stdout.write(`${requestedAt}\n`);
    if (config.publicUrl === undefined && isEveryAddress(config.host)) host.stdout.write(`${NO_PUBLIC_URL}\n`);
    const { release } = library.status();
    host.stdout.write(
      release === ''
        ? `Education Connect is waiting for its library, listening on ${address}\n`
        : `Education Connect serves ${release} on ${address}\nTry: ${buildExampleCall(address)}\n`,
    );
    stops.push(keepRetention(handedOver, config, log), prepareForRequests(routes, library));
    stops.push(watchSources({ library, config, clock, log }));
    readWordsSoon(config);
  });
  let isEnding = false;
  const end = async (delayMs: number, code = 0): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    for (const stopOne of stops) stopOne();
    await stop(delayMs);
    await written.close();
    await library.close();
    await audit?.close();
    await output.close();
    host.exit(code);
  };
  void opened.refused?.then((error) => {
    // As at the start, which this still is.
    host.stderr.write(`education-connect: ${(error as Error).message}\n`);
    void end(0, 1);
  });
  host.once('SIGTERM', () => void end(config.shutdownDelayMs));
  // On Ctrl-C there is no load balancer to drain, so stop at once.
  host.once('SIGINT', () => void end(0));
}
