import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codingKey } from '../core/codes/concept.js';
import { CodeList, type ArticleCode } from '../core/codes/code-list.js';
import { getOrAdd } from '../core/remember.js';
import { isLeafletId } from '../core/leaflets/leaflet.js';
import type { LayeredMappings } from './layered-mappings.js';
import { compareTexts, once } from './merge-lists.js';
import type { ReleaseFile } from './releases/release-file.js';
import { newestDay } from './releases/release-facts.js';

/** The codes of articles that no row leads to: of all of them the same. */
export const NO_CODES = CodeList.of([]);

/** The codes of an article, with a mark of the catalogue that they were looked up in last. */
interface Known {
  readonly mark: object;
  readonly codes: CodeList;
}

/** The codes that lead to each article, and the days of the releases that have it. */
export class ArticleCodes {
  readonly #files: readonly ReleaseFile[];
  readonly #rows: LayeredMappings;
  readonly #mark = {};
  /** A catalogue hands them on to the next: what is the same stays the same object. */
  readonly #known: Map<string, Known>;
  readonly #dates = new Map<string, string>();

  /** @param files the highest layer first, and of one layer the latest */
  constructor(files: readonly ReleaseFile[], rows: LayeredMappings, before?: ArticleCodes) {
    this.#files = files;
    this.#rows = rows;
    this.#known = before ? before.#known : new Map<string, Known>();
  }

  /** The codes that lead to an article by rows of their own; the same object for as long as they are the same. */
  find(article: string): CodeList {
    const known = this.#known.get(article);
    if (known?.mark === this.#mark) return known.codes;
    const read = CodeList.of(this.#readCodes(article));
    // An id that no article has may be anything that was typed.
    if (read.length === 0) {
      this.#known.delete(article);
      return NO_CODES;
    }
    const codes = known?.codes.isSame(read) ? known.codes : read;
    this.#known.set(article, { mark: this.#mark, codes });
    return codes;
  }

  #readCodes(article: string): readonly ArticleCode[] {
    const hasArticle = this.#rows.hasArticle(article);
    const lists = this.#files
      .filter(({ place }) => hasArticle || place.layer === 'starter')
      .map((file) => file.read<ArticleCode>('codesTo', article))
      .filter(({ length }) => length > 0);
    const [only = [], ...others] = lists;
    // Where other releases have rows of a code too, those of the highest layer count.
    if (others.length === 0 && !only.some((code) => this.#isShared(code))) return only;
    return once(lists.flat(), codingKey)
      .flatMap((code) => (this.#isShared(code) ? this.#findShared(article, code) : [code]))
      .sort((a, b) => compareTexts(a.system, b.system) || compareTexts(a.code, b.code));
  }

  /** Whether several releases have rows of a code. */
  #isShared({ system, code }: { readonly system: CodeSystemId; readonly code: string }): boolean {
    const ofSystem = this.#files.filter(({ facts }) => facts.mappings[system] !== undefined);
    return ofSystem.length > 1 && ofSystem.filter((file) => file.has('isMapped', system, code)).length > 1;
  }

  #findShared(article: string, coding: ArticleCode): ArticleCode[] {
    return (this.#rows.findRows(coding)?.rows ?? []).flatMap(
      ({ system, code, article: of, relationship }): ArticleCode[] =>
        of === article && relationship !== 'none' ? [{ system, code, relationship }] : [],
    );
  }

  /** The day of the newest release that has anything of an article, or a row that leads to it; visits to pages do not count. */
  findDate(article: string): string {
    return getOrAdd(this.#dates, article, () => {
      const isNamed = (file: ReleaseFile): boolean =>
        file.has('namesArticle', article) || (isLeafletId(article) && file.facts.hasLeaflets === true);
      const files = this.#files.filter((file) => file.place.source !== 'link-check' && isNamed(file));
      return newestDay(files.map(({ place }) => place));
    });
  }
}
