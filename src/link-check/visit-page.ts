import { isHome, saysNotFound } from './page-wording.js';

/**
 * What became of a page: it is there; it is there under another address; its site says that it is gone; its site says so
 * in words alone, or shows its home page instead; nothing can be said now.
 */
export const VERDICTS = ['ok', 'moved', 'gone', 'soft-404', 'unreachable'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Visit {
  readonly verdict: Verdict;
  /** The last HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** Where the way ended. */
  readonly finalUrl: string;
}

export interface VisitOptions {
  /** Names us, so that a site knows who asks and whom to tell to stop. */
  readonly userAgent: string;
  /** For one request, its body included. */
  readonly timeoutMs: number;
  readonly maxHops: number;
  /** More of a page is not read: its title stands at its beginning. */
  readonly maxBytes: number;
  /** Whether requests may go to a host (with its port); others are never asked. */
  readonly isAllowed: (host: string) => boolean;
  /** Waits until a request may be sent to a host. */
  readonly turnOf: (host: string) => Promise<void>;
}

/** What one request brought. */
interface Reply {
  readonly status: number;
  /** Where it leads; undefined where it leads nowhere. */
  readonly location: string | undefined;
  readonly isHtml: boolean;
  readonly text: string;
}

const GONE: ReadonlySet<number> = new Set([404, 410]);
const isThere = (status: number): boolean => status >= 200 && status < 300;

/** Reads a page's beginning, and leaves the rest. */
async function readStart({ body }: Response, maxBytes: number): Promise<string> {
  if (!body) return '';
  if (maxBytes === 0) {
    await body.cancel();
    return '';
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels what is still to come.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}

/** Sends one request; undefined where nothing comes back in time. */
async function request(method: 'HEAD' | 'GET', url: URL, options: VisitOptions): Promise<Reply | undefined> {
  const { userAgent, timeoutMs, maxBytes, turnOf } = options;
  await turnOf(url.host);
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { 'User-Agent': userAgent, Accept: 'text/html, application/pdf;q=0.9, */*;q=0.5' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { status, headers } = response;
    const isHtml = (headers.get('content-type') ?? 'text/html').includes('html');
    const location = status >= 300 && status < 400 ? (headers.get('location') ?? undefined) : undefined;
    const text = await readStart(response, isHtml && isThere(status) ? maxBytes : 0);
    return { status, location, isHtml, text };
  } catch {
    return undefined;
  }
}

/**
 * Asks for a page: with HEAD, which spares the site, and with GET where HEAD is refused or leaves open whether a page says
 * in words that it is not there.
 */
async function look(url: URL, options: VisitOptions): Promise<Reply | undefined> {
  const head = await request('HEAD', url, options);
  const isEnough = head && (head.location !== undefined || (isThere(head.status) && !head.isHtml));
  return isEnough ? head : request('GET', url, options);
}

function withoutFragment(address: string): string {
  return address.replace(/#.*$/, '');
}

function judge({ status, text }: Reply, asked: URL, reached: URL): Verdict {
  if (GONE.has(status)) return 'gone';
  if (!isThere(status)) return 'unreachable';
  if (saysNotFound(text) || (isHome(reached) && !isHome(asked))) return 'soft-404';
  return withoutFragment(reached.href) === withoutFragment(asked.href) ? 'ok' : 'moved';
}

/** The address that a redirect leads to; undefined for what is none. */
function nextOf(location: string, from: URL): URL | undefined {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return next && /^https?:$/.test(next.protocol) ? next : undefined;
}

/**
 * Visits a page and says what became of it. Never throws: what cannot be reached is a verdict.
 * @param address absolute http(s) address whose host is allowed
 */
export async function visitPage(address: string, options: VisitOptions): Promise<Visit> {
  const asked = new URL(address);
  let current = asked;
  let status: number | undefined;
  for (let hop = 0; hop <= options.maxHops; hop += 1) {
    const reply = await look(current, options);
    if (!reply) return { verdict: 'unreachable', status: undefined, finalUrl: current.href };
    status = reply.status;
    if (reply.location === undefined) return { verdict: judge(reply, asked, current), status, finalUrl: current.href };
    const next = nextOf(reply.location, current);
    if (!next) break;
    // A site we hold no page of is not asked: the curator sees where the page went.
    if (!options.isAllowed(next.host)) return { verdict: 'moved', status, finalUrl: next.href };
    current = next;
  }
  return { verdict: 'unreachable', status, finalUrl: current.href };
}
