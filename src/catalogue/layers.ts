import type { Article } from '../core/model/article.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codingKey, type Coding, type Concept } from '../core/codes/concept.js';
import type { CodeList } from '../core/codes/code-list.js';
import type { Library, MappingRecord, WithdrawnArticle } from '../core/model/library.js';
import { LAYERS } from '../core/model/library.js';
import type { SitePolicy } from '../core/policy/site-policy.js';
import { suppressRow } from '../core/policy/suppress-rows.js';
import type { StatedMapping } from '../core/codes/terminology-index.js';
import type { DrugLookup } from './drugs/drug-lookup.js';
import { LayeredArticles } from './layered-articles.js';
import { LayeredSearch } from './layered-search.js';
import { LayeredTerminology } from './layered-terminology.js';
import { MappingRows, NO_CODES } from './mapping-rows.js';
import { once } from './merge-lists.js';
import { namesArticle, type HeldRelease } from './releases/held-release.js';
import { Withdrawn, type SourceReleases } from './releases/withdrawn.js';

/** The highest layer first, and of one layer the latest release. */
const byHeight = (a: HeldRelease, b: HeldRelease): number =>
  LAYERS.indexOf(a.place.layer) - LAYERS.indexOf(b.place.layer) || b.place.id - a.place.id;

/** The lookups of the library's port: all but what tells of its state. */
type Lookups = Omit<
  Library,
  'status' | 'findRevision' | 'countConcepts' | 'findReleases' | 'ready' | 'connections' | 'storeLag' | 'close'
>;

/** The content of the releases, before a site's policy is applied. */
export interface HeldLayers {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly HeldRelease[];
  readonly articles: LayeredArticles;
  readonly rows: MappingRows;
  readonly terminology: LayeredTerminology;
  readonly search: LayeredSearch;
  readonly withdrawn: Withdrawn;
  /** The lookup tables of drugs; undefined where the program has none. */
  readonly drugs: DrugLookup | undefined;
}

/**
 * Combines releases.
 * @param sources every source with a release that is in use or retained
 * @param before the layers before a swap: unchanged objects are reused
 */
export function combineReleases(
  sources: readonly SourceReleases[],
  drugs: DrugLookup | undefined,
  before?: HeldLayers,
): HeldLayers {
  const files = sources.flatMap(({ inUse }) => inUse ?? []).sort(byHeight);
  const articles = new LayeredArticles([...files].reverse(), before?.articles);
  const terminology = new LayeredTerminology(files);
  const crosswalksFrom = (coding: Coding) => terminology.findCrosswalks(coding, 'from');
  return {
    files,
    articles,
    rows: new MappingRows({ files, articles, crosswalksFrom, drugs }, before?.rows),
    terminology,
    search: new LayeredSearch(files),
    withdrawn: new Withdrawn(sources, articles.publishers, (id) => articles.find(id)),
    drugs,
  };
}

/**
 * The releases in use, in their layers, under a site's policy: looked up in turn, never copied into one. Immutable: a swap and a change
 * of the policy create another one.
 */
export class Layers implements Lookups {
  readonly #held: HeldLayers;
  readonly #suppressed: ReadonlySet<string>;

  constructor(held: HeldLayers, { suppressed }: Pick<SitePolicy, 'suppressed'>) {
    this.#held = held;
    this.#suppressed = suppressed;
  }

  readonly #isServed = (article: string): boolean => !this.#suppressed.has(article);

  /** Counts the articles and mapping rows that are served. */
  count(): { readonly articles: number; readonly mappings: number } {
    const { articles, rows } = this.#held;
    const withheld = [...this.#suppressed];
    return {
      articles: articles.ids.length - withheld.filter((id) => articles.find(id)).length,
      mappings: rows.size - withheld.reduce((sum, id) => sum + rows.findCodes(id).length, 0),
    };
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    const { rows } = this.#held;
    const [only] = codings;
    const found = codings.length === 1 && only ? rows.find(only, 0) : codings.flatMap((one, at) => rows.find(one, at));
    return this.#suppressed.size === 0 ? found : found.map((record) => suppressRow(record, this.#suppressed));
  }

  findArticles(ids: readonly string[]): Article[] {
    return ids.flatMap((id) => (this.#isServed(id) ? (this.#held.articles.find(id) ?? []) : []));
  }

  findSuppressed(): Article[] {
    return [...this.#suppressed].flatMap((id) => this.#held.articles.find(id) ?? []);
  }

  findCodes(article: string): CodeList {
    return this.#isServed(article) ? this.#held.rows.findCodes(article) : NO_CODES;
  }

  findReleaseDate(article: string): string {
    let [shipped, written] = ['', ''];
    // A search by date calls this for every document: it allocates nothing.
    for (const file of this.#held.files) {
      const { layer, source, builtOn } = file.place;
      if (source === 'link-check' || !namesArticle(file, article)) continue;
      if (layer === 'written') written = builtOn > written ? builtOn : written;
      else if (builtOn > shipped) shipped = builtOn;
    }
    return shipped === '' ? written : shipped;
  }

  findArticleIds(coding: Coding): string[] {
    const rows = this.#held.rows.findRows(coding)?.rows ?? [];
    return rows.flatMap(({ article }) => (article !== undefined && this.#isServed(article) ? article : []));
  }

  findArticleIdsByPrefix(prefix: string): string[] {
    return this.#held.articles.idsByPrefix(prefix).filter(this.#isServed);
  }

  listWithdrawnIds(): readonly string[] {
    return this.#held.withdrawn.list().filter(this.#isServed);
  }

  findWithdrawn(ids: readonly string[]): WithdrawnArticle[] {
    return this.#held.withdrawn.find(ids.filter(this.#isServed));
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    const { terminology, drugs } = this.#held;
    const requested = codings.length > 1 ? once(codings, codingKey) : codings;
    return requested.flatMap((coding) => terminology.findConcept(coding) ?? drugs?.findConcept(coding) ?? []);
  }

  listMappings(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[] {
    const isServed = ({ article }: StatedMapping): boolean => article === undefined || this.#isServed(article);
    return this.#held.rows.list(system, after, mostCodes, isServed);
  }

  readonly findDocuments: Lookups['findDocuments'] = (refs) =>
    this.#held.search.findDocuments(refs).filter(({ system, key }) => system !== undefined || this.#isServed(key));

  readonly findConceptsBelow: Lookups['findConceptsBelow'] = (...args) =>
    this.#held.terminology.findConceptsBelow(...args);
  readonly listConcepts: Lookups['listConcepts'] = (...args) => this.#held.terminology.listConcepts(...args);
  readonly findChildren: Lookups['findChildren'] = (coding) => this.#held.terminology.findChildren(coding);
  readonly listCrosswalkPairs: Lookups['listCrosswalkPairs'] = () => this.#held.terminology.listCrosswalkPairs();
  readonly listCrosswalks: Lookups['listCrosswalks'] = (...args) => this.#held.terminology.listCrosswalks(...args);
  readonly findCrosswalks: Lookups['findCrosswalks'] = (...args) => this.#held.terminology.findCrosswalks(...args);
  readonly searchIndexes: Lookups['searchIndexes'] = () => this.#held.search.indexes;
  readonly findTerms: Lookups['findTerms'] = (request) => this.#held.search.findTerms(request);
  readonly findSimilarTerms: Lookups['findSimilarTerms'] = (...args) => this.#held.search.findSimilarTerms(...args);
  readonly findSynonyms: Lookups['findSynonyms'] = (terms) => this.#held.search.findSynonyms(terms);
}
