import type { Logger } from 'pino';
import type { Config } from './config/config.js';
import { createTraceContext, type Traced } from './edge/observe/trace-context.js';
import { LIMITS } from './limits.js';
import type { TerminologyServer } from './upstream/terminology-server.js';
import type { ProviderClient } from './upstream/sign-in/provider-client.js';
import { People } from './web/sign-in/people.js';
import type { SignInParts } from './web/sign-in/sign-in-routes.js';

/**
 * Creates the terminology server client, if configured, and a function that runs a request with its ids, so that they
 * are sent along.
 */
export async function createUpstream(
  config: Config,
  log: Logger,
): Promise<{
  upstream?: TerminologyServer;
  traced?: Traced;
}> {
  if (!config.terminologyServer) return {};
  const { url, token, timeoutMs, isLocal } = config.terminologyServer;
  const { TerminologyServer } = await import('./upstream/terminology-server.js');
  const trace = createTraceContext(isLocal);
  const upstream = new TerminologyServer({
    server: url,
    token,
    proxies: config.proxies,
    timeoutMs,
    userAgent: `EducationConnect/${config.version}`,
    traceHeaders: trace.current,
    onAvailable: (isAvailable) => {
      if (isAvailable) log.info('the terminology server answers again');
      else log.warn({ pauseMs: LIMITS.upstreamPauseMs }, 'the terminology server does not answer: calls pause');
    },
  });
  return { upstream, traced: trace.run };
}

/** Creates the parts of signing in; undefined where the site has none. @param log gets the reasons of failed sign-ins */
export function createSignIn(
  { signIn, launchKey, version }: Config,
  clock: () => Date,
  log: Pick<Logger, 'warn'>,
): SignInParts | undefined {
  if (!signIn) return undefined;
  const { provider } = signIn;
  let client: ProviderClient | undefined;
  return {
    people: new People(signIn, launchKey, clock),
    provider:
      provider &&
      (async () => {
        const { ProviderClient: Client } = await import('./upstream/sign-in/provider-client.js');
        return (client ??= new Client(`EducationConnect/${version}`, provider, launchKey));
      }),
    logFailure: ({ reason, detail }) => {
      log.warn({ reason, detail }, 'sign-in failed');
    },
  };
}
