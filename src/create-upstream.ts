import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import type { Traced } from './edge/trace-context.js';
import { TraceContext } from './edge/trace-context.js';
import { LIMITS } from './limits.js';
import { TerminologyServer } from './upstream/terminology-server.js';

/**
 * The terminology server that is asked for what the library does not know, where one is named, and what runs a request so that
 * its ids are sent along.
 */
export function createUpstream(
  config: Config,
  log: Logger,
): {
  upstream?: TerminologyServer;
  traced?: Traced;
} {
  if (!config.terminologyServer) return {};
  const { url, token, timeoutMs, isLocal } = config.terminologyServer;
  const trace = new TraceContext(isLocal);
  const upstream = new TerminologyServer({
    server: url,
    token,
    proxies: config.proxies,
    timeoutMs,
    userAgent: `EducationConnect/${config.version}`,
    limits: LIMITS,
    traceOf: trace.current,
    onAvailable: (isAvailable) => {
      if (isAvailable) log.info('the terminology server answers again');
      else log.warn({ pauseMs: LIMITS.upstreamPauseMs }, 'the terminology server does not answer and is left alone');
    },
  });
  return { upstream, traced: trace.run };
}
