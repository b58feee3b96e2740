import type { IndexFacts, SearchIndex, TermRecord } from './search-index.js';

const MOST_COMPLETIONS = 12;
/** Rarity of an unknown word, relative to a word in a single document. */
const UNKNOWN_SHARE = 0.6;

/** The fetched records of terms. */
export class TermRecords {
  readonly #index: SearchIndex;
  readonly #facts: readonly IndexFacts[];
  readonly #records = new Map<string, TermRecord[]>();
  /** Requested terms; a term fetched only as a completion may lack records of other indexes. */
  readonly #requested = new Set<string>();

  constructor(index: SearchIndex) {
    this.#index = index;
    this.#facts = index.indexes;
  }

  get indexes(): readonly IndexFacts[] {
    return this.#facts;
  }

  of(term: string): readonly TermRecord[] {
    return this.#records.get(term) ?? [];
  }

  /** Fetches missing terms; returns the terms with the prefix. */
  fetch(terms: readonly string[], prefix?: string): string[] {
    const missing = [...new Set(terms)].filter((term) => !this.#requested.has(term));
    if (missing.length === 0 && prefix === undefined) return [];
    for (const term of missing) this.#requested.add(term);
    const request = { terms: missing, prefix, mostCompletions: MOST_COMPLETIONS };
    const completions = new Set<string>();
    for (const record of this.#index.findTerms(request)) {
      const { term, release } = record;
      const known = this.#records.get(term) ?? [];
      // A term may be requested and have the prefix as well.
      if (!known.some((other) => other.release === release)) this.#records.set(term, [...known, record]);
      if (prefix !== undefined && term !== prefix && term.startsWith(prefix)) completions.add(term);
    }
    return [...completions].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }

  /** Weight of a word in no index: more than most known words, since a page on it would be another page. */
  get rarityOfUnknown(): number {
    const all = this.#facts.reduce((sum, { documents }) => sum + documents, 0);
    return UNKNOWN_SHARE * Math.log(1 + 2 * all);
  }

  /**
   * BM25's inverse document frequency of a word that is any of these terms. Zero if no document has one: an unknown
   * word distinguishes nothing.
   */
  measureRarity(terms: Iterable<string>): number {
    let holding = 0;
    for (const term of terms) for (const { documents } of this.of(term)) holding += documents;
    if (holding === 0) return 0;
    const all = this.#facts.reduce((sum, { documents }) => sum + documents, 0);
    return Math.log(1 + Math.max(0, all - holding + 0.5) / (holding + 0.5));
  }
}
