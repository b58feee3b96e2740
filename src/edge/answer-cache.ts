import { LRUCache } from 'lru-cache';
import type { AnswerFacts, CacheableParameters, Parameters } from '../protocols/route.js';
import type { Encoding } from './encoding.js';

/** A rendered answer, ready to be sent. */
export interface CachedAnswer {
  readonly status: number;
  /** Names and values in turn, as node:http writes them fastest. */
  readonly headers: readonly string[];
  readonly etag: string;
  /** The bytes as a string of code units 0 to 255: node:http sends such a body and its head in one write. */
  readonly body: string;
  readonly protocol: string;
  readonly route: string;
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
const DAY_MS = 86_400_000;
/** Part of the budget that goes to addresses as spelt, so that a repeated call need not be parsed to find its answer. */
const SPELLINGS_SHARE = 1 / 8;

interface Kept {
  readonly answer: CachedAnswer;
  readonly expiresAt: number;
}

/** What tells answers to the same address apart. */
export interface Variant {
  readonly release: string;
  readonly encoding: Encoding;
  readonly accept: string;
}

const variantKey = ({ release, encoding, accept }: Variant): string => `${release}\n${encoding}\n${accept}\n`;

/**
 * The rendered answers of requests without any identity, within a budget of bytes. An entry lives an hour at most and
 * never past midnight UTC, since an answer says when it was computed. Keys hold the normalised query, found through the
 * address as spelt; a new release changes every key.
 */
export class AnswerCache {
  readonly #answers: LRUCache<string, Kept> | undefined;
  readonly #spellings: LRUCache<string, string> | undefined;
  readonly #limits: CacheLimits;

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

  /** False where the budget is nothing. */
  get isOn(): boolean {
    return this.#answers !== undefined;
  }

  /** The answer kept for an address as it was spelt. @param now the injected clock's time */
  findSpelling(address: string, variant: Variant, now: Date): CachedAnswer | undefined {
    const key = this.#spellings?.get(variantKey(variant) + address);
    return key === undefined ? undefined : this.#get(key, now);
  }

  /** The answer kept for a normalised query; the spelling is remembered with it. */
  find(address: string, normalized: string, variant: Variant, now: Date): CachedAnswer | undefined {
    const key = variantKey(variant) + normalized;
    const answer = this.#get(key, now);
    if (answer) this.#spellings?.set(variantKey(variant) + address, key);
    return answer;
  }

  /** Keeps an answer that was computed at `now`. */
  keep(address: string, normalized: string, variant: Variant, answer: CachedAnswer, now: Date): void {
    if (answer.body.length > this.#limits.maxEntryBytes) return;
    const key = variantKey(variant) + normalized;
    const midnight = (Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS;
    const expiresAt = Math.min(now.getTime() + this.#limits.maxAgeMs, midnight);
    this.#answers?.set(key, { answer, expiresAt });
    this.#spellings?.set(variantKey(variant) + address, key);
  }

  #get(key: string, now: Date): CachedAnswer | undefined {
    const kept = this.#answers?.get(key);
    if (!kept) return undefined;
    if (now.getTime() < kept.expiresAt) return kept.answer;
    this.#answers?.delete(key);
    return undefined;
  }
}

/** Whether every parameter is on the route's list, so that no identity ever stands in a key. */
export function isHarmless({ names, anyCase, numbered }: CacheableParameters, parameters: Parameters): boolean {
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
