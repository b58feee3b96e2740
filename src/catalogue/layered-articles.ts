import { hash } from 'node:crypto';
import type { Article, Publisher } from '../core/model/article.js';
import type { ReleaseIdentity } from '../core/model/library.js';
import { firstPlace } from '../core/first-place.js';
import { mergeParts, readPart } from './article-parts.js';
import type { ReleaseFile, StoredPart } from './releases/release-file.js';

/** An article as it was merged last, with a digest of its rows, and a mark of the catalogue that looked last. */
interface Merged {
  readonly mark: object;
  readonly digest: string;
  readonly article: Article;
}

/** The articles of releases in their layers. */
export class LayeredArticles {
  readonly #files: readonly ReleaseFile[];
  readonly publishers: ReadonlyMap<string, Publisher>;
  readonly #publisherRows: string;
  /** By id; a catalogue hands them on to the next, so that an article which a swap did not touch stays the same object. */
  readonly #merged: Map<string, Merged>;
  readonly #mark = {};
  #ids: readonly string[] | undefined;

  /**
   * @param files the lowest layer first, and of one layer the earliest
   * @param before the articles of the catalogue before
   */
  constructor(files: readonly ReleaseFile[], before?: LayeredArticles) {
    this.#files = files.filter(({ articleIds }) => articleIds.length > 0);
    const rows = files.flatMap((file) => file.read<{ id: string; facts: string }>('publishers'));
    this.publishers = new Map(rows.map(({ id, facts }) => [id, JSON.parse(facts) as Publisher]));
    this.#publisherRows = JSON.stringify(rows);
    const isStill = before !== undefined && before.#publisherRows === this.#publisherRows;
    this.#merged = isStill ? before.#merged : new Map<string, Merged>();
  }

  /** An article, layers merged field by field; the same object until a release changes it. */
  find(id: string): Article | undefined {
    const known = this.#merged.get(id);
    if (known?.mark === this.#mark) return known.article;
    const stored = this.#files.flatMap((file): { file: ReleaseFile; part: StoredPart }[] => {
      const part = file.findPart(id);
      return part ? [{ file, part }] : [];
    });
    if (stored.length === 0) return undefined;
    const digest = hash(
      'sha1',
      JSON.stringify(stored.map(({ file, part }) => [file.place.layer, file.place.builtOn, part])),
    );
    const article =
      known?.digest === digest
        ? known.article
        : mergeParts(
            id,
            stored.map(({ file, part }) => readPart(file.place, part)),
            this.publishers,
          );
    this.#merged.set(id, { mark: this.#mark, digest, article });
    return article;
  }

  /** Whether any release of these has a text of it. @param isMeant undefined: all but a check of links */
  hasText(id: string, isMeant: (of: ReleaseIdentity) => boolean = ({ source }) => source !== 'link-check'): boolean {
    return this.#files.some((file) => isMeant(file.place) && file.has('hasText', id));
  }

  /** The ids of all articles, sorted. */
  get ids(): readonly string[] {
    this.#ids ??= [...new Set(this.#files.flatMap(({ articleIds }) => articleIds))].sort();
    return this.#ids;
  }

  idsByPrefix(prefix: string): string[] {
    const { ids } = this;
    const from = firstPlace(ids, (id) => id >= prefix);
    let to = from;
    while (ids[to]?.startsWith(prefix)) to += 1;
    return ids.slice(from, to);
  }
}
