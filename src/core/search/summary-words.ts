import { NOTES, PackedListReader, PackedListWriter } from './packed-list.js';
import { foldPlural, tokensOf } from './text-tokens.js';

/** A word of summaries, and the summaries with it: a packed list, each with how often it is there. */
export interface SummaryTerm {
  readonly term: string;
  readonly postings: Uint8Array;
}

/** The words of sanitised HTML, which is well-formed: between its tags and its few entities. */
export const plainText = (html: string): string => html.replace(/<[^>]*>|&#?\w+;/g, ' ');

/** Collects the words of a release's summaries. They are an index of their own: a page is not named by all of its words. */
export class SummaryWords {
  readonly #terms = new Map<string, PackedListWriter>();
  #summaries = 0;

  /** Adds the next summary. */
  add(html: string): void {
    const counts = new Map<string, number>();
    for (const { word } of tokensOf(plainText(html))) {
      const term = foldPlural(word);
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    for (const [term, count] of counts) {
      let postings = this.#terms.get(term);
      if (!postings) this.#terms.set(term, (postings = new PackedListWriter()));
      postings.append(this.#summaries, Math.min(count, NOTES - 1));
    }
    this.#summaries += 1;
  }

  /** Number of summaries added. */
  get summaries(): number {
    return this.#summaries;
  }

  /** All terms in order. */
  terms(): SummaryTerm[] {
    const terms = [...this.#terms].map(([term, postings]) => ({ term, postings: postings.bytes() }));
    return terms.sort((a, b) => (a.term < b.term ? -1 : 1));
  }
}

/**
 * The summaries with all of some words, the one that has the rarer ones more often first.
 * @param lists the postings of each word
 * @param summaries how many there are
 */
export function findWithAll(lists: readonly Uint8Array[], summaries: number): { summary: number; weight: number }[] {
  const weights = new Map<number, { held: number; weight: number }>();
  for (const [at, list] of lists.entries()) {
    const found: [number, number][] = [];
    for (const reader = new PackedListReader(list); reader.next();) found.push([reader.number, reader.note]);
    const rarity = Math.log(1 + summaries / Math.max(1, found.length));
    for (const [summary, count] of found) {
      const before = weights.get(summary) ?? { held: 0, weight: 0 };
      if (before.held === at)
        weights.set(summary, { held: at + 1, weight: before.weight + rarity * Math.log2(1 + count) });
    }
  }
  return [...weights]
    .flatMap(([summary, { held, weight }]) => (held === lists.length ? [{ summary, weight }] : []))
    .sort((a, b) => b.weight - a.weight || a.summary - b.summary);
}
