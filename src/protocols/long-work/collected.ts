import { setTimeout } from 'node:timers/promises';
import type { Article } from '../../core/model/article.js';
import type { CodeList } from '../../core/codes/code-list.js';
import type { Library, LibraryStatus, RevisedThing } from '../../core/model/library.js';
import { takeTurn } from '../../turns.js';

/** How long other requests have the process for themselves between two pieces of work, while no request waits for the result. */
const IDLE_PAUSE_MS = 20;

/** A piece of work. */
const PIECE_MS = 5;

/** If swaps come faster than the collecting, the last result is returned after this many rounds. */
const MOST_ROUNDS = 5;

/** Lets other requests come between two pieces of work. */
export type Pause = () => Promise<void>;

/** How something is collected from a library. */
export interface CollectedOptions<T> {
  /** Reads all of it, a piece at a time. */
  readonly collect: (pause: Pause) => Promise<T>;
  /** What it depends on: it is collected anew when the library's revision of any of these changes; undefined: after each swap. */
  readonly of?: readonly RevisedThing[];
}

/** A result, and the state of the library that it is of. */
interface Held<T> {
  readonly status: LibraryStatus;
  readonly revision: string;
  readonly value: T;
}

/**
 * Something that is collected from a whole library and cached in memory. A request gets it as the library is now, and
 * waits for that if it must; other requests go on meanwhile. One run serves all requests that wait.
 */
export class Collected<T> {
  readonly #library: Library;
  readonly #options: CollectedOptions<T>;
  #held: Held<T> | undefined;
  #underWay: Promise<T> | undefined;
  #isAwaited = false;

  constructor(library: Library, options: CollectedOptions<T>) {
    this.#library = library;
    this.#options = options;
  }

  /** The result for the library as it is now. */
  get(): Promise<T> {
    const current = this.prepare();
    this.#isAwaited = true;
    return current;
  }

  /** Collects it before a request needs it; all other work goes first. */
  prepare(): Promise<T> {
    if (this.#held?.status === this.#library.status()) return Promise.resolve(this.#held.value);
    if (this.#underWay) return this.#underWay;
    this.#isAwaited = false;
    // A failure is not cached: the next request tries again.
    this.#underWay = this.#bringUpToDate().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  readonly #pause: Pause = () => (this.#isAwaited ? takeTurn() : setTimeout(IDLE_PAUSE_MS));

  /** Collects again if the library was swapped meanwhile, until no swap comes. */
  async #bringUpToDate(): Promise<T> {
    const { collect, of } = this.#options;
    for (let rounds = 1; ; rounds += 1) {
      const status = this.#library.status();
      if (this.#held && (this.#held.status === status || rounds > MOST_ROUNDS)) return this.#held.value;
      const revision = of ? of.map((thing) => this.#library.findRevision(thing)).join('\n') : '';
      const isSame = of !== undefined && this.#held?.revision === revision;
      const value = isSame && this.#held ? this.#held.value : await collect(this.#pause);
      this.#held = { status, revision, value };
    }
  }
}

/** Makes the value of each of some articles, in their order. */
type MakeOfArticles<T> = (articles: readonly Article[]) => readonly T[] | Promise<readonly T[]>;

/** Articles of which values are made at once: they take less than a piece of work. */
const ARTICLES_AT_ONCE = 20;

/**
 * A value of each article, cached in memory. It depends on the article and on the codes that lead to it: the library returns the same
 * objects while both are unchanged, so that a swap rebuilds it only for the articles that changed.
 */
export class PerArticle<T> {
  readonly #library: Library;
  readonly #make: MakeOfArticles<T>;
  readonly #cached = new WeakMap<Article, { readonly codes: CodeList; readonly value: T }>();
  readonly #all: Collected<readonly T[]>;
  #last: readonly T[] = [];

  constructor(library: Library, make: MakeOfArticles<T>) {
    this.#library = library;
    this.#make = make;
    this.#all = new Collected<readonly T[]>(library, { collect: (pause) => this.#collect(pause) });
  }

  /** The values of some articles, each once, in the order of the ids; unknown ids are left out. */
  async of(ids: readonly string[]): Promise<readonly T[]> {
    const served = this.#library.findArticles([...new Set(ids)]).map((article) => {
      const codes = this.#library.findCodes(article.id);
      const known = this.#cached.get(article);
      return { article, codes, known: known?.codes === codes ? known : undefined };
    });
    const missing = served.filter(({ known }) => !known);
    if (missing.length > 0) {
      const fresh = await this.#make(missing.map(({ article }) => article));
      for (const [at, one] of missing.entries()) {
        one.known = { codes: one.codes, value: fresh[at] as T };
        this.#cached.set(one.article, one.known);
      }
    }
    return served.map(({ known }) => known?.value as T);
  }

  /** The values of all articles, in the order of their ids: the same list until one of them changes. */
  all(): Promise<readonly T[]> {
    return this.#all.get();
  }

  /** Makes the values of all articles before a request needs them; all other work goes first. */
  async prepare(): Promise<void> {
    await this.#all.prepare();
  }

  async #collect(pause: Pause): Promise<readonly T[]> {
    const ids = this.#library.findArticleIdsByPrefix('');
    const found: T[] = [];
    let began = performance.now();
    for (let from = 0; from < ids.length; from += ARTICLES_AT_ONCE) {
      found.push(...(await this.of(ids.slice(from, from + ARTICLES_AT_ONCE))));
      if (performance.now() - began < PIECE_MS) continue;
      await pause();
      began = performance.now();
    }
    const isSame = found.length === this.#last.length && found.every((one, at) => one === this.#last[at]);
    if (!isSame) this.#last = found;
    return this.#last;
  }
}
