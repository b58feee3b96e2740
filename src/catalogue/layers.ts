import type { Article } from '../core/model/article.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import { codingKey, type Coding, type Concept } from '../core/codes/concept.js';
import type { CodeList } from '../core/codes/code-list.js';
import type { Library, MappingRecord, WithdrawnArticle } from '../core/model/library.js';
import { LAYERS } from '../core/model/library.js';
import { getOrAdd } from '../core/remember.js';
import type { LeafletChoice } from '../core/leaflets/leaflet.js';
import { suppressRow } from '../core/policy/suppress-rows.js';
import type { StatedMapping } from '../core/codes/terminology-index.js';
import type { DrugLookup } from './drugs/drug-lookup.js';
import { LayeredArticles } from './layered-articles.js';
import { LayeredLeaflets, isLeafletId } from './layered-leaflets.js';
import { LayeredSearch } from './layered-search.js';
import { LayeredTerminology } from './layered-terminology.js';
import { MappingRows, NO_CODES } from './mapping-rows.js';
import { once } from './merge-lists.js';
import type { ReleaseFile } from './releases/release-file.js';
import { newestDay } from './releases/release-facts.js';
import { Withdrawn, type SourceReleases } from './releases/withdrawn.js';

/** The highest layer first, and of one layer the latest release. */
const byHeight = (a: ReleaseFile, b: ReleaseFile): number =>
  LAYERS.indexOf(a.place.layer) - LAYERS.indexOf(b.place.layer) || b.place.id - a.place.id;

/** The content of the releases, before a site's policy is applied. */
export interface HeldLayers {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly ReleaseFile[];
  readonly articles: LayeredArticles;
  readonly rows: MappingRows;
  readonly terminology: LayeredTerminology;
  readonly leaflets: LayeredLeaflets;
  readonly search: LayeredSearch;
  readonly withdrawn: Withdrawn;
  /** The lookup tables of drugs; undefined where the program has none. */
  readonly drugs: DrugLookup | undefined;
  /** Days of articles' newest releases, as they are looked up. */
  readonly dates: Map<string, string>;
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
    leaflets: new LayeredLeaflets(files, drugs),
    search: new LayeredSearch(files),
    withdrawn: new Withdrawn(sources, articles.publishers, (id) => articles.find(id)),
    drugs,
    dates: new Map(),
  };
}

/** The day of the newest release that has anything of an article, or a row that leads to it. */
function findDate(files: readonly ReleaseFile[], article: string): string {
  const isLeaflet = isLeafletId(article);
  const naming = files.filter(
    (file) =>
      file.place.source !== 'link-check' &&
      (file.has('namesArticle', article) || (isLeaflet && file.facts.hasLeaflets === true)),
  );
  return newestDay(naming.map(({ place }) => place));
}

/** The lookups of the library's port: all but what tells of its state. */
type Lookups = Omit<
  Library,
  'status' | 'findRevision' | 'countConcepts' | 'findReleases' | 'ready' | 'connections' | 'storeLag' | 'close'
>;

/** Content that lookups search: the releases in use, and the articles that the site's policy suppresses. */
export interface LookedUp {
  readonly held: HeldLayers;
  /** Makers whose leaflets the site prefers, in lower case, the first one first. */
  readonly leafletMakers: readonly string[];
  readonly suppressed: ReadonlySet<string>;
}

/** The lookups in the releases in use, in their layers, under a site's policy: looked up in turn, never copied into one. */
export abstract class LayeredLookups implements Lookups {
  /** Content that is searched now. @throws RequestError `library-unavailable` */
  protected abstract get lookedUp(): LookedUp;

  #listServed(ids: readonly string[]): string[] {
    const { suppressed } = this.lookedUp;
    return ids.filter((id) => !suppressed.has(id));
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    const { held, suppressed } = this.lookedUp;
    const { rows } = held;
    const [only] = codings;
    const found = codings.length === 1 && only ? rows.find(only, 0) : codings.flatMap((one, at) => rows.find(one, at));
    return suppressed.size === 0 ? found : found.map((record) => suppressRow(record, suppressed));
  }

  findArticles(ids: readonly string[]): Article[] {
    const { held, suppressed } = this.lookedUp;
    return ids.flatMap((id) => {
      if (suppressed.has(id)) return [];
      return held.articles.find(id) ?? (isLeafletId(id) ? held.leaflets.findArticle(id) : undefined) ?? [];
    });
  }

  findSuppressed(): Article[] {
    const { held, suppressed } = this.lookedUp;
    return [...suppressed].flatMap((id) => held.articles.find(id) ?? []);
  }

  findLeaflets(coding: Coding): LeafletChoice | undefined {
    const { held, suppressed, leafletMakers } = this.lookedUp;
    return held.leaflets.find(coding, leafletMakers, suppressed);
  }

  findLeafletsByWord(word: string, most: number): string[] {
    return this.#listServed(this.lookedUp.held.leaflets.findByWord(word, most));
  }

  findCodes(article: string): CodeList {
    const { held, suppressed } = this.lookedUp;
    if (suppressed.has(article)) return NO_CODES;
    return isLeafletId(article) ? held.leaflets.findCodes(article) : held.rows.findCodes(article);
  }

  findReleaseDate(article: string): string {
    const { files, dates } = this.lookedUp.held;
    return getOrAdd(dates, article, () => findDate(files, article));
  }

  findArticleIds(coding: Coding): string[] {
    const { held, suppressed } = this.lookedUp;
    const rows = held.rows.findRows(coding)?.rows ?? [];
    return rows.flatMap(({ article }) => (article === undefined || suppressed.has(article) ? [] : article));
  }

  findArticleIdsByPrefix(prefix: string): string[] {
    return this.#listServed(this.lookedUp.held.articles.idsByPrefix(prefix));
  }

  listWithdrawnIds(): readonly string[] {
    return this.#listServed(this.lookedUp.held.withdrawn.list());
  }

  findWithdrawn(ids: readonly string[]): WithdrawnArticle[] {
    return this.lookedUp.held.withdrawn.find(this.#listServed(ids));
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    const { terminology, drugs } = this.lookedUp.held;
    const requested = codings.length > 1 ? once(codings, codingKey) : codings;
    return requested.flatMap((coding) => terminology.findConcept(coding) ?? drugs?.findConcept(coding) ?? []);
  }

  listMappings(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[] {
    const { held, suppressed } = this.lookedUp;
    const isServed = ({ article }: StatedMapping): boolean => article === undefined || !suppressed.has(article);
    return held.rows.list(system, after, mostCodes, isServed);
  }

  readonly findDocuments: Lookups['findDocuments'] = (refs) => {
    const { held, suppressed } = this.lookedUp;
    return held.search.findDocuments(refs).filter(({ system, key }) => system !== undefined || !suppressed.has(key));
  };

  get #terminology(): HeldLayers['terminology'] {
    return this.lookedUp.held.terminology;
  }

  readonly findConceptsBelow: Lookups['findConceptsBelow'] = (...args) => this.#terminology.findConceptsBelow(...args);
  readonly listConcepts: Lookups['listConcepts'] = (...args) => this.#terminology.listConcepts(...args);
  readonly findChildren: Lookups['findChildren'] = (coding) => this.#terminology.findChildren(coding);
  readonly listCrosswalkPairs: Lookups['listCrosswalkPairs'] = () => this.#terminology.listCrosswalkPairs();
  readonly listCrosswalks: Lookups['listCrosswalks'] = (...args) => this.#terminology.listCrosswalks(...args);
  readonly findCrosswalks: Lookups['findCrosswalks'] = (...args) => this.#terminology.findCrosswalks(...args);
  readonly searchIndexes: Lookups['searchIndexes'] = () => this.lookedUp.held.search.indexes;
  readonly findTerms: Lookups['findTerms'] = (request) => this.lookedUp.held.search.findTerms(request);
  readonly findSimilarTerms: Lookups['findSimilarTerms'] = (...args) =>
    this.lookedUp.held.search.findSimilarTerms(...args);
  readonly findSummariesWith: Lookups['findSummariesWith'] = (terms) =>
    this.lookedUp.held.search.findSummariesWith(terms);
  readonly findSynonyms: Lookups['findSynonyms'] = (terms) => this.lookedUp.held.search.findSynonyms(terms);
}
