import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codingKey, type Coding } from '../core/codes/concept.js';
import { CodeList, type ArticleCode } from '../core/codes/code-list.js';
import type { MappingRecord } from '../core/model/library.js';
import type { Crosswalk, StatedMapping } from '../core/codes/terminology-index.js';
import type { DrugLookup, RowsBefore } from './drugs/drug-lookup.js';
import { findMappings, type RowsOfCode } from './find-mappings.js';
import type { LayeredArticles } from './layered-articles.js';
import { compareTexts, mergeSorted, once } from './merge-lists.js';
import type { HeldRelease } from './releases/held-release.js';

const byRank = (a: StatedMapping, b: StatedMapping): number =>
  a.rank - b.rank || compareTexts(a.article ?? '', b.article ?? '');

/** The codes of articles that no row leads to: of all of them the same. */
export const NO_CODES = CodeList.of([]);

/** The codes of an article, with a mark of the catalogue that they were looked up in last. */
interface Known {
  readonly mark: object;
  readonly codes: CodeList;
}

export interface MappingRowsOf {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly HeldRelease[];
  readonly articles: LayeredArticles;
  readonly crosswalksFrom: (coding: Coding) => readonly Crosswalk[];
  /** Undefined: the program has no lookup tables of drugs. */
  readonly drugs: DrugLookup | undefined;
}

/** The mapping rows of releases in their layers, with the lookup tables of drugs behind them. */
export class MappingRows {
  readonly #files: readonly HeldRelease[];
  /** The same but the one with most rows, and that. */
  readonly #smaller: readonly HeldRelease[];
  readonly #largest: HeldRelease | undefined;
  readonly #articles: LayeredArticles;
  readonly #drugs: DrugLookup | undefined;
  /** All rows of a coding without those of the lookup tables. */
  readonly #own: RowsBefore;
  readonly #mark = {};
  /** By the ids of articles. A catalogue hands them on to the next: what is the same stays the same object. */
  readonly #known: Map<string, Known>;

  constructor({ files, articles, crosswalksFrom, drugs }: MappingRowsOf, before?: MappingRows) {
    this.#files = files.filter(({ mappings }) => mappings.size > 0);
    const bySize = [...this.#files].sort((a, b) => a.mappings.size - b.mappings.size);
    [this.#smaller, this.#largest] = [bySize.slice(0, -1), bySize.at(-1)];
    this.#articles = articles;
    this.#drugs = drugs;
    const source = { findRows: this.findRows, crosswalksFrom };
    this.#own = {
      hasSiteRows: this.#files.some(({ place: { layer } }) => layer === 'written' || layer === 'local'),
      find: (coding, input) => findMappings(coding, input, source),
      crosswalksFrom,
    };
    this.#known = before ? before.#known : new Map<string, Known>();
  }

  /** Number of rows in the releases. */
  get size(): number {
    return this.#files.reduce((sum, { mappings }) => sum + mappings.size, 0);
  }

  /** The rows of a code that count: those of its highest layer, without those whose article is gone, for it was another source's. */
  readonly findRows = (coding: Coding): RowsOfCode | undefined => {
    let found: { layer: RowsOfCode['layer']; rows: readonly StatedMapping[] } | undefined;
    for (const { place, mappings } of this.#files) {
      const { layer } = place;
      if (found && found.layer !== layer) break;
      const held = mappings.findRows(coding);
      if (!held) continue;
      // The starter has every article that its rows lead to.
      const counting = layer === 'starter' ? held : held.filter(({ article }) => this.#counts(article));
      if (counting.length === 0) continue;
      const all = found && once([...found.rows, ...counting], (row) => JSON.stringify(row)).sort(byRank);
      found = { layer, rows: all ?? counting };
    }
    return found;
  };

  #counts(article: string | undefined): boolean {
    return article === undefined || this.#articles.hasText(article);
  }

  /** All rows of a coding, of its ancestors, of crosswalks from them and of the lookup tables. @param input its index */
  find(coding: Coding, input: number): MappingRecord[] {
    return this.#drugs?.has(coding.system) ? this.#drugs.find(coding, input, this.#own) : this.#own.find(coding, input);
  }

  /** The codes that lead to an article by rows of their own; the same object for as long as they are the same. */
  findCodes(article: string): CodeList {
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
    const counts = this.#counts(article);
    const lists = this.#files
      .filter(({ place }) => counts || place.layer === 'starter')
      .map(({ mappings }) => mappings.codesTo(article))
      .filter(({ length }) => length > 0);
    const [only = [], ...others] = lists;
    // Where other releases have rows of a code too, those of the highest layer count.
    if (others.length === 0 && !only.some(this.#isShared)) return only;
    return once(lists.flat(), codingKey)
      .flatMap((code) => (this.#isShared(code) ? this.#findShared(article, code) : [code]))
      .sort((a, b) => compareTexts(a.system, b.system) || compareTexts(a.code, b.code));
  }

  /** Whether several releases have rows of a code that one of them has: what is in none of the smaller ones is in the largest alone. */
  readonly #isShared = (code: ArticleCode): boolean => {
    const [first, ...others] = this.#smaller.filter(({ mappings }) => mappings.has(code));
    return first !== undefined && (others.length > 0 || this.#largest?.mappings.has(code) === true);
  };

  #findShared(article: string, coding: Coding): ArticleCode[] {
    return (this.findRows(coding)?.rows ?? []).flatMap(({ system, code, article: of, relationship }): ArticleCode[] =>
      of === article && relationship !== 'none' ? [{ system, code, relationship }] : [],
    );
  }

  /**
   * The rows of a system that count and are served: those of the codes after one, up to a maximum of codes. Empty only at the end: codes
   * without a served row are skipped.
   */
  list(
    system: CodeSystemId,
    after: string,
    mostCodes: number,
    isServed: (row: StatedMapping) => boolean,
  ): StatedMapping[] {
    for (let from = after; ;) {
      const lists = this.#files.map(({ mappings }) => mappings.listCodesAfter(system, from, mostCodes));
      const codes = mergeSorted(lists, mostCodes);
      const last = codes.at(-1);
      if (last === undefined) return [];
      const rows = codes.flatMap((code) => this.findRows({ system, code })?.rows.filter(isServed) ?? []);
      if (rows.length > 0) return rows;
      from = last;
    }
  }

  /** Forgets articles that are no longer there. */
  forgetGone(): void {
    for (const id of this.#known.keys()) if (!this.#articles.has(id)) this.#known.delete(id);
  }
}
