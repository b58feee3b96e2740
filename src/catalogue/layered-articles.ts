import type { Article, Publisher } from '../core/model/article.js';
import { mergeParts, type LayeredPart } from './article-parts.js';
import type { ReleaseIdentity } from '../core/model/library.js';
import { isSameList } from './merge-lists.js';
import { firstPlace } from '../core/first-place.js';
import type { HeldRelease } from './releases/held-release.js';

/** An article as it was merged last, with what it was merged of, and a mark of the catalogue that looked last. */
interface Merged {
  readonly mark: object;
  readonly parts: readonly LayeredPart[];
  readonly publishers: ReadonlyMap<string, Publisher>;
  readonly article: Article;
}

function samePublishers(a: ReadonlyMap<string, Publisher>, b: ReadonlyMap<string, Publisher>): boolean {
  return a.size === b.size && [...a].every(([id, publisher]) => b.get(id) === publisher);
}

/** The articles of releases in their layers. */
export class LayeredArticles {
  readonly #files: readonly HeldRelease[];
  readonly publishers: ReadonlyMap<string, Publisher>;
  /** By id; a catalogue hands them on to the next, so that an article which a swap did not touch stays the same object. */
  readonly #merged: Map<string, Merged>;
  readonly #mark = {};
  #ids: readonly string[] | undefined;

  /**
   * @param files the lowest layer first, and of one layer the earliest
   * @param before the articles of the catalogue before
   */
  constructor(files: readonly HeldRelease[], before?: LayeredArticles) {
    this.#files = files.filter(({ parts }) => parts.size > 0);
    const publishers = new Map(files.flatMap((file) => [...file.publishers]));
    this.publishers = before && samePublishers(before.publishers, publishers) ? before.publishers : publishers;
    this.#merged = before ? before.#merged : new Map<string, Merged>();
  }

  /** Parts of an article in the releases, the lowest layer first. */
  #findParts(id: string): LayeredPart[] {
    return this.#files.flatMap(({ parts }) => parts.get(id) ?? []);
  }

  /** An article, layers merged field by field; the same object until a release changes it. */
  find(id: string): Article | undefined {
    const known = this.#merged.get(id);
    if (known?.mark === this.#mark) return known.article;
    const parts = this.#findParts(id);
    if (parts.length === 0) return undefined;
    const isStill = known?.publishers === this.publishers && isSameList(known.parts, parts);
    const article = known && isStill ? known.article : mergeParts(id, parts, this.publishers);
    // A copy takes no more room than it needs; a list that was filled does.
    this.#merged.set(id, { mark: this.#mark, parts: [...parts], publishers: this.publishers, article });
    return article;
  }

  /** Whether any release of these has a text of it. @param isMeant undefined: all but a check of links */
  hasText(id: string, isMeant: (of: ReleaseIdentity) => boolean = ({ source }) => source !== 'link-check'): boolean {
    return this.#files.some(({ place, parts }) => {
      const part = isMeant(place) ? parts.get(id) : undefined;
      return part !== undefined && Object.keys(part.texts).length > 0;
    });
  }

  /** The ids of all articles, sorted. */
  get ids(): readonly string[] {
    this.#ids ??= [...new Set(this.#files.flatMap(({ parts }) => [...parts.keys()]))].sort();
    return this.#ids;
  }

  idsByPrefix(prefix: string): string[] {
    const { ids } = this;
    const from = firstPlace(ids, (id) => id >= prefix);
    let to = from;
    while (ids[to]?.startsWith(prefix)) to += 1;
    return ids.slice(from, to);
  }

  has(id: string): boolean {
    return this.#files.some(({ parts }) => parts.has(id));
  }

  /** Forgets articles that are no longer there. */
  forgetGone(): void {
    for (const id of this.#merged.keys()) if (!this.has(id)) this.#merged.delete(id);
  }
}
