import { isLocalHost } from '../upstream/is-local-host.js';
import { ConfigError } from './error.js';

/** The settings of it, as resources/schemas/config.json has them. */
export interface TerminologySettings {
  TERMINOLOGY_SERVER?: string;
  TERMINOLOGY_TOKEN?: string;
  UPSTREAM_TIMEOUT_MS: number;
}

export interface TerminologyServerConfig {
  /** Its base, without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  /** How long an answer of ours waits for it. */
  readonly timeoutMs: number;
  /** Whether codes stay in the house. */
  readonly isLocal: boolean;
}

/**
 * The FHIR server that is asked for what the library does not know; undefined where none is named.
 * @throws ConfigError
 */
export function readTerminologyServer(settings: TerminologySettings): TerminologyServerConfig | undefined {
  const { TERMINOLOGY_SERVER: address, TERMINOLOGY_TOKEN: token, UPSTREAM_TIMEOUT_MS: timeoutMs } = settings;
  if (address === undefined) {
    if (token === undefined) return undefined;
    throw new ConfigError('TERMINOLOGY_TOKEN is of no use without TERMINOLOGY_SERVER');
  }
  if (!URL.canParse(address)) throw new ConfigError('TERMINOLOGY_SERVER must be an http or https address');
  const isLocal = isLocalHost(address);
  if (token !== undefined && !isLocal && !address.startsWith('https:')) {
    throw new ConfigError('TERMINOLOGY_SERVER must be https, or in the house, where a token is sent to it');
  }
  return { url: address.replace(/\/+$/, ''), token, timeoutMs, isLocal };
}
