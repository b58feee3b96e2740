import { CDS_HOOKS, type CdsHook } from '../protocols/cds-hooks/services.js';
import { isSafeAddress } from '../upstream/is-local-host.js';
import { ConfigError, splitList } from './error.js';
import { isEveryAddress } from './host-names.js';
import type { Settings } from './settings.js';

/** An EHR whose calls are accepted: the issuer of its JWTs, and the address of its keys. */
export interface CdsClient {
  readonly issuer: string;
  readonly jwksUrl: string;
}

export interface CdsHooksConfig {
  /** The offered hooks. */
  readonly hooks: readonly CdsHook[];
  /** Base addresses of the FHIR servers that data may be fetched from, without a trailing slash. */
  readonly fhirServers: readonly string[];
  /** Empty: any client that reaches the server may call. */
  readonly clients: readonly CdsClient[];
}

const isSafe = (address: string): boolean =>
  /^https?:\/\/[^/?#@\s]+(?:[/?#]\S*)?$/i.test(address) && isSafeAddress(address);

function readHooks(text: string): CdsHook[] {
  const names = splitList(text);
  if (names.length === 1 && names[0] === 'none') return [];
  const hooks = CDS_HOOKS.filter((hook) => names.includes(hook));
  if (hooks.length === new Set(names).size) return hooks;
  throw new ConfigError(`CDS_HOOKS must be none, or among ${CDS_HOOKS.join(', ')}`);
}

function serversIn(text: string | undefined): string[] {
  return splitList(text).map((address) => {
    if (isSafe(address) && !/[?#]/.test(address)) return new URL(address).href.replace(/(?<!\/)\/+$/, '');
    throw new ConfigError('CDS_FHIR_SERVERS must be https addresses, or within your network, without query');
  });
}

function readClients(text: string | undefined): CdsClient[] {
  const clients = splitList(text).map((pair): CdsClient => {
    const [issuer = '', jwksUrl = '', ...more] = pair.split('|');
    if (issuer !== '' && isSafe(jwksUrl) && more.length === 0) return { issuer, jwksUrl };
    throw new ConfigError('CDS_CLIENTS must be issuer|address of its keys, which is https or within your network');
  });
  if (new Set(clients.map(({ issuer }) => issuer)).size === clients.length) return clients;
  throw new ConfigError('CDS_CLIENTS must not name an issuer twice');
}

/**
 * Which hooks are offered, to which EHRs, and from where their data may be fetched.
 * @throws ConfigError
 */
export function readCdsHooks(settings: Settings): CdsHooksConfig {
  const clients = readClients(settings.CDS_CLIENTS);
  // A token is issued for one address: without a known one, any token would be accepted.
  if (clients.length > 0 && settings.PUBLIC_URL === undefined && isEveryAddress(settings.HOST)) {
    throw new ConfigError('CDS_CLIENTS must go with PUBLIC_URL, or with a HOST that is one address');
  }
  return { hooks: readHooks(settings.CDS_HOOKS), fhirServers: serversIn(settings.CDS_FHIR_SERVERS), clients };
}
