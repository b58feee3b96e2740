import type { Language } from '../model/language.js';
import { LEAST_COUNT } from './hide-small.js';
import type { RecordedEntry } from './record.js';

/** Number of times that an article was handed over in a language. */
export interface GivenCount {
  readonly article: string;
  readonly title: string;
  readonly language: Language;
  readonly count: number;
}

/** Counts what was handed over, a page of entries at a time; entries that were made in error do not count. */
export class GivenCounter {
  readonly #counts = new Map<string, GivenCount>();

  add({ entry, error }: RecordedEntry): void {
    if (error) return;
    for (const { article, title, language } of entry.items) {
      const key = `${article} ${language}`;
      const count = (this.#counts.get(key)?.count ?? 0) + 1;
      this.#counts.set(key, { article, title, language, count });
    }
  }

  /** Counts by article and language, the most frequent first; a count under 11 is undefined. */
  list(): (Omit<GivenCount, 'count'> & { readonly count: number | undefined })[] {
    const counts = [...this.#counts.values()];
    // Hidden ones are in the order of their names, or their places would tell how they compare.
    const rank = ({ count }: GivenCount): number => (count < LEAST_COUNT ? 0 : count);
    counts.sort((a, b) => rank(b) - rank(a) || (a.article < b.article ? -1 : 1) || (a.language < b.language ? -1 : 1));
    return counts.map(({ count, ...rest }) => ({ ...rest, count: count < LEAST_COUNT ? undefined : count }));
  }
}
