import { LRUCache } from 'lru-cache';
import type { AnswerFacts } from '../protocols/route.js';
import type { Encoding } from './encoding.js';

/** A rendered answer, ready to be sent. */
export interface CachedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly body: Buffer;
  readonly protocol: string;
  readonly facts: AnswerFacts;
}

export interface CacheLimits {
  readonly maxBytes: number;
  readonly maxEntryBytes: number;
  readonly maxAgeMs: number;
}

/** What an entry weighs beside its body: headers, key, bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 1500;
const DAY_MS = 86_400_000;
/** Addresses remembered as spelt, so that a repeated call need not be parsed to find its answer. */
const MAX_SPELLINGS = 20_000;

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
  readonly #answers: LRUCache<string, CachedAnswer> | undefined;
  readonly #spellings = new LRUCache<string, string>({ max: MAX_SPELLINGS });
  readonly #limits: CacheLimits;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
    if (limits.maxBytes === 0) return;
    this.#answers = new LRUCache({
      maxSize: limits.maxBytes,
      sizeCalculation: ({ body }, key) => body.length + key.length + ENTRY_OVERHEAD_BYTES,
    });
  }

  /** The answer kept for an address as it was spelt. */
  findSpelling(address: string, variant: Variant): CachedAnswer | undefined {
    if (!this.#answers) return undefined;
    const key = this.#spellings.get(variantKey(variant) + address);
    return key === undefined ? undefined : this.#answers.get(key);
  }

  /** The answer kept for a normalised query; the spelling is remembered with it. */
  find(address: string, normalized: string, variant: Variant): CachedAnswer | undefined {
    const key = variantKey(variant) + normalized;
    const answer = this.#answers?.get(key);
    if (answer) this.#spellings.set(variantKey(variant) + address, key);
    return answer;
  }

  /** Keeps an answer. @param now the injected clock's time, from which midnight is counted */
  keep(address: string, normalized: string, variant: Variant, answer: CachedAnswer, now: Date): void {
    if (!this.#answers || answer.body.length > this.#limits.maxEntryBytes) return;
    const key = variantKey(variant) + normalized;
    const untilMidnight = DAY_MS - (now.getTime() % DAY_MS);
    this.#answers.set(key, answer, { ttl: Math.min(this.#limits.maxAgeMs, untilMidnight) });
    this.#spellings.set(variantKey(variant) + address, key);
  }
}

/**
 * A query as it counts for its answer: names in lower case, empty values gone, sorted by name; repeats keep their order.
 */
export function normalizeQuery(path: string, parameters: readonly (readonly [string, string])[]): string {
  const sent = parameters
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name.toLowerCase(), value] as const);
  sent.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `${path}?${sent.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}
