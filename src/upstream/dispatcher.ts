import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type { Proxies } from '../config/terminology-server.js';

/**
 * Creates the dispatcher of outbound calls: through the site's proxies, if configured, else direct. http and https both
 * use a tunnel (`CONNECT`), so that the options apply to both.
 */
export function createDispatcher(proxies: Proxies | undefined, options: Agent.Options = {}): Dispatcher {
  if (!proxies) return new Agent(options);
  // Empty strings and not undefined: undici would otherwise read the environment itself.
  const { http = '', https = '', except } = proxies;
  return new EnvHttpProxyAgent({ ...options, httpProxy: http, httpsProxy: https, noProxy: except });
}
