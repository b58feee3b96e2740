import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { LIMITS } from '../../../limits.js';
import type { DocumentFacts } from './document-facts.js';
import type { Explained } from './explain.js';
import type { Search } from './read-search.js';

/** Matches of a search, in its order. */
export interface Matches {
  readonly found: readonly DocumentFacts[];
  readonly explained: Explained | undefined;
}

/** Key of a search's matches beside the release: its parameters. */
type Wanted = Pick<Search<never>, 'used'>;

/**
 * The matches of searches of more than one page, in their order: after a swap, page links lead on through them for some minutes.
 * They say which documents come on a page, and nothing of the documents: these are read as they are now.
 */
export class EarlierMatches {
  readonly #lists = new LRUCache<string, Matches & { readonly until: number }>({ maxSize: LIMITS.maxEarlierMatches });

  /** A hash: what a person typed is in no key. */
  #buildKey(release: string, { used }: Wanted): string {
    return hash('sha256', JSON.stringify([release, used]), 'base64url');
  }

  keep(release: string, wanted: Wanted, { found, explained }: Matches, now: Date): void {
    if (found.length > LIMITS.maxEarlierMatches) return;
    this.#dropExpired(now);
    const until = now.getTime() + LIMITS.pageLinksMs;
    this.#lists.set(this.#buildKey(release, wanted), { found, explained, until }, { size: found.length });
  }

  find(release: string, wanted: Wanted, now: Date): Matches | undefined {
    this.#dropExpired(now);
    // Reading a list does not prolong it: the oldest one expires first.
    return this.#lists.peek(this.#buildKey(release, wanted));
  }

  /** Expired lists are dropped at once: they hold the state of documents before a swap. */
  #dropExpired(now: Date): void {
    for (let [oldest] = this.#lists.rkeys(); oldest !== undefined; [oldest] = this.#lists.rkeys()) {
      if ((this.#lists.peek(oldest)?.until ?? 0) > now.getTime()) return;
      this.#lists.delete(oldest);
    }
  }
}
