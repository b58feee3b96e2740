import { isIP } from 'node:net';
import proxyAddress from 'proxy-addr';

const isLocalAddress = proxyAddress.compile(['loopback', 'linklocal', 'uniquelocal']);

/** Names that public resolvers do not answer (RFC 6761, 6762, 8375; `internal` is reserved for it). */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$/;

/**
 * Whether an address is in the site's network, judged by its form: a loopback, link-local or private IP address, a name
 * of one word, or a name below a top level that is not delegated. Names are not resolved: any other counts as external.
 */
export function isLocalHost(url: string): boolean {
  const name = new URL(url).hostname.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  if (isIP(name) !== 0) return isLocalAddress(name, 0);
  return !name.includes('.') || LOCAL_NAME.test(name);
}

/** Whether tokens and keys may be sent to an address: by https, or by http within the site's network. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLocalHost(address));
}
