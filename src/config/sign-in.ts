import { dirname, resolve } from 'node:path';
import proxyAddress from 'proxy-addr';
import type { RoleGroups } from '../protocols/roles.js';
import { readAuthentication, type AuthenticationEntry, type ClientAuthentication } from './client-authentication.js';
import { dropSlash, isServerAddress } from './ehrs.js';
import { ConfigError } from './error.js';
import { isEveryAddress } from './host-names.js';
import { readJsonSetting } from './setting-file.js';
import type { Settings } from './settings.js';

/** The OpenID provider at which people sign in. */
export interface SignInProvider {
  /** As its id tokens name it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  /** Scopes beside `openid`. */
  readonly scopes: readonly string[];
  /** Claim with a person's groups; a dot leads into an object (`realm_access.roles`). */
  readonly groupsClaim: string;
  /** Claim by which the log and the audit trail name a person. */
  readonly nameClaim: string;
}

/** A proxy before us that has signed people in, and names them in headers. */
export interface SignInProxy {
  /** Whether an address of the network is the proxy's. */
  readonly isFrom: (address: string) => boolean;
  /** In lower case. */
  readonly userHeader: string;
  /** Groups in it are divided by commas. In lower case. */
  readonly groupsHeader: string;
}

/** How people sign in. */
export interface SignInConfig {
  readonly provider: SignInProvider | undefined;
  readonly proxy: SignInProxy | undefined;
  readonly roles: RoleGroups;
}

interface ProxyEntry {
  readonly addresses: readonly string[];
  readonly userHeader: string;
  readonly groupsHeader: string;
}

/** The file, with the schema's defaults (resources/schemas/sign-in.json). */
interface SignInFile {
  readonly provider?: Omit<SignInProvider, 'authentication'> & AuthenticationEntry;
  readonly proxy?: ProxyEntry;
  readonly roles: RoleGroups;
}

function readProvider(entry: NonNullable<SignInFile['provider']>, folder: string): SignInProvider {
  const { issuer, clientId, scopes, groupsClaim, nameClaim } = entry;
  if (!isServerAddress(issuer))
    throw new ConfigError('SIGN_IN_FILE: provider.issuer must be https, or in the house, without query');
  const authentication = readAuthentication(entry, 'SIGN_IN_FILE: provider', folder);
  return { issuer: dropSlash(issuer), clientId, authentication, scopes, groupsClaim, nameClaim };
}

function readProxy({ addresses, userHeader, groupsHeader }: ProxyEntry): SignInProxy {
  let trust: (address: string, hop: number) => boolean;
  try {
    trust = proxyAddress.compile([...addresses]);
  } catch {
    throw new ConfigError('SIGN_IN_FILE: proxy.addresses must be IP addresses or networks (10.0.0.0/8, loopback)');
  }
  return {
    isFrom: (address) => trust(address, 0),
    userHeader: userHeader.toLowerCase(),
    groupsHeader: groupsHeader.toLowerCase(),
  };
}

/**
 * Reads how people sign in; undefined where there is no sign-in.
 * @param resourcesDir folder of the schema
 * @throws ConfigError
 */
export function readSignIn(
  { SIGN_IN_FILE: file, HOST, PUBLIC_URL }: Settings,
  resourcesDir: string,
): SignInConfig | undefined {
  if (file === undefined) return undefined;
  const { provider, proxy, roles } = readJsonSetting<SignInFile>(
    'SIGN_IN_FILE',
    file,
    `${resourcesDir}/schemas/sign-in.json`,
  );
  // The provider sends people back to one registered address.
  if (provider && PUBLIC_URL === undefined && isEveryAddress(HOST))
    throw new ConfigError('SIGN_IN_FILE must go with PUBLIC_URL, or with a HOST that is one address');
  return {
    provider: provider && readProvider(provider, dirname(resolve(file))),
    proxy: proxy && readProxy(proxy),
    roles,
  };
}
