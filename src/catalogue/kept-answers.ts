import { LRUCache } from 'lru-cache';
import type { Coding } from '../core/library.js';
import { codingKey } from '../core/concept.js';

/**
 * Codings whose answers are kept: EHRs send who asks and for whom with every call, so most answers cannot come from the
 * answer cache, while a hospital's codes repeat. A code is no identity.
 */
const MOST_CODINGS = 10_000;
/** Articles of which anything is kept: all that are shipped, and a hospital's own. A merged article is about a kilobyte. */
const MOST_ARTICLES = 8000;

/** Answers keys by their text, each as if it were asked alone; it may leave out those without an answer. */
export type Read<Key, Answer> = (keys: readonly Key[]) => ReadonlyMap<string, readonly Answer[]>;

/** What answers are kept of. */
export interface KeptOptions<Key, Answer> {
  /** The text that tells keys apart. */
  readonly keyOf: (key: Key) => string;
  /** Keys whose answers are kept, at most. */
  readonly most: number;
  /** Reads what is not kept. */
  readonly read: Read<Key, Answer>;
  /** Whether that nothing is known of a key is kept too: not of one that may be anything somebody typed. */
  readonly keepsNothing: (key: Key) => boolean;
}

/** What a library said of the keys it was asked for last, until it is told to forget that. */
export class KeptAnswers<Key, Answer> {
  readonly #options: KeptOptions<Key, Answer>;
  readonly #kept: LRUCache<string, readonly Answer[]>;

  constructor(options: KeptOptions<Key, Answer>) {
    this.#options = options;
    this.#kept = new LRUCache({ max: options.most });
  }

  forget(): void {
    this.#kept.clear();
  }

  /** The answers of keys by their text, kept or read now. */
  find(keys: readonly Key[]): ReadonlyMap<string, readonly Answer[]> {
    const { keyOf, keepsNothing, read } = this.#options;
    // Taken before anything is read: what is read comes into memory in the place of what is there.
    const found = new Map<string, readonly Answer[]>();
    const missing = new Map<string, Key>();
    for (const key of keys) {
      const text = keyOf(key);
      const known = this.#kept.get(text);
      if (known) found.set(text, known);
      else missing.set(text, key);
    }
    if (missing.size === 0) return found;
    const fresh = read([...missing.values()]);
    for (const [text, key] of missing) {
      const answers = fresh.get(text) ?? [];
      found.set(text, answers);
      if (answers.length > 0 || keepsNothing(key)) this.#kept.set(text, answers);
    }
    return found;
  }

  /** The answers of one key. */
  findOne(key: Key): readonly Answer[] {
    return this.find([key]).get(this.#options.keyOf(key)) ?? [];
  }
}

/** Answers kept by coding. A drug's name that nobody knows may be anything that was typed: only names of ours are kept. */
export function keptByCoding<Answer>(read: Read<Coding, Answer>): KeptAnswers<Coding, Answer> {
  return new KeptAnswers({
    keyOf: codingKey,
    most: MOST_CODINGS,
    read,
    keepsNothing: ({ system }) => system !== 'drug-name',
  });
}

/** Answers kept by article. An id that nobody has may be anything, too. */
export function keptByArticle<Answer>(read: Read<string, Answer>): KeptAnswers<string, Answer> {
  return new KeptAnswers({ keyOf: (id) => id, most: MOST_ARTICLES, read, keepsNothing: () => false });
}
