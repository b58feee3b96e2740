import { fetchOutside } from '../upstream/outbound.js';
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
  /** A host that asks for it is left alone for so long; turns wait for that. */
  readonly pause: (host: string, ms: number) => void;
}

/** What one request brought. */
interface Reply {
  readonly status: number;
  /** Where it leads; undefined where it leads nowhere. */
  readonly location: string | undefined;
  readonly isHtml: boolean;
  readonly text: string;
  /** How long the site asks us to wait before we ask again. */
  readonly retryAfterMs: number | undefined;
}

const GONE: ReadonlySet<number> = new Set([404, 410]);
/** A site that is overrun, for now. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);
/** Who asks us to wait longer is unreachable: the next run asks again. */
const MAX_PAUSE_MS = 120_000;
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

/** `Retry-After`, in seconds or as a day and time of the site's own clock. */
function retryAfterOf({ status, headers }: Response): number | undefined {
  const sent = headers.get('retry-after') ?? '';
  if (!BUSY.has(status) || sent === '') return undefined;
  const ms = /^\d+$/.test(sent) ? Number(sent) * 1000 : Date.parse(sent) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

type Method = 'HEAD' | 'GET';

async function fetchReply(method: Method, url: URL, signal: AbortSignal, options: VisitOptions): Promise<Reply> {
  const response = await fetchOutside(url, {
    method,
    redirect: 'manual',
    headers: { 'User-Agent': options.userAgent, Accept: 'text/html, application/pdf;q=0.9, */*;q=0.5' },
    signal,
  });
  const { status, headers } = response;
  const isHtml = (headers.get('content-type') ?? 'text/html').includes('html');
  const location = status >= 300 && status < 400 ? (headers.get('location') ?? undefined) : undefined;
  const text = await readStart(response, isHtml && isThere(status) ? options.maxBytes : 0);
  return { status, location, isHtml, text, retryAfterMs: retryAfterOf(response) };
}

/** Sends one request; undefined where nothing comes back in time. */
async function requestOnce(method: Method, url: URL, options: VisitOptions): Promise<Reply | undefined> {
  await options.turnOf(url.host);
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // A body that cannot be unpacked may never end, aborted or not, and an aborting signal's own timer does not keep the
  // process alive: this one does, and nothing is waited for beyond it.
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      resolve(undefined);
      abort.abort();
    }, options.timeoutMs);
  });
  try {
    return await Promise.race([fetchReply(method, url, abort.signal, options).catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends one request, and once more where the site is busy and says when to come back. */
async function request(method: Method, url: URL, options: VisitOptions): Promise<Reply | undefined> {
  const reply = await requestOnce(method, url, options);
  const waitMs = reply?.retryAfterMs;
  if (waitMs === undefined || waitMs > MAX_PAUSE_MS) return reply;
  options.pause(url.host, waitMs);
  return requestOnce(method, url, options);
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

function judge({ status, isHtml, text }: Reply, asked: URL, reached: URL): Verdict {
  if (GONE.has(status)) return 'gone';
  if (!isThere(status)) return 'unreachable';
  const isEmpty = isHtml && text.trim() === '';
  if (isEmpty || saysNotFound(text) || (isHome(reached) && !isHome(asked))) return 'soft-404';
  return withoutFragment(reached.href) === withoutFragment(asked.href) ? 'ok' : 'moved';
}

/** The address that a redirect leads to; undefined for what is none. */
function nextOf(location: string, from: URL): URL | undefined {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return next && /^https?:$/.test(next.protocol) ? next : undefined;
}

/**
 * Visits a page and says what became of it. Never throws: what cannot be reached is a verdict.
 * @param address http(s) address whose host is allowed; one that is no address is unreachable
 */
export async function visitPage(address: string, options: VisitOptions): Promise<Visit> {
  if (!URL.canParse(address)) return { verdict: 'unreachable', status: undefined, finalUrl: address };
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
