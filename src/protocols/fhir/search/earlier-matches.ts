import { LRUCache } from 'lru-cache';
import { LIMITS } from '../../../limits.js';
import type { Search } from './read-search.js';

interface Kept<Found> {
  readonly found: Found;
  readonly until: number;
}

/** What a search found, by the release in which it did and by its parameters. */
type Wanted = Pick<Search<never>, 'used'>;

/**
 * The matches of searches of more than one page, in their order: after a swap, page links lead on through them for some minutes.
 * They say which documents come on a page, and nothing of the documents: these are read as they are now.
 */
export class EarlierMatches<Found> {
  readonly #lists = new LRUCache<string, Kept<Found>>({ maxSize: LIMITS.maxEarlierMatches });

  #keyOf(release: string, { used }: Wanted): string {
    return `${release} ${JSON.stringify(used)}`;
  }

  /** @param matches how many there are */
  keep(release: string, wanted: Wanted, found: Found, matches: number, now: Date): void {
    if (matches > LIMITS.maxEarlierMatches) return;
    const until = now.getTime() + LIMITS.pageLinksMs;
    this.#lists.set(this.#keyOf(release, wanted), { found, until }, { size: matches });
  }

  find(release: string, wanted: Wanted, now: Date): Found | undefined {
    const kept = this.#lists.get(this.#keyOf(release, wanted));
    return kept && now.getTime() < kept.until ? kept.found : undefined;
  }
}
