import type { RouteRequest } from '../protocols/route.js';

/** Longer addresses are not written into a page. */
export const MOST_ADDRESS_CHARS = 1000;

/** Whether a text is an address below ours: after its first slash no other comes, which would name another host. */
export const isOwnPath = (path: string): boolean =>
  path.length <= MOST_ADDRESS_CHARS && /^\/(?![/\\])[^\s]*$/.test(path);

function parseHost(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : undefined;
}

/**
 * Finds where a posted form comes from, by the browser's headers: a page of ours, another site, or unknown if there are none.
 * Sec-Fetch-Site (`none`: the person reloads) is sent over https alone, Origin by every browser of this decade.
 */
export function findFormOrigin({ headers, baseUrl }: RouteRequest): 'own' | 'foreign' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return 'own';
  if (site !== undefined && site !== 'none') return 'foreign';
  if (headers.origin === undefined) return 'unknown';
  const origin = parseHost(headers.origin);
  return origin !== undefined && (origin === headers.host || origin === parseHost(baseUrl)) ? 'own' : 'foreign';
}
