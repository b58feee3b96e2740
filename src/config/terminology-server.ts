import { isLocalHost } from '../upstream/is-local-host.js';
import { ConfigError } from './error.js';
import type { Settings } from './settings.js';

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
