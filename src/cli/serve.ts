import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Config } from '../config.js';
import { ConfigError, LIMITS, loadConfig } from '../config.js';
import type { FeedbackQueue } from '../core/feedback.js';
import { keepPrepared } from '../edge/keep-prepared.js';
import type { OpenedLibrary } from '../library/open.js';
import { LibraryFileError, openLibrary } from '../library/open.js';
import { openFeedback } from '../library/open-feedback.js';
import { createServer } from '../server.js';
import { followPolicy } from './follow-policy.js';

/** The part of the process that serving needs: `main.ts` and `cli.ts` hand it in. */
export type ServingProcess = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'once' | 'exit'>;

/** Log lines are gathered to this many bytes before they are written. */
const LOG_BUFFER_BYTES = 16_000;
const LOG_FLUSH_MS = 1000;

/** Opens the library that a configuration names, built anew where its files have changed. */
export function openConfigured(config: Config): Promise<OpenedLibrary> {
  return openLibrary({ ...config, readOnly: config.libraryReadOnly });
}

/** The queue of feedback; undefined where the library's file is not written to, or cannot be (a full disk). */
function openQueue(config: Config, log: Logger): FeedbackQueue | undefined {
  if (config.libraryReadOnly || config.database) return undefined;
  try {
    return openFeedback(config);
  } catch (error) {
    if (!(error instanceof LibraryFileError)) throw error;
    log.warn({ reason: error.message }, 'feedback is not taken');
    return undefined;
  }
}

const callToTry = (address: string): string =>
  `curl '${address}/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14&knowledgeResponseType=application/json'`;

/** Says that codes go to another server, and whether they leave the house for it. */
function upstreamLine({ terminologyServer }: Config): string | undefined {
  if (!terminologyServer) return undefined;
  const { url, isLocal } = terminologyServer;
  const { host } = new URL(url);
  return isLocal
    ? `Codes that the library does not know are asked of ${host}, in this house`
    : `CODES LEAVE THE HOUSE: those that the library does not know are sent to ${host} (code and code system, nothing else)`;
}

/**
 * Runs the server until SIGTERM or SIGINT. A wrong configuration, a library that cannot be opened or a port in use ends it
 * with one line and exit code 1.
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
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return fail(error.message);
  }
  const destination = pino.destination({ sync: false, minLength: LOG_BUFFER_BYTES, periodicFlush: LOG_FLUSH_MS });
  const log = pino({ level: config.logLevel, base: null }, destination);
  let opened: OpenedLibrary;
  try {
    opened = await openConfigured(config);
  } catch (error) {
    if (!(error instanceof LibraryFileError)) throw error;
    return fail(error.message);
  }
  const { library, whole, written, reports, outOfDate, policy } = opened;
  for (const { complaints, ...report } of reports) {
    log.info(report, 'library built');
    for (const complaint of complaints) log.warn({ layer: report.layer, ...complaint }, 'row left out');
  }
  if (config.terminologyServer && !config.terminologyServer.isLocal) {
    log.warn({ host: new URL(config.terminologyServer.url).host }, 'codes leave the house for a terminology server');
  }
  if (outOfDate) log.warn('the read-only library was built from other files than those beside it');
  const feedback = openQueue(config, log);
  const { server, stop, routes } = createServer({ config, library, written, feedback, clock, log });
  let stopPreparing: (() => void) | undefined;
  server.once('error', (error) => fail(`cannot listen on ${config.host}:${config.port}: ${error.message}`));
  server.listen(config.port, config.host, () => {
    const { port } = server.address() as { port: number };
    const address = config.publicUrl ?? `http://${config.host}:${port}`;
    const asked = upstreamLine(config);
    if (asked) host.stdout.write(`${asked}\n`);
    host.stdout.write(
      `Education Connect serves ${library.status().release} on ${address}\nTry: ${callToTry(address)}\n`,
    );
    stopPreparing = keepPrepared(routes, library, LIMITS.prepareEveryMs);
  });
  const stopFollowing = policy && followPolicy(policy, whole, log);
  const end = async (): Promise<void> => {
    stopPreparing?.();
    stopFollowing?.();
    await stop();
    await written.close();
    await library.close();
    await feedback?.close();
    log.flush();
    destination.once('close', () => host.exit(0));
    destination.end();
  };
  host.once('SIGTERM', () => void end());
  host.once('SIGINT', () => void end());
}
