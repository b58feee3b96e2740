import { isIP } from 'node:net';
import proxyAddress from 'proxy-addr';

const isLocalAddress = proxyAddress.compile(['loopback', 'linklocal', 'uniquelocal']);

/** Names that no resolver outside the house answers (RFC 6761, 6762, 8375; `internal` is reserved for it). */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * Whether an address stays in the house by its looks: a loopback, link-local or private IP address, a name of one word,
 * or a name below a top level that is not delegated. Names are not resolved: any other is taken to be outside.
 */
export function isLocalHost(url: string): boolean {
  const name = new URL(url).hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  if (isIP(name) !== 0) return isLocalAddress(name, 0);
  return !name.includes('.') || LOCAL_NAME.test(name);
}
