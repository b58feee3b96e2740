import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codingKey, type Coding } from '../core/codes/concept.js';
import { CodeList, type ArticleCode } from '../core/codes/code-list.js';
import type { MappingRecord } from '../core/model/library.js';
import type { Crosswalk, StatedMapping } from '../core/codes/terminology-index.js';
import type { DrugLookup, RowsBefore } from './drugs/drug-lookup.js';
import { findMappings, type RowsOfCode } from './find-mappings.js';
import type { LayeredArticles } from './layered-articles.js';
import { compareTexts, listCodes, mergeSorted, once } from './merge-lists.js';
import type { ReleaseFile } from './releases/release-file.js';

const byRank = (a: StatedMapping, b: StatedMapping): number =>
  a.rank - b.rank || compareTexts(a.article ?? '', b.article ?? '');

type MappingRow = Omit<StatedMapping, 'system' | 'code' | 'article' | 'sensitivity'> & {
  /** Empty in a `none` row. */
  readonly article: string;
  readonly sensitivity: NonNullable<StatedMapping['sensitivity']> | null;
};

const toMapping = (
  system: CodeSystemId,
  code: string,
  { article, relationship, rank, sensitivity, origin, note }: MappingRow,
): StatedMapping => ({
  system,
  code,
  article: article === '' ? undefined : article,
  relationship,
  rank,
  sensitivity: sensitivity ?? undefined,
  origin,
  note,
});

/** The codes of articles that no row leads to: of all of them the same. */
export const NO_CODES = CodeList.of([]);

/** The codes of an article, with a mark of the catalogue that they were looked up in last. */
interface Known {
  readonly mark: object;
  readonly codes: CodeList;
}

export interface MappingRowsOf {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly ReleaseFile[];
  readonly articles: LayeredArticles;
  readonly crosswalksFrom: (coding: Coding) => readonly Crosswalk[];
  /** Undefined: the program has no lookup tables of drugs. */
  readonly drugs: DrugLookup | undefined;
}

/** The mapping rows of releases in their layers, with the lookup tables of drugs behind them. */
export class MappingRows {
  readonly #files: readonly ReleaseFile[];
  readonly #articles: LayeredArticles;
  readonly #drugs: DrugLookup | undefined;
  /** All rows of a coding without those of the lookup tables. */
  readonly #own: RowsBefore;
  readonly #mark = {};
  /** By the ids of articles. A catalogue hands them on to the next: what is the same stays the same object. */
  readonly #known: Map<string, Known>;

  constructor({ files, articles, crosswalksFrom, drugs }: MappingRowsOf, before?: MappingRows) {
    this.#files = files.filter(({ facts }) => Object.keys(facts.mappings).length > 0);
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
    return this.#files.flatMap(({ facts }) => Object.values(facts.mappings)).reduce((sum, count) => sum + count, 0);
  }

  /** The rows of a code that count: those of its highest layer, without those whose article is gone, for it was another source's. */
  readonly findRows = ({ system, code }: Coding): RowsOfCode | undefined => {
    let found: { layer: RowsOfCode['layer']; rows: readonly StatedMapping[] } | undefined;
    for (const file of this.#files) {
      const { layer } = file.place;
      if (found && found.layer !== layer) break;
      if (file.facts.mappings[system] === undefined) continue;
      const held = file.read<MappingRow>('mappings', system, code).map((row) => toMapping(system, code, row));
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
      .map((file) => file.read<ArticleCode>('codesTo', article))
      .filter(({ length }) => length > 0);
    const [only = [], ...others] = lists;
    // Where other releases have rows of a code too, those of the highest layer count.
    if (others.length === 0 && !only.some(this.#isShared)) return only;
    return once(lists.flat(), codingKey)
      .flatMap((code) => (this.#isShared(code) ? this.#findShared(article, code) : [code]))
      .sort((a, b) => compareTexts(a.system, b.system) || compareTexts(a.code, b.code));
  }

  /** Whether several releases have rows of a code. */
  readonly #isShared = ({ system, code }: ArticleCode): boolean => {
    const ofSystem = this.#files.filter(({ facts }) => facts.mappings[system] !== undefined);
    return ofSystem.length > 1 && ofSystem.filter((file) => file.has('isMapped', system, code)).length > 1;
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
      const lists = this.#files.map((file) => listCodes(file.read('mappedCodesAfter', system, from, mostCodes)));
      const codes = mergeSorted(lists, mostCodes);
      const last = codes.at(-1);
      if (last === undefined) return [];
      const rows = codes.flatMap((code) => this.findRows({ system, code })?.rows.filter(isServed) ?? []);
      if (rows.length > 0) return rows;
      from = last;
    }
  }
}
