import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddress from 'proxy-addr';
// By file: the package's entry loads a limiter for every database.
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js';
import { RequestError } from '../../core/errors.js';

const WINDOW_SECONDS = 60;

/**
 * Counts a request against its client: the authenticated one, else the address; rejects with RequestError `rate-limited` past
 * the limit.
 */
export type RateLimit = (request: IncomingMessage, client?: string) => Promise<void>;

/** An address as some proxies write it: with a port, of which a client has thousands. */
const WITH_PORT = /^(?:\[(.*)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * Returns the key of a client's address: an IPv4 address itself, of an IPv6 address the network (/64), within which any host may
 * give itself as many as it likes (RFC 4862). Any other text is its own key.
 */
function countedBy(written: string): string {
  if (isIPv4(written)) return written;
  const [, bracketed, withPort] = WITH_PORT.exec(written) ?? [];
  const address = bracketed ?? withPort ?? written;
  if (!ipaddr.isValid(address)) return written;
  // An IPv4 address in IPv6's form comes out as what it is.
  const read = ipaddr.process(address);
  if (!('parts' in read)) return read.toString();
  const network = read.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

/** The wait is counted by the machine's clock: where that is set back it would be days, though the window ends as ever. */
const toRejection = ({ msBeforeNext }: RateLimiterRes): RequestError =>
  new RequestError('rate-limited', { seconds: Math.min(WINDOW_SECONDS, Math.max(1, Math.ceil(msBeforeNext / 1000))) });

/** Returns the name by which a client's requests are counted: the authenticated client's, else the address's. */
export type NameClient = (request: IncomingMessage, client: string | undefined) => string;

/** @param trustedProxies the proxies whose X-Forwarded-For names the client */
export function createClientNaming(trustedProxies: readonly string[]): NameClient {
  const trust = proxyAddress.compile([...trustedProxies]);
  // No address has a blank in it: a client cannot be named like one.
  return (request, client) => (client === undefined ? countedBy(proxyAddress(request, trust)) : `client ${client}`);
}

/**
 * Limits each client's requests a minute.
 * @param perMinute 0 switches the limit off
 * @param trustedProxies the proxies whose X-Forwarded-For names the client
 */
export function createRateLimit(perMinute: number, trustedProxies: readonly string[]): RateLimit | undefined {
  if (perMinute === 0) return undefined;
  const nameClient = createClientNaming(trustedProxies);
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  return async (request, client) => {
    try {
      await limiter.consume(nameClient(request, client));
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes ? toRejection(refusal) : refusal;
    }
  };
}
