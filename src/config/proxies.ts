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
