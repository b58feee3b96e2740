import type { Dispatcher } from 'undici';
import type { Proxies } from '../config/terminology-server.js';

let dispatcher: Dispatcher | undefined;

/** Sets the proxies of all later `fetchOutside` calls of this process. @param proxies undefined: none */
export async function useProxies(proxies: Proxies | undefined): Promise<void> {
  dispatcher = proxies && (await import('./dispatcher.js')).createDispatcher(proxies);
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
