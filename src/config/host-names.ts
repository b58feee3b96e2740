import { ConfigError, listOf } from './error.js';

/** A host as `Host` writes it: a name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port. */
const HOST = /^(?:([^\s:/?#@[\]\\]+)|\[([\da-f:.]+)\])(?::\d*)?$/i;

/** Returns the name in a `Host` value, in lower case, without port or final dot; undefined where it is not a host. */
export function readHostName(host: string): string | undefined {
  const [, name, address] = HOST.exec(host) ?? [];
  return (address ?? name?.replace(/\.$/, ''))?.toLowerCase();
}

/**
 * Returns the names by which clients may address the server: that of `PUBLIC_URL` and those of `ALLOWED_HOSTS`, in lower case,
 * without ports; undefined where no address is set, and every name is accepted.
 * @throws ConfigError where an entry is not a host, or there is no `PUBLIC_URL`
 */
export function readHostNames(publicUrl: string | undefined, allowed: string | undefined): Set<string> | undefined {
  const others = listOf(allowed);
  if (publicUrl === undefined) {
    if (others.length === 0) return undefined;
    throw new ConfigError('ALLOWED_HOSTS is of no use without PUBLIC_URL');
  }
  if (!URL.canParse(publicUrl)) throw new ConfigError('PUBLIC_URL must be an http or https address without query');
  const names = [new URL(publicUrl).host, ...others].map(readHostName);
  if (names.includes(undefined)) throw new ConfigError('ALLOWED_HOSTS must be host names, divided by commas');
  return new Set(names as string[]);
}
