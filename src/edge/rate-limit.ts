import type { IncomingMessage } from 'node:http';
import proxyAddress from 'proxy-addr';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RequestError } from '../core/errors.js';

const WINDOW_SECONDS = 60;

/** Counts a request against its client; rejects with RequestError `rate-limited` past the limit. */
export type RateLimit = (request: IncomingMessage) => Promise<void>;

/**
 * Limits each client's requests a minute.
 * @param perMinute 0 switches the limit off
 * @param trustedProxies the proxies whose X-Forwarded-For names the client
 */
export function createRateLimit(perMinute: number, trustedProxies: readonly string[]): RateLimit | undefined {
  if (perMinute === 0) return undefined;
  const trust = proxyAddress.compile([...trustedProxies]);
  const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
  return async (request) => {
    try {
      await limiter.consume(proxyAddress(request, trust));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new RequestError('rate-limited', { seconds: Math.ceil(refusal.msBeforeNext / 1000) });
    }
  };
}
