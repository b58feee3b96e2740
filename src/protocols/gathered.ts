import { setTimeout } from 'node:timers/promises';
import type { Article } from '../core/article.js';
import { groupBy } from '../core/group-by.js';
import type { Library, LibraryStatus, RevisedThing } from '../core/library.js';
import { takeTurn } from '../turns.js';

/** How long others have the process for themselves between two pieces of work, while nobody waits for what is gathered. */
const IDLE_PAUSE_MS = 20;

/** Where swaps come faster than it is gathered, what was gathered last is given after so many rounds. */
const MOST_ROUNDS = 5;

/** Lets other requests come between two pieces of work. */
export type Pause = () => Promise<void>;

/** How something is gathered of a library. */
export interface Gathering<T> {
  /** Reads all of it, a piece at a time. */
  readonly gather: (pause: Pause) => Promise<T>;
  /** What it is made of: it is gathered anew when the library says something else of any of these; undefined: after each swap. */
  readonly of?: readonly RevisedThing[];
}

/** What was gathered, and of which state of the library. */
interface Held<T> {
  readonly status: LibraryStatus;
  readonly revision: string;
  readonly value: T;
}

/**
 * Something that is gathered of a whole library and kept in memory. Whoever asks for it gets it as the library is now, and waits for
 * that where it has to; what others ask goes on meanwhile. One gathering serves all who ask.
 */
export class Gathered<T> {
  readonly #library: Library;
  readonly #gathering: Gathering<T>;
  #held: Held<T> | undefined;
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

  /** What was read while a swap came is read again, until nothing comes any more. */
  async #bringUpToDate(): Promise<T> {
    const { gather, of } = this.#gathering;
    for (let rounds = 1; ; rounds += 1) {
      const status = this.#library.status();
      if (this.#held && (this.#held.status === status || rounds > MOST_ROUNDS)) return this.#held.value;
      const revision = of ? of.map((thing) => this.#library.revisionOf(thing)).join('\n') : '';
      const isSame = of !== undefined && this.#held?.revision === revision;
      const value = isSame && this.#held ? this.#held.value : await gather(this.#pause);
      this.#held = { status, revision, value };
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

/** An article and the codes that lead to it: what is read of it holds for as long as both are the same. */
interface ArticleState {
  readonly article: Article;
  readonly codes: string;
}

function statesOf(library: Library, ids: readonly string[]): Map<string, ArticleState> {
  const codes = groupBy(library.findCodes(ids), ({ article }) => article);
  return new Map(
    library.findArticles(ids).map((article) => {
      const ofArticle = codes.get(article.id) ?? [];
      const text = ofArticle.map(({ system, code, relationship }) => `${system}|${code}|${relationship}`).join(' ');
      return [article.id, { article, codes: text }];
    }),
  );
}

/** Something of every article of a library, by the articles' ids. After a swap no more is read than of articles that are others. */
export function gatheredOfArticles<T>(
  library: Library,
  { read, batch }: ReadingOfArticles<T>,
): Gathered<ReadonlyMap<string, T>> {
  const states = new Map<string, ArticleState>();
  let held: ReadonlyMap<string, T> = new Map();
  const gather = async (pause: Pause): Promise<ReadonlyMap<string, T>> => {
    const found = new Map<string, T>();
    const ids = library.findArticleIdsByPrefix('');
    let isAnother = false;
    for (let from = 0; from < ids.length; from += batch) {
      const now = statesOf(library, ids.slice(from, from + batch));
      const others = [...now].filter(([id, { article, codes }]) => {
        const before = states.get(id);
        return before?.article !== article || before.codes !== codes;
      });
      const fresh = new Map(others.length > 0 ? await read(others.map(([id]) => id)) : []);
      for (const [id, state] of others) states.set(id, state);
      if (others.length > 0) isAnother = true;
      for (const id of now.keys()) {
        const one = fresh.get(id) ?? held.get(id);
        if (one !== undefined) found.set(id, one);
      }
      await pause();
    }
    for (const id of states.keys()) if (!found.has(id)) states.delete(id);
    if (isAnother || found.size !== held.size) held = found;
    return held;
  };
  return new Gathered<ReadonlyMap<string, T>>(library, { gather });
}
