import { isLocalHost } from '../upstream/is-local-host.js';
import { ConfigError } from './error.js';
import type { Settings } from './settings.js';

/** The proxies for outbound calls, from the usual environment variables. */
export interface Proxies {
  /** For http addresses; for https ones too if `https` is undefined. */
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Hosts reached without a proxy, separated by commas: `tx.example`, `.example`, `10.1.2.3:8080`, `*`. */
  readonly except: string;
}

/** The variables that name proxies; the lower-case form is read if one is not set. */
export const PROXY_NAMES: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']);

/** Returns the configured proxies; undefined if there are none. */
export function readProxies({
  HTTP_PROXY: http,
  HTTPS_PROXY: https,
  NO_PROXY: except = '',
}: Settings): Proxies | undefined {
  return (http ?? https) === undefined ? undefined : { http, https, except };
}

export interface TerminologyServerConfig {
  /** Its base address, without a trailing slash. */
  readonly url: string;
  readonly token: string | undefined;
  /** Maximum time that one of our answers waits for it. */
  readonly timeoutMs: number;
  /** Whether codes stay in the site's network. */
  readonly isLocal: boolean;
}

/**
 * The FHIR server queried for codes that the library does not know; undefined if not configured.
 * @throws ConfigError
 */
export function readTerminologyServer(settings: Settings): TerminologyServerConfig | undefined {
  const { TERMINOLOGY_SERVER: address, TERMINOLOGY_TOKEN: token, UPSTREAM_TIMEOUT_MS: timeoutMs } = settings;
  if (address === undefined) {
    if (token === undefined) return undefined;
    throw new ConfigError('TERMINOLOGY_TOKEN has no effect without TERMINOLOGY_SERVER');
  }
  if (!URL.canParse(address)) throw new ConfigError('TERMINOLOGY_SERVER must be an http or https address');
  const isLocal = isLocalHost(address);
  if (token !== undefined && !isLocal && !address.startsWith('https:')) {
    throw new ConfigError('TERMINOLOGY_SERVER must be https, or within your network, if a token is sent to it');
  }
  return { url: address.replace(/(?<!\/)\/+$/, ''), token, timeoutMs, isLocal };
}
