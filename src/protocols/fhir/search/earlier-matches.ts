import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '../../../limits.js';
import type { Search } from './read-search.js';

interface Cached<Found> {
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
  readonly #lists = new LRUCache<string, Cached<Found>>({ maxSize: LIMITS.maxEarlierMatches });

  /** A hash: what a person typed is in no key. */
  #buildKey(release: string, { used }: Wanted): string {
    return createHash('sha256')
      .update(JSON.stringify([release, used]))
      .digest('base64url');
  }

  /** @param matches how many there are */
  keep(release: string, wanted: Wanted, found: Found, matches: number, now: Date): void {
    if (matches > LIMITS.maxEarlierMatches) return;
    this.#dropExpired(now);
    const until = now.getTime() + LIMITS.pageLinksMs;
    this.#lists.set(this.#buildKey(release, wanted), { found, until }, { size: matches });
  }

  find(release: string, wanted: Wanted, now: Date): Found | undefined {
    this.#dropExpired(now);
    // Reading a list does not prolong it: the oldest one expires first.
    return this.#lists.peek(this.#buildKey(release, wanted))?.found;
  }

  /** Expired lists are dropped at once: they hold the state of documents before a swap. */
  #dropExpired(now: Date): void {
    for (let [oldest] = this.#lists.rkeys(); oldest !== undefined; [oldest] = this.#lists.rkeys()) {
      if ((this.#lists.peek(oldest)?.until ?? 0) > now.getTime()) return;
      this.#lists.delete(oldest);
    }
  }
}
