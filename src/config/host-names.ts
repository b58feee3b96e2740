import ipaddr from 'ipaddr.js';
import { ConfigError, splitList } from './error.js';

/** A host in the form of `Host`: a name or an IPv4 address, or an IPv6 address in brackets; optionally a port. */
const HOST = /^(?:([^\s:/?#@[\]\\]+)|\[([\da-f:.]+)\])(?::\d*)?$/i;

/** Returns the name in a `Host` value, in lower case, without port or final dot; undefined if it is not a host. */
export function readHostName(host: string): string | undefined {
  const [, name, address] = HOST.exec(host) ?? [];
  return (address ?? name?.replace(/\.$/, ''))?.toLowerCase();
}

/** Returns a host as it is written in an address: an IPv6 address in brackets. */
export const hostInAddress = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Whether `host` means all addresses of the machine and so gives no name. */
export const isEveryAddress = (host: string): boolean =>
  ipaddr.isValid(host) && ipaddr.parse(host).range() === 'unspecified';

/**
 * Returns the names by which clients may address the server: that of `PUBLIC_URL`, else of `HOST`, and those of
 * `ALLOWED_HOSTS`, in lower case, without ports; undefined if neither `PUBLIC_URL` nor `ALLOWED_HOSTS` is set, and
 * every name is accepted.
 * @throws ConfigError if an entry is not a host
 */
export function readHostNames(
  publicUrl: string | undefined,
  allowed: string | undefined,
  host: string,
): Set<string> | undefined {
  const others = splitList(allowed);
  if (publicUrl === undefined && others.length === 0) return undefined;
  if (publicUrl !== undefined && !URL.canParse(publicUrl)) {
    throw new ConfigError('PUBLIC_URL must be an http or https address without query');
  }
  const own = publicUrl === undefined ? hostInAddress(host) : new URL(publicUrl).host;
  const names = [own, ...others].map(readHostName);
  if (names.includes(undefined)) throw new ConfigError('ALLOWED_HOSTS must be host names, separated by commas');
  return new Set(names as string[]);
}
