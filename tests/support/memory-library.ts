import { type Article, type ArticleText, DEFAULT_FACTS } from '../../src/core/model/article.js';
import { CodeList } from '../../src/core/codes/code-list.js';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import { codingKey } from '../../src/core/codes/concept.js';
import type { PathStep } from '../../src/core/answer/knowledge-response.js';
import { mergeFields } from '../../src/catalogue/layered-articles.js';
import {
  type Coding,
  type Concept,
  type Layer,
  type IdPrefix,
  type ManagedLibrary,
  type LibraryStatus,
  type MappingRecord,
  type ReleaseRecord,
  LAYERS,
} from '../../src/core/model/library.js';
import { type SitePolicy, NO_POLICY } from '../../src/core/policy/site-policy.js';
import { suppressRow } from '../../src/catalogue/layered-mappings.js';
import type {
  DocumentRef,
  IndexFacts,
  SearchDocument,
  SearchIndex,
  SimilarTerm,
  Synonym,
  TermRecord,
  TermRequest,
} from '../../src/core/search/search-index.js';
import type {
  Crosswalk,
  CrosswalkPair,
  StatedMapping,
  TerminologyIndex,
} from '../../src/core/codes/terminology-index.js';
import { type DocumentName, namesOf } from '../../src/core/search/text-index.js';
import { type MemoryDocument, MemorySearch } from './memory-search.js';
import { keepTopLayer } from './keep-top-layer.js';

/** A mapping row as a curator writes it. */
export type MemoryMapping = Coding &
  Pick<MappingRecord, 'layer' | 'article' | 'relationship' | 'rank' | 'sensitivity' | 'origin' | 'note'>;

export interface MemoryCrosswalk {
  readonly from: Coding;
  readonly to: Coding;
}

/** Fields of an article in one layer; the id is always there. */
export interface MemoryArticle {
  readonly layer: Layer;
  readonly fields: Partial<Article> & Pick<Article, 'id'>;
}

export interface MemoryRows {
  readonly articles: readonly MemoryArticle[];
  readonly mappings: readonly MemoryMapping[];
  readonly crosswalks: readonly MemoryCrosswalk[];
  readonly concepts?: readonly Concept[];
  /** Code systems that the concepts hold whole. */
  readonly complete?: readonly CodeSystemId[];
  readonly synonyms?: readonly Synonym[];
}

/** Content of each layer's index; the concepts, which have no layer here, are in the last. */
function indexed({ articles, mappings, concepts = [] }: MemoryRows): MemorySearch {
  const releases = LAYERS.map((layer): MemoryDocument[] => {
    const ofLayer = articles.filter((article) => article.layer === layer);
    const drugNames = mappings.filter((row) => row.layer === layer && row.system === 'drug-name');
    const names = ({ texts = testArticle('topic-x').texts }: Partial<Article>): DocumentName[] =>
      Object.values(texts).flatMap(({ title, alsoCalled }) => namesOf(title, alsoCalled));
    return [
      ...ofLayer.map(({ fields }) => ({ system: undefined, key: fields.id, names: names(fields) })),
      ...drugNames.map(({ code }) => ({ system: 'drug-name' as const, key: code, names: namesOf(code, []) })),
    ];
  });
  releases
    .at(-1)
    ?.push(...concepts.map(({ system, code, title, names }) => ({ system, key: code, names: namesOf(title, names) })));
  return new MemorySearch(releases);
}

const MAX_CROSSINGS = 3;

const isSame = (a: Coding, b: Coding): boolean => a.system === b.system && a.code === b.code;

/** The length of a category, above which no code of an ICD is looked for; undefined for systems without truncation. */
function categoryLength({ system, code }: Coding): number | undefined {
  if (system === 'icd-10-cm' || system === 'icd-10') return 3;
  if (system === 'icd-9-cm') return code.startsWith('E') ? 4 : 3;
  return undefined;
}

/** The next code up: one character less, and no dot at its end. */
function parentOf(coding: Coding): Coding | undefined {
  const shortest = categoryLength(coding);
  if (shortest === undefined || coding.code.length <= shortest) return undefined;
  return { system: coding.system, code: coding.code.slice(0, -1).replace(/\.$/, '') };
}

interface Place {
  readonly at: Coding;
  readonly levels: number;
  readonly crossings: number;
  readonly path: readonly PathStep[];
}

/** A library of a few rows in memory, for tests of the core: truncation, crosswalks and layers as the port describes. */
export class MemoryLibrary implements ManagedLibrary, SearchIndex, TerminologyIndex {
  readonly #rows: MemoryRows;
  /** The port promises no order of records: `reversed` gives them the other way round. */
  readonly #reversed: boolean;
  readonly #policy: SitePolicy;
  #search: MemorySearch | undefined;
  /** The codings of each call to `findMappings`. */
  readonly asked: (readonly Coding[])[] = [];

  constructor(rows: MemoryRows, reversed = false, policy = NO_POLICY) {
    this.#rows = rows;
    this.#reversed = reversed;
    this.#policy = policy;
  }

  get search(): SearchIndex {
    return this;
  }

  get terminology(): TerminologyIndex {
    return this;
  }

  /** Leaflets come from imports alone. */
  findLeaflets(): undefined {
    return undefined;
  }

  readonly #isGiven = (article: string): boolean => !this.#policy.suppressed.has(article);

  status(): LibraryStatus {
    const { articles, mappings, crosswalks } = this.#rows;
    const systems = new Set<CodeSystemId>([
      ...mappings.map(({ system }) => system),
      ...crosswalks.map(({ from }) => from.system),
    ]);
    return {
      release: 'memory',
      releases: [{ layer: 'starter', source: 'memory', name: 'memory', builtOn: '2026-01-01' }],
      date: '2026-11-24',
      articles: new Set(articles.map(({ fields }) => fields.id)).size,
      mappings: mappings.length,
      systems: [...systems],
      policy: this.#policy,
      concepts: this.#countConcepts(),
      crosswalks: this.#listCrosswalkPairs(),
      texts: [],
      completeSystems: new Map((this.#rows.complete ?? []).map((system) => [system, 'memory'])),
    };
  }

  findRevision(): string {
    return '';
  }

  /** The coding, its ancestors, and where crosswalks lead from any of these. */
  #reach(coding: Coding): Place[] {
    const asked: PathStep = { kind: 'asked', system: coding.system, code: coding.code };
    const places: Place[] = [{ at: coding, levels: 0, crossings: 0, path: [asked] }];
    for (const place of places) {
      const { at, levels, crossings, path } = place;
      const parent = parentOf(at);
      if (parent) {
        // A path names where a climb ends, not its single steps.
        const before = path.at(-1)?.kind === 'ancestor' ? path.slice(0, -1) : path;
        const step: PathStep = { kind: 'ancestor', ...parent };
        places.push({ at: parent, levels: levels + 1, crossings, path: [...before, step] });
      }
      if (crossings === MAX_CROSSINGS) continue;
      for (const { from, to } of this.#rows.crosswalks) {
        if (!isSame(from, at)) continue;
        // A system once left is not entered again.
        const isLeft = at.system !== to.system && path.some(({ system }) => system === to.system);
        if (isLeft) continue;
        places.push({ at: to, levels, crossings: crossings + 1, path: [...path, { kind: 'crosswalk', ...to }] });
      }
    }
    return places;
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    this.asked.push(codings);
    const records: MappingRecord[] = codings.flatMap((coding, input) =>
      this.#reach(coding).flatMap(({ at, levels, crossings, path }) =>
        this.#rows.mappings.filter((row) => isSame(row, at)).map((row) => ({ ...row, input, levels, crossings, path })),
      ),
    );
    const kept = keepTopLayer(records).map((record) => suppressRow(record, this.#policy.suppressed));
    return this.#reversed ? kept.reverse() : kept;
  }

  findArticles(ids: readonly string[]): Article[] {
    return this.#articlesOf(ids.filter(this.#isGiven));
  }

  #articlesOf(ids: readonly string[]): Article[] {
    const found = [...new Set(ids)].flatMap((id) => {
      const versions = this.#rows.articles.filter(({ fields }) => fields.id === id);
      return versions.length > 0 ? [{ ...testArticle(id), ...mergeFields<Article>(versions) }] : [];
    });
    return this.#reversed ? found.reverse() : found;
  }

  findSuppressed(): Article[] {
    return this.#articlesOf([...this.#policy.suppressed]);
  }

  findCodes(id: string): CodeList {
    const codes = keepTopLayer(this.#rows.mappings).flatMap(({ system, code, article, relationship }) =>
      article === id && relationship !== 'none' && this.#isGiven(id) ? [{ system, code, relationship }] : [],
    );
    return CodeList.of(codes.sort((a, b) => (codingKey(a) < codingKey(b) ? -1 : 1)));
  }

  findReleaseDate(): string {
    return this.status().date;
  }

  findArticleIds(of: Coding | IdPrefix): string[] {
    if ('prefix' in of) {
      const ids = new Set(this.#rows.articles.map(({ fields }) => fields.id));
      return [...ids].filter((id) => id.startsWith(of.prefix) && this.#isGiven(id)).sort();
    }
    const rows = keepTopLayer(this.#rows.mappings.filter((row) => isSame(row, of)));
    return rows.flatMap(({ article }) => article ?? []).filter(this.#isGiven);
  }

  findWithdrawn(): [] {
    return [];
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    const { concepts = [] } = this.#rows;
    return concepts.filter((concept) => codings.some((coding) => isSame(concept, coding)));
  }

  findConceptsBelow(codings: readonly Coding[], most: number): Concept[] {
    const { concepts = [] } = this.#rows;
    const inOrder = [...concepts].sort((a, b) => (a.code < b.code ? -1 : 1));
    const found = codings.flatMap(({ system, code }) => {
      const ofSystem = inOrder.filter((concept) => concept.system === system && concept.code !== code);
      const below = ofSystem.filter(({ parent }) => parent === code);
      return [...new Set([...below, ...ofSystem.filter((concept) => concept.code.startsWith(code))])].slice(0, most);
    });
    return [...new Set(found)];
  }

  #searched(): MemorySearch {
    return (this.#search ??= indexed(this.#rows));
  }

  get indexes(): readonly IndexFacts[] {
    return this.#searched().facts;
  }

  findTerms(request: TermRequest): TermRecord[] {
    return this.#searched().findTerms(request);
  }

  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][] {
    return this.#searched().findSimilarTerms(sounds, most);
  }

  findDocuments(refs: readonly DocumentRef[]): SearchDocument[] {
    return this.#searched().findDocuments(refs);
  }

  findSummariesWith(): string[] {
    return [];
  }

  findSynonyms(terms: readonly string[]): Synonym[] {
    return (this.#rows.synonyms ?? []).filter(({ term }) => terms.includes(term));
  }

  #countConcepts(): ReadonlyMap<CodeSystemId, number> {
    const counts = new Map<CodeSystemId, number>();
    for (const { system } of this.#rows.concepts ?? []) counts.set(system, (counts.get(system) ?? 0) + 1);
    return counts;
  }

  listConcepts(system: CodeSystemId, after: string, most: number): Concept[] {
    const ofSystem = (this.#rows.concepts ?? []).filter((one) => one.system === system && one.code > after);
    return ofSystem.sort((a, b) => (a.code < b.code ? -1 : 1)).slice(0, most);
  }

  findChildren({ system, code }: Coding): Concept[] {
    return (this.#rows.concepts ?? []).filter((one) => one.system === system && one.parent === code);
  }

  listMappings(system: CodeSystemId, after: string): StatedMapping[] {
    return keepTopLayer(this.#rows.mappings.filter((row) => row.system === system && row.code > after));
  }

  #listCrosswalkPairs(): CrosswalkPair[] {
    const pairs = this.#rows.crosswalks.map(({ from, to }) => ({ from: from.system, to: to.system }));
    return [...new Map(pairs.map((pair) => [`${pair.from}|${pair.to}`, pair])).values()];
  }

  listCrosswalks({ from, to }: CrosswalkPair, after: string): Crosswalk[] {
    const ofPair = this.#crosswalks().filter((one) => one.from.system === from && one.to.system === to);
    return ofPair.filter(({ from: { code } }) => code > after);
  }

  findCrosswalks(coding: Coding, end: 'from' | 'to'): Crosswalk[] {
    return this.#crosswalks().filter((one) => isSame(one[end], coding));
  }

  #crosswalks(): Crosswalk[] {
    return this.#rows.crosswalks.map((one) => ({ ...one, relationship: 'equivalent' }));
  }

  findReleases(): ReleaseRecord[] {
    return [];
  }

  async ready(): Promise<boolean> {
    return true;
  }

  connections(): undefined {
    return undefined;
  }

  storeLag(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    // nothing is held open
  }
}

/** A text of an article that a test needs no more of. */
export function testText(id: string, language: 'en' | 'es'): ArticleText {
  return {
    language,
    title: `${id} (${language})`,
    url: `https://articles.example/${language}/${id}`,
    alsoCalled: [],
    summary: undefined,
    origin: 'curated',
  };
}

/** An article for any reader, in both languages, of the kind that its id begins with. */
export function testArticle(id: string, fields: Partial<Article> = {}): Article {
  return {
    id,
    kind: id.split('-', 1)[0] as Article['kind'],
    publisher: { id: 'test', name: 'Test publisher', url: 'https://articles.example', licensed: false, texts: {} },
    ...DEFAULT_FACTS,
    texts: { en: testText(id, 'en'), es: testText(id, 'es') },
    ...fields,
  };
}
