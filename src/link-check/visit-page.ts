import { fetchOutside } from '../upstream/outbound.js';
import { decodeEntities } from '../build/decode-entities.js';

/** Titles and headings of "not found" pages sent with status 200, in English and Spanish. */
const NOT_FOUND = [
  /\b(?:page|file|document|article|topic|content|url|link)\b.{0,40}\b(?:not|can'?t|couldn'?t) (?:be )?(?:found|available|exist)/,
  /\b(?:page|file|document|article|topic|content|url|link)\b.{0,40}\b(?:no longer|does ?n[o']t) (?:available|exists?)/,
  /^(?:error:? )?not found\b/,
  /^(?:error|http)?[ :]*404\b|\b404\b.{0,20}(?:error|not found)/,
  /\bno (?:se )?(?:(?:ha|pudo|puede) )?(?:sido )?encontr(?:ad|ó|ar)/,
  /\bp[^ ]{0,2}gina (?:ya )?no (?:existe|está|esta|disponible)/,
];

/** The home page of a site, or of its part in a language. */
const HOME = /^\/(?:(?:en|es|english|spanish|espanol)\/?)?(?:(?:index|default|home)(?:\.\w{1,5})?\/?)?$/i;

const TITLE = /<title[^<>]{0,200}>([^<]{1,500})/i;
const MOST_HEADING_CHARS = 1000;

const stripMarkup = (html: string): string =>
  decodeEntities(html.replace(/<[^<>]{0,500}>/g, ' '))
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();

/** Whether a title or a heading is that of a "not found" page. */
export function isNotFoundTitle(words: string): boolean {
  const plain = stripMarkup(words);
  return NOT_FOUND.some((pattern) => pattern.test(plain));
}

/** The first heading of a page; empty where it has none, or one without an end. */
function readHeading(html: string): string {
  const begin = /<h1[^<>]*>/i.exec(html);
  const rest = begin ? html.slice(begin.index + begin[0].length).slice(0, MOST_HEADING_CHARS) : '';
  const [heading = '', ...behind] = rest.split(/<\/h1/i);
  return behind.length > 0 ? heading : '';
}

/** Whether a page's title or first heading states that it was not found. */
export function isNotFoundPage(html: string): boolean {
  return isNotFoundTitle(TITLE.exec(html)?.[1] ?? '') || isNotFoundTitle(readHeading(html));
}

/** Whether an address is a site's home page, to which sites redirect requests for deleted pages. */
export function isHome({ pathname, search }: URL): boolean {
  return search === '' && HOME.test(pathname);
}

/**
 * Results of a visit: the page is there; it is there under another address; its site reports it gone; its site states
 * so only in words, or shows its home page instead; no result now.
 */
export const VERDICTS = ['ok', 'moved', 'gone', 'soft-404', 'unreachable'] as const;
export type LinkVerdict = (typeof VERDICTS)[number];

export interface PageVisit {
  readonly verdict: LinkVerdict;
  /** The last HTTP status; undefined if there was no response. */
  readonly status: number | undefined;
  /** The last address after redirects. */
  readonly finalUrl: string;
}

export interface VisitOptions {
  /** Identifies us, so that a site can contact us. */
  readonly userAgent: string;
  /** Timeout of one request, including its body. */
  readonly timeoutMs: number;
  readonly maxHops: number;
  /** Maximum bytes read of a page: its title is near its beginning. */
  readonly maxBytes: number;
  /** Whether requests may be sent to a host (with its port); others are never contacted. */
  readonly isAllowed: (host: string) => boolean;
  /** Waits until a request may be sent to a host. */
  readonly waitTurn: (host: string) => Promise<void>;
  /** Pauses requests to a host that sends Retry-After. */
  readonly pause: (host: string, ms: number) => void;
}

/** The response to one request. */
interface Reply {
  readonly status: number;
  /** The redirect's target; undefined if there is none. */
  readonly location: string | undefined;
  readonly isHtml: boolean;
  readonly text: string;
  /** The pause that the site requests. */
  readonly retryAfterMs: number | undefined;
}

const GONE: ReadonlySet<number> = new Set([404, 410]);
/** Statuses of an overloaded site. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);
/** A site that requires a longer pause counts as unreachable: the next run tries again. */
const MAX_PAUSE_MS = 120_000;
const isThere = (status: number): boolean => status >= 200 && status < 300;

/** Reads the beginning of a page and cancels the rest. */
async function readStart({ body }: Response, maxBytes: number): Promise<string> {
  if (!body) return '';
  if (maxBytes === 0) {
    await body.cancel();
    return '';
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}

/** `Retry-After`, in seconds or as a date by the site's own clock. */
function readRetryAfter({ status, headers }: Response): number | undefined {
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
  return { status, location, isHtml, text, retryAfterMs: readRetryAfter(response) };
}

/** Sends one request; undefined if there is no response in time. */
async function requestOnce(method: Method, url: URL, options: VisitOptions): Promise<Reply | undefined> {
  await options.waitTurn(url.host);
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  // Decompressing a body may never end, even if aborted, and an abort signal's timer does not keep the process alive:
  // this one does, and bounds the wait.
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

/** Sends one request, and retries once if the site is busy and states when. */
async function request(method: Method, url: URL, options: VisitOptions): Promise<Reply | undefined> {
  const reply = await requestOnce(method, url, options);
  const waitMs = reply?.retryAfterMs;
  if (waitMs === undefined || waitMs > MAX_PAUSE_MS) return reply;
  options.pause(url.host, waitMs);
  return requestOnce(method, url, options);
}

/**
 * Requests a page: with HEAD, to spare the site, and with GET if HEAD is rejected or does not show whether the page is
 * a "not found" page.
 */
async function look(url: URL, options: VisitOptions): Promise<Reply | undefined> {
  const head = await request('HEAD', url, options);
  const isEnough = head && (head.location !== undefined || (isThere(head.status) && !head.isHtml));
  return isEnough ? head : request('GET', url, options);
}

function dropFragment(address: string): string {
  return address.replace(/#[^]*/, '');
}

function judge({ status, isHtml, text }: Reply, requested: URL, reached: URL): LinkVerdict {
  if (GONE.has(status)) return 'gone';
  if (!isThere(status)) return 'unreachable';
  const isEmpty = isHtml && text.trim() === '';
  if (isEmpty || isNotFoundPage(text) || (isHome(reached) && !isHome(requested))) return 'soft-404';
  return dropFragment(reached.href) === dropFragment(requested.href) ? 'ok' : 'moved';
}

/** The target of a redirect; undefined if it is not an address. */
function resolveRedirect(location: string, from: URL): URL | undefined {
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return next && /^https?:$/.test(next.protocol) ? next : undefined;
}

/**
 * Visits a page and returns the result. Never throws: an unreachable page is a verdict.
 * @param address http(s) address whose host is allowed; an invalid one is unreachable
 */
export async function visitPage(address: string, options: VisitOptions): Promise<PageVisit> {
  if (!URL.canParse(address)) return { verdict: 'unreachable', status: undefined, finalUrl: address };
  const requested = new URL(address);
  let current = requested;
  let status: number | undefined;
  for (let hop = 0; hop <= options.maxHops; hop += 1) {
    const reply = await look(current, options);
    if (!reply) return { verdict: 'unreachable', status: undefined, finalUrl: current.href };
    status = reply.status;
    if (reply.location === undefined)
      return { verdict: judge(reply, requested, current), status, finalUrl: current.href };
    const next = resolveRedirect(reply.location, current);
    if (!next) break;
    // A site without any of our pages is not contacted: the curator checks where the page went.
    if (!options.isAllowed(next.host)) return { verdict: 'moved', status, finalUrl: next.href };
    current = next;
  }
  return { verdict: 'unreachable', status, finalUrl: current.href };
}
