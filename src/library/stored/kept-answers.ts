import { LRUCache } from 'lru-cache';
import type { Coding } from '../../core/library.js';
import { codingKey } from '../../core/concept.js';

/**
 * Codings whose answers are kept: EHRs send who asks and for whom with every call, so most answers cannot come from the
 * answer cache, while a hospital's codes repeat. A code is no identity.
 */
const MOST_CODINGS = 10_000;

/** What a library said of the codings it was asked for last, until it is told to forget that. */
export class KeptAnswers<Answer> {
  readonly #kept = new LRUCache<string, readonly Answer[]>({ max: MOST_CODINGS });
  #forgotten = 0;

  forget(): void {
    this.#kept.clear();
    this.#forgotten += 1;
  }

  /**
   * The answers of codings by their key, kept or read now.
   * @param read answers codings that are not kept, each as if it were asked alone; it may leave out those without an answer
   */
  async find(
    codings: readonly Coding[],
    read: (missing: readonly Coding[]) => Promise<ReadonlyMap<string, readonly Answer[]>>,
  ): Promise<ReadonlyMap<string, readonly Answer[]>> {
    // Taken before anything is read: what is read comes into memory in the place of what is there.
    const found = new Map<string, readonly Answer[]>();
    const missing = new Map<string, Coding>();
    for (const coding of codings) {
      const key = codingKey(coding);
      const known = this.#kept.get(key);
      if (known) found.set(key, known);
      else missing.set(key, coding);
    }
    if (missing.size === 0) return found;
    const before = this.#forgotten;
    const fresh = await read([...missing.values()]);
    for (const [key, { system }] of missing) {
      const answers = fresh.get(key) ?? [];
      found.set(key, answers);
      // What was read while a swap came is used once and not kept; a drug's name that nobody knows may be anything that was
      // typed: only names of ours stay in memory.
      const mayBeKept = system !== 'drug-name' || answers.length > 0;
      if (mayBeKept && before === this.#forgotten) this.#kept.set(key, answers);
    }
    return found;
  }

  /** The answers of one coding. */
  async findOne(coding: Coding, read: (coding: Coding) => Promise<readonly Answer[]>): Promise<readonly Answer[]> {
    const key = codingKey(coding);
    const found = await this.find([coding], async () => new Map([[key, await read(coding)]]));
    return found.get(key) ?? [];
  }
}
