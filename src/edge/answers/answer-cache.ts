import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import type { LibraryStatus } from '../../core/model/library.js';
import type { AnswerFacts, CacheableParameters, Parameters, Route } from '../../protocols/route.js';

export type Encoding = 'identity' | 'gzip' | 'br';

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

/** Weight of an entry beside its body and its key: headers, bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 1500;
/** Longer headers are not worth a place in the keys. */
const MAX_NEGOTIATED_CHARS = 200;
const DAY_MS = 86_400_000;

interface Kept {
  readonly answer: CachedAnswer;
  readonly keptAt: number;
  readonly expiresAt: number;
}

/** Facts that distinguish answers to one address. */
export interface Variant {
  /** The library's, as the request found it. */
  readonly status: LibraryStatus;
  readonly encoding: Encoding;
  /** Address by which the client reaches us: links in the answer begin with it. */
  readonly baseUrl: string;
  /** The request's headers that answers depend on (`readNegotiated`). */
  readonly negotiated: string;
}

/** Value of `Vary` of every answer. */
export const VARY = 'Accept, Accept-Encoding, Accept-Language, Prefer';

/** Joins the headers that an answer may depend on, beside its encoding: media type, languages, FHIR's preferences. */
export function readNegotiated(headers: IncomingHttpHeaders): string {
  const { accept = '', 'accept-language': languages = '', prefer = '' } = headers;
  return `${accept}\r${languages}\r${String(prefer)}`;
}

const buildKey = (address: string, { encoding, baseUrl, negotiated }: Variant): string =>
  `${encoding}\n${baseUrl}\n${negotiated}\n${address}`;

/**
 * Rendered answers of requests without any identity, by their addresses as they were sent, within a budget of bytes. An entry lives
 * an hour at most and never past midnight UTC, since an answer states when it was computed. Entries are of one status of the library:
 * another one empties the cache.
 */
export class AnswerCache {
  readonly #answers: LRUCache<string, Kept> | undefined;
  readonly #limits: CacheLimits;
  /** Status of the library of which the entries were computed. */
  #status: LibraryStatus | undefined;

  /** @param limits a budget of 0 bytes switches the cache off */
  constructor(limits: CacheLimits) {
    this.#limits = limits;
    if (limits.maxBytes === 0) return;
    this.#answers = new LRUCache({
      maxSize: limits.maxBytes,
      sizeCalculation: ({ answer }, key) => answer.body.length + key.length + ENTRY_OVERHEAD_BYTES,
    });
  }

  /** Current usage: how many answers are cached, and their weight in bytes. */
  usage(): { readonly answers: number; readonly bytes: number } {
    return { answers: this.#answers?.size ?? 0, bytes: this.#answers?.calculatedSize ?? 0 };
  }

  /** True if the answer to a GET request may be cached: its row allows it, and with each of its parameters, so that no key has an identity in it. */
  mayKeep(cacheable: CacheableParameters | undefined, parameters: Parameters, { negotiated }: Variant): boolean {
    if (!this.#answers || !cacheable || negotiated.length > MAX_NEGOTIATED_CHARS) return false;
    const { names, anyCase, numbered } = cacheable;
    return parameters.every(([sent]) => {
      const name = anyCase ? sent.toLowerCase() : sent;
      return names.has(name) || (numbered?.test(name) ?? false);
    });
  }

  /** Finds the cached answer of an address. @param now the injected clock's time */
  find(address: string, variant: Variant, now: Date): CachedAnswer | undefined {
    if (this.#status !== variant.status) {
      this.#status = variant.status;
      this.#answers?.clear();
    }
    const key = buildKey(address, variant);
    const cached = this.#answers?.get(key);
    if (!cached) return undefined;
    const time = now.getTime();
    // An answer with a future time was cached before the clock was set back: it would stay for as long as that.
    if (time >= cached.keptAt && time < cached.expiresAt) return cached.answer;
    this.#answers?.delete(key);
    return undefined;
  }

  /** Caches an answer that was computed at `now`; errors, and answers larger than an entry may be, are not cached. */
  keep(address: string, variant: Variant, answer: CachedAnswer, now: Date): void {
    if (variant.status !== this.#status) return;
    if (answer.status !== 200 || answer.body.length > this.#limits.maxEntryBytes) return;
    const keptAt = now.getTime();
    const midnight = (Math.floor(keptAt / DAY_MS) + 1) * DAY_MS;
    const expiresAt = Math.min(keptAt + this.#limits.maxAgeMs, midnight);
    this.#answers?.set(buildKey(address, variant), { answer, keptAt, expiresAt });
  }
}
