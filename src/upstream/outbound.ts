import type { Dispatcher } from 'undici';
import { Agent, EnvHttpProxyAgent } from 'undici';
import type { Proxies } from '../config/proxies.js';

/**
 * Creates the dispatcher of outbound calls: through the site's proxies, if configured, else direct. http and https both
 * use a tunnel (`CONNECT`), so that the options apply to both.
 */
export function createDispatcher(proxies: Proxies | undefined, options: Agent.Options = {}): Dispatcher {
  if (!proxies) return new Agent(options);
  // Empty strings and not undefined: undici would otherwise read the environment itself.
  const { http = '', https = '', except } = proxies;
  return new EnvHttpProxyAgent({ ...options, httpProxy: http, httpsProxy: https, noProxy: except });
}

let dispatcher: Dispatcher | undefined;

/** Sets the proxies of all later `fetchOutside` calls of this process. @param proxies undefined: none */
export function useProxies(proxies: Proxies | undefined): void {
  dispatcher = proxies && createDispatcher(proxies);
}

/** Fetches from an external server like `fetch`, through the site's proxies if configured. */
export const fetchOutside: typeof fetch = (address, options) => {
  // Node's own fetch accepts a dispatcher, although the browsers' type lacks it.
  const through: RequestInit & { readonly dispatcher?: Dispatcher | undefined } = { ...options, dispatcher };
  return fetch(address, through);
};

/** Reads a response body and aborts it above a maximum of decompressed bytes. @throws Error if it is larger */
export async function readLimited({ body }: Response, mostBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError('the response is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
