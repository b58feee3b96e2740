import type { Article } from '../core/article.js';
import type { CodeSystemId } from '../core/code-systems.js';
import type { Coding, Concept } from '../core/concept.js';
import { codingKey } from '../core/concept.js';
import type { ArticleCode, Library, MappingRecord, WithdrawnArticle } from '../core/library.js';
import { LAYERS } from '../core/library.js';
import type { StatedMapping } from '../core/terminology-index.js';
import type { LayeredRow } from './find-mappings.js';
import { findMappings } from './find-mappings.js';
import { LayeredArticles } from './layered-articles.js';
import { LayeredSearch } from './layered-search.js';
import { LayeredTerminology } from './layered-terminology.js';
import { compareTexts, firstPlace, mergeSorted, once } from './merge-lists.js';
import type { ReleaseFile } from './release-file.js';
import type { SourceReleases } from './withdrawn.js';
import { Withdrawn } from './withdrawn.js';

/** The highest layer first, and of one layer the latest release. */
const byHeight = (a: ReleaseFile, b: ReleaseFile): number =>
  LAYERS.indexOf(a.place.layer) - LAYERS.indexOf(b.place.layer) || b.place.id - a.place.id;

const byRank = (a: LayeredRow, b: LayeredRow): number =>
  a.row.rank - b.row.rank || compareTexts(a.row.article ?? '', b.row.article ?? '');

/** Codes that come after one, of the codes of a system in their order. */
function codesAfter(codes: readonly string[], after: string, most: number): string[] {
  const from = firstPlace(codes, (code) => code > after);
  return codes.slice(from, from + most);
}

/** The lookups of the library's port that are answered from releases. */
type Lookups = Pick<
  Library,
  | 'findMappings'
  | 'findArticles'
  | 'findCodes'
  | 'findArticleIds'
  | 'findArticleIdsByPrefix'
  | 'listWithdrawnIds'
  | 'findWithdrawn'
  | 'findConcepts'
  | 'findConceptsBelow'
  | 'listConcepts'
  | 'findChildren'
  | 'listMappings'
  | 'listCrosswalkPairs'
  | 'listCrosswalks'
  | 'findCrosswalks'
  | 'searchIndexes'
  | 'findTerms'
  | 'findSimilarTerms'
  | 'findDocuments'
  | 'findSynonyms'
>;

/**
 * The releases in use, in their layers: looked up in turn, never copied into one. It never changes; a swap makes another one, which
 * takes over what is the same.
 */
export class Layers implements Lookups {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly ReleaseFile[];
  readonly articles: LayeredArticles;
  readonly terminology: LayeredTerminology;
  readonly #mapped: readonly ReleaseFile[];
  readonly #search: LayeredSearch;
  readonly #withdrawn: Withdrawn;
  /** The codes of articles that were asked for: some lead to thousands. */
  readonly #ofArticles = new Map<string, readonly ArticleCode[]>();
  /** The codes of systems in their order, by release and system. */
  readonly #codes = new Map<string, readonly string[]>();

  /** @param sources every source with a release that is in use or kept */
  constructor(sources: readonly SourceReleases[], before?: Layers) {
    this.files = sources.flatMap(({ inUse }) => inUse ?? []).sort(byHeight);
    this.#mapped = this.files.filter(({ mappings }) => mappings > 0);
    this.articles = new LayeredArticles([...this.files].reverse(), before?.articles);
    this.terminology = new LayeredTerminology(this.files);
    this.#search = new LayeredSearch(this.files);
    this.#withdrawn = new Withdrawn(sources, this.articles.publishers, (id) => this.articles.find(id));
  }

  /** The rows of a code that count: those of its highest layer, without those whose article is gone, for it was another source's. */
  readonly #rowsOf = ({ system, code }: Coding): LayeredRow[] => {
    let found: LayeredRow[] = [];
    for (const { place, rows } of this.#mapped) {
      const { layer } = place;
      if (found[0] !== undefined && found[0].layer !== layer) break;
      const held = rows.get(system)?.get(code);
      if (!held) continue;
      const counting = held.filter(({ article }) => this.#counts(layer, article));
      const isSecond = found.length > 0;
      found.push(...counting.map((row) => ({ layer, row })));
      if (isSecond) found = once(found, ({ row }) => JSON.stringify(row)).sort(byRank);
    }
    return found;
  };

  /** The starter brings every article that its rows lead to. */
  #counts(layer: string, article: string | undefined): boolean {
    return article === undefined || layer === 'starter' || this.articles.hasText(article);
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    const source = {
      rowsOf: this.#rowsOf,
      crosswalksFrom: (coding: Coding) => this.terminology.findCrosswalks(coding, 'from'),
    };
    return codings.flatMap((coding, input) => findMappings(coding, input, source));
  }

  findArticles(ids: readonly string[]): Article[] {
    return ids.flatMap((id) => this.articles.find(id) ?? []);
  }

  findCodes(articleIds: readonly string[]): ArticleCode[] {
    return [...new Set(articleIds)].sort().flatMap((id) => this.#codesOf(id));
  }

  #codesOf(id: string): readonly ArticleCode[] {
    const known = this.#ofArticles.get(id) ?? this.#readCodes(id);
    // An id that nobody has may be anything that was typed.
    if (known.length > 0) this.#ofArticles.set(id, known);
    return known;
  }

  #readCodes(id: string): ArticleCode[] {
    const codings = once(
      this.#mapped.flatMap((file) => file.codesOf(id)),
      codingKey,
    );
    codings.sort((a, b) => compareTexts(a.system, b.system) || compareTexts(a.code, b.code));
    return codings.flatMap((coding) =>
      this.#rowsOf(coding).flatMap(({ row: { system, code, article, relationship } }) =>
        article === id && relationship !== 'none' ? [{ system, code, article, relationship }] : [],
      ),
    );
  }

  findArticleIds(coding: Coding): string[] {
    return this.#rowsOf(coding).flatMap(({ row }) => row.article ?? []);
  }

  findArticleIdsByPrefix(prefix: string): string[] {
    return this.articles.idsByPrefix(prefix);
  }

  listWithdrawnIds(): readonly string[] {
    return this.#withdrawn.list();
  }

  findWithdrawn(ids: readonly string[]): WithdrawnArticle[] {
    return this.#withdrawn.find(ids);
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    return once(codings, codingKey).flatMap((coding) => this.terminology.findConcept(coding) ?? []);
  }

  findConceptsBelow(codings: readonly Coding[], most: number): Concept[] {
    return this.terminology.findConceptsBelow(codings, most);
  }

  listConcepts(system: CodeSystemId, after: string, most: number): Concept[] {
    return this.terminology.listConcepts(system, after, most);
  }

  findChildren(coding: Coding): Concept[] {
    return this.terminology.findChildren(coding);
  }

  #codesIn(file: ReleaseFile, system: CodeSystemId): readonly string[] {
    const key = `${file.place.id} ${system}`;
    const known = this.#codes.get(key) ?? [...(file.rows.get(system)?.keys() ?? [])];
    this.#codes.set(key, known);
    return known;
  }

  /** Nothing is answered at the end alone: of some codes no row may count. */
  listMappings(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[] {
    for (let from = after; ;) {
      const lists = this.#mapped.map((file) => codesAfter(this.#codesIn(file, system), from, mostCodes));
      const codes = mergeSorted(lists, mostCodes);
      const last = codes.at(-1);
      if (last === undefined) return [];
      const rows = codes.flatMap((code) => this.#rowsOf({ system, code }).map(({ row }) => row));
      if (rows.length > 0) return rows;
      from = last;
    }
  }

  readonly listCrosswalkPairs: Lookups['listCrosswalkPairs'] = () => this.terminology.listCrosswalkPairs();
  readonly listCrosswalks: Lookups['listCrosswalks'] = (...asked) => this.terminology.listCrosswalks(...asked);
  readonly findCrosswalks: Lookups['findCrosswalks'] = (...asked) => this.terminology.findCrosswalks(...asked);
  readonly searchIndexes: Lookups['searchIndexes'] = () => this.#search.indexes;
  readonly findTerms: Lookups['findTerms'] = (request) => this.#search.findTerms(request);
  readonly findSimilarTerms: Lookups['findSimilarTerms'] = (...asked) => this.#search.findSimilarTerms(...asked);
  readonly findDocuments: Lookups['findDocuments'] = (refs) => this.#search.findDocuments(refs);
  readonly findSynonyms: Lookups['findSynonyms'] = (terms) => this.#search.findSynonyms(terms);
}
