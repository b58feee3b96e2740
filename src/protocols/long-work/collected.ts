import type { Article } from '../../core/model/article.js';
import type { CodeList } from '../../core/codes/code-list.js';
import type { Library, LibraryStatus, RevisedThing } from '../../core/model/library.js';

/** How something is collected from a library. */
export interface CollectedOptions<T> {
  readonly collect: () => T | Promise<T>;
  /** Sources: it is collected anew when the library's revision of any of these changes; undefined: after each swap. */
  readonly of?: readonly RevisedThing[];
}

/** A result, and the state of the library that it is of. */
interface Held<T> {
  readonly status: LibraryStatus;
  readonly revision: string;
  readonly value: Promise<T>;
}

/** Something that is collected from a whole library at the first request, and cached in memory until a swap changes it. */
export class Collected<T> {
  readonly #library: Library;
  readonly #options: CollectedOptions<T>;
  #held: Held<T> | undefined;

  constructor(library: Library, options: CollectedOptions<T>) {
    this.#library = library;
    this.#options = options;
  }

  /** The result for the library as it is now; requests that come while it is collected wait for the same one. */
  get(): Promise<T> {
    const status = this.#library.status();
    if (this.#held?.status === status) return this.#held.value;
    const { collect, of } = this.#options;
    const revision = of ? of.map((thing) => this.#library.findRevision(thing)).join('\n') : '';
    const isSame = of !== undefined && this.#held?.revision === revision;
    const value = isSame && this.#held ? this.#held.value : (async () => collect())();
    const held = { status, revision, value };
    this.#held = held;
    // A failure is not cached: the next request tries again.
    value.catch(() => {
      if (this.#held === held) this.#held = undefined;
    });
    return value;
  }
}

/** Makes the value of each of some articles, in their order. */
type MakeOfArticles<T> = (articles: readonly Article[]) => readonly T[] | Promise<readonly T[]>;

/** Articles that are in memory at once. */
const ARTICLES_AT_ONCE = 1000;

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
    this.#all = new Collected<readonly T[]>(library, { collect: () => this.#collect() });
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

  async #collect(): Promise<readonly T[]> {
    const ids = this.#library.findArticleIds({ prefix: '' });
    const found: T[] = [];
    for (let from = 0; from < ids.length; from += ARTICLES_AT_ONCE) {
      found.push(...(await this.of(ids.slice(from, from + ARTICLES_AT_ONCE))));
    }
    const isSame = found.length === this.#last.length && found.every((one, at) => one === this.#last[at]);
    if (!isSame) this.#last = found;
    return this.#last;
  }
}
