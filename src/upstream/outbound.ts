import type { Dispatcher } from 'undici';
import { Agent, EnvHttpProxyAgent } from 'undici';
import type { Proxies } from '../config/proxies.js';

/**
 * Creates what carries calls to servers outside: through the site's proxies, where it has some, else straight. https and http
 * alike go through a tunnel (`CONNECT`), so that the options hold for both.
 */
export function createDispatcher(proxies: Proxies | undefined, options: Agent.Options = {}): Dispatcher {
  if (!proxies) return new Agent(options);
  // Empty and not undefined: the environment is read in one place alone.
  const { http = '', https = '', except } = proxies;
  return new EnvHttpProxyAgent({ ...options, httpProxy: http, httpsProxy: https, noProxy: except });
}

let dispatcher: Dispatcher | undefined;

/** Sets the proxies of every further `fetchOutside` of this process. @param proxies undefined: none */
export function useProxies(proxies: Proxies | undefined): void {
  dispatcher = proxies && createDispatcher(proxies);
}

/** Fetches from a server outside, as `fetch` does, through the site's proxies where it has some. */
export const fetchOutside: typeof fetch = (address, options) => {
  // Node's own fetch takes a dispatcher, though the type that browsers share does not say so.
  const through: RequestInit & { readonly dispatcher?: Dispatcher | undefined } = { ...options, dispatcher };
  return fetch(address, through);
};

/** Reads the body of an answer and breaks it off once it is larger than may be, as it is unpacked. @throws Error where it is larger */
export async function readLimited({ body }: Response, mostBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels what is still to come.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostBytes) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
