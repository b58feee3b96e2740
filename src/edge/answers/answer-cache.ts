import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { LibraryStatus } from '../../core/model/library.js';
import type { AnswerFacts, CacheableParameters, Parameters, Route, RouteRequest } from '../../protocols/route.js';
import type { Encoding } from './encoding.js';

/** A rendered answer, ready to be sent. */
export interface CachedAnswer {
  readonly status: number;
  /** Names and values in turn, as node:http writes them fastest. */
  readonly headers: readonly string[];
  readonly etag: string;
  /** The bytes, of a small body as a string of code units 0 to 255: node:http sends that and its head in one write. */
  readonly body: string | Buffer;
  readonly row: Route;
  /** Time of the last change in milliseconds, where the answer tells one. */
  readonly lastModified: number | undefined;
  readonly facts: AnswerFacts;
}

export interface CacheLimits {
  readonly maxBytes: number;
  readonly maxEntryBytes: number;
  readonly maxAgeMs: number;
}

/** What an entry weighs beside its body: headers, key, bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 1500;
const SPELLING_OVERHEAD_BYTES = 200;
/** Longer headers are not worth a place in the keys. */
const MAX_NEGOTIATED_CHARS = 200;
const DAY_MS = 86_400_000;
/** Part of the budget that goes to addresses as spelt, so that a repeated call need not be parsed to find its answer. */
const SPELLINGS_SHARE = 1 / 8;

interface Kept {
  readonly answer: CachedAnswer;
  readonly keptAt: number;
  readonly expiresAt: number;
}

/** What tells answers to the same address apart. */
export interface Variant {
  /** The library's, as the request found it. */
  readonly status: LibraryStatus;
  readonly encoding: Encoding;
  /** Address by which the client reaches us: links in the answer begin with it. */
  readonly baseUrl: string;
  /** The request's headers that answers depend on (`negotiatedBy`). */
  readonly negotiated: string;
}

/** Value of `Vary` of every answer. */
export const VARY = 'Accept, Accept-Encoding, Accept-Language, Prefer';

/**
 * What of a request's headers an answer may depend on, beside its encoding: media type, languages, FHIR's preferences. All of it is
 * in the key of a cached answer.
 */
export function readNegotiated(headers: IncomingHttpHeaders): string {
  const { accept = '', 'accept-language': languages = '', prefer = '' } = headers;
  return `${accept}\r${languages}\r${String(prefer)}`;
}

/** A place in the cache: one for all spellings of a query. */
interface Slot {
  readonly key: string;
  readonly spelling: string;
  readonly status: LibraryStatus;
}

const variantKey = ({ encoding, baseUrl, negotiated }: Variant): string => `${encoding}\n${baseUrl}\n${negotiated}\n`;

/**
 * The rendered answers of requests without any identity, within a budget of bytes. An entry lives an hour at most and
 * never past midnight UTC, since an answer states when it was computed. Keys hold the normalised query, found through
 * the address as spelt. Entries are of one status of the library: another one empties the cache.
 */
export class AnswerCache {
  readonly #answers: LRUCache<string, Kept> | undefined;
  readonly #spellings: LRUCache<string, string> | undefined;
  readonly #limits: CacheLimits;
  /** What the library was when the entries were computed. */
  #status: LibraryStatus | undefined;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
    const forSpellings = Math.floor(limits.maxBytes * SPELLINGS_SHARE);
    if (forSpellings === 0) return;
    this.#answers = new LRUCache({
      maxSize: limits.maxBytes - forSpellings,
      sizeCalculation: ({ answer }, key) => answer.body.length + key.length + ENTRY_OVERHEAD_BYTES,
    });
    this.#spellings = new LRUCache({
      maxSize: forSpellings,
      sizeCalculation: (normalized, spelling) => normalized.length + spelling.length + SPELLING_OVERHEAD_BYTES,
    });
  }

  /** Current usage: how many answers are cached, and their weight in bytes. */
  usage(): { readonly answers: number; readonly bytes: number } {
    const bytes = (this.#answers?.calculatedSize ?? 0) + (this.#spellings?.calculatedSize ?? 0);
    return { answers: this.#answers?.size ?? 0, bytes };
  }

  #follow(status: LibraryStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#answers?.clear();
    this.#spellings?.clear();
  }

  /** The cached answer of an address as it was spelt. @param now the injected clock's time */
  findSpelling(address: string, variant: Variant, now: Date): CachedAnswer | undefined {
    this.#follow(variant.status);
    const key = this.#spellings?.get(variantKey(variant) + address);
    return key === undefined ? undefined : this.#get(key, now);
  }

  /**
   * The place for the answer to a GET request; undefined if it must not be cached: the cache is off, the route caches
   * nothing, a parameter is on no list of harmless ones, or its negotiating headers are longer than is worth a key.
   */
  slotFor(
    cacheable: CacheableParameters | undefined,
    { path, parameters }: Pick<RouteRequest, 'path' | 'parameters'>,
    address: string,
    variant: Variant,
  ): Slot | undefined {
    if (!this.#answers || !cacheable || variant.negotiated.length > MAX_NEGOTIATED_CHARS) return undefined;
    if (!isHarmless(cacheable, parameters)) return undefined;
    const { status } = variant;
    this.#follow(status);
    const prefix = variantKey(variant);
    return { status, key: prefix + normalizeQuery(path, parameters, cacheable.anyCase), spelling: prefix + address };
  }

  /** The cached answer of a place; the spelling is remembered with it. */
  find({ key, spelling }: Slot, now: Date): CachedAnswer | undefined {
    const answer = this.#get(key, now);
    if (answer) this.#spellings?.set(spelling, key);
    return answer;
  }

  /** Caches an answer that was computed at `now`; errors, and answers larger than an entry may be, are not cached. */
  keep({ key, spelling, status }: Slot, answer: CachedAnswer, now: Date): void {
    if (status !== this.#status) return;
    if (answer.status !== 200 || answer.body.length > this.#limits.maxEntryBytes) return;
    const midnight = (Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS;
    const keptAt = now.getTime();
    const expiresAt = Math.min(keptAt + this.#limits.maxAgeMs, midnight);
    this.#answers?.set(key, { answer, keptAt, expiresAt });
    this.#spellings?.set(spelling, key);
  }

  #get(key: string, now: Date): CachedAnswer | undefined {
    const cached = this.#answers?.get(key);
    if (!cached) return undefined;
    const time = now.getTime();
    // An answer with a future time was cached before the clock was set back: it would stay for as long as that.
    if (time >= cached.keptAt && time < cached.expiresAt) return cached.answer;
    this.#answers?.delete(key);
    return undefined;
  }
}

/** Whether every parameter is on the route's list, so that no key ever has an identity in it. */
function isHarmless({ names, anyCase, numbered }: CacheableParameters, parameters: Parameters): boolean {
  return parameters.every(([sent]) => {
    const name = anyCase ? sent.toLowerCase() : sent;
    return names.has(name) || (numbered?.test(name) ?? false);
  });
}

/**
 * A query as it counts for its answer: names in lower case where case does not count, empty values gone, sorted by name;
 * repeats keep their order.
 */
export function normalizeQuery(path: string, parameters: Parameters, anyCase: boolean): string {
  const sent = parameters
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [anyCase ? name.toLowerCase() : name, value] as const);
  sent.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `${path}?${sent.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
}
