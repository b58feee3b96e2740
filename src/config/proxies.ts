/** The proxies that calls to servers outside go through, as most programs read them from the environment. */
export interface Proxies {
  /** For http addresses; for https ones too, where `https` is undefined. */
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Hosts that are reached without one, divided by commas: `tx.example`, `.example`, `10.1.2.3:8080`, `*`. */
  readonly except: string;
}

/** The variables by which proxies are named; the same in lower case counts where one is not set. */
export const PROXY_NAMES: ReadonlySet<string> = new Set(['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']);

export interface ProxySettings {
  HTTP_PROXY?: string;
  HTTPS_PROXY?: string;
  NO_PROXY?: string;
}

/** Returns the proxies of the settings; undefined where none is named. */
export function readProxies({
  HTTP_PROXY: http,
  HTTPS_PROXY: https,
  NO_PROXY: except = '',
}: ProxySettings): Proxies | undefined {
  return (http ?? https) === undefined ? undefined : { http, https, except };
}
