import { setTimeout } from 'node:timers/promises';
import type { Library, LibraryChanges, LibraryStatus } from '../core/library.js';
import { takeTurn } from '../turns.js';

/** How long others have the process for themselves between two pieces of work, while nobody waits for what is gathered. */
const IDLE_PAUSE_MS = 20;

/** Lets other requests come between two pieces of work. */
export type Pause = () => Promise<void>;

/** How something is gathered of a library. */
export interface Gathering<T> {
  /** Reads all of it, a piece at a time. */
  readonly gather: (pause: Pause) => Promise<T>;
  /** What it is after changes; undefined: it is to be gathered anew, as after every swap where this is left out. */
  readonly renew?: (held: T, changes: LibraryChanges, pause: Pause) => Promise<T> | T | undefined;
}

/**
 * Something that is gathered of a whole library and kept in memory. After a swap no more than what the swap changed is read
 * again. Whoever asks for it gets it as the library is now, and waits for that where it has to; what others ask goes on
 * meanwhile. One gathering serves all who ask.
 */
export class Gathered<T> {
  readonly #library: Library;
  readonly #gathering: Gathering<T>;
  /** What was gathered last, and the state of the library since which all changes are still to be looked for. */
  #held: { readonly status: LibraryStatus; readonly value: T } | undefined;
  #underWay: Promise<T> | undefined;
  #isAwaited = false;

  constructor(library: Library, gathering: Gathering<T>) {
    this.#library = library;
    this.#gathering = gathering;
  }

  /** What it is now. */
  get(): Promise<T> {
    const current = this.#current();
    this.#isAwaited = true;
    return current;
  }

  /** The same before anybody asks: whatever else is to be done goes before it. */
  prepare(): Promise<T> {
    return this.#current();
  }

  #current(): Promise<T> {
    if (this.#held?.status === this.#library.status()) return Promise.resolve(this.#held.value);
    if (this.#underWay) return this.#underWay;
    this.#isAwaited = false;
    // A failure is not kept: the next one tries again.
    this.#underWay = this.#bringUpToDate().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  readonly #pause: Pause = () => (this.#isAwaited ? takeTurn() : setTimeout(IDLE_PAUSE_MS));

  /** What was read while a swap came is read again as far as that swap changed it, until nothing comes any more. */
  async #bringUpToDate(): Promise<T> {
    const { gather, renew } = this.#gathering;
    for (let isFresh = false; ;) {
      const status = this.#library.status();
      const held = this.#held;
      if (held?.status === status) return held.value;
      const changes = held && renew && (await this.#library.findChanges(held.status));
      // So soon after all was read nobody can tell what came meanwhile: there is nothing newer to be had.
      if (held && !changes && isFresh) return held.value;
      const renewed = held && changes && (await renew(held.value, changes, this.#pause));
      if (renewed === undefined) {
        // Not in memory twice.
        this.#held = undefined;
        isFresh = true;
      }
      this.#held = { status, value: renewed ?? (await gather(this.#pause)) };
    }
  }
}

/** How something is read of articles. */
export interface ReadingOfArticles<T> {
  /** Reads it of some articles; those that are not there are left out. */
  readonly read: (ids: readonly string[]) => Promise<Iterable<readonly [string, T]>>;
  /** Articles read at once: as many as take the process for some milliseconds. */
  readonly batch: number;
}

/** Reads articles in pieces into a map by their ids. */
async function readInto<T>(
  found: Map<string, T>,
  ids: readonly string[],
  { read, batch }: ReadingOfArticles<T>,
  pause: Pause,
): Promise<void> {
  for (let from = 0; from < ids.length; from += batch) {
    for (const [id, one] of await read(ids.slice(from, from + batch))) found.set(id, one);
    await pause();
  }
}

/** Something of every article of a library, by the articles' ids. */
export function gatheredOfArticles<T>(
  library: Library,
  reading: ReadingOfArticles<T>,
): Gathered<ReadonlyMap<string, T>> {
  return new Gathered<ReadonlyMap<string, T>>(library, {
    gather: async (pause) => {
      const found = new Map<string, T>();
      await readInto(found, library.findArticleIdsByPrefix(''), reading, pause);
      return found;
    },
    renew: async (held, { articles }, pause) => {
      if (articles.size === 0) return held;
      const found = new Map(held);
      for (const id of articles) found.delete(id);
      await readInto(found, [...articles], reading, pause);
      return found;
    },
  });
}
