import { LRUCache } from 'lru-cache';
import type { Article } from '../../core/article.js';
import type { CodeSystemId } from '../../core/code-systems.js';
import { codingKey } from '../../core/concept.js';
import { RequestError } from '../../core/errors.js';
import { keepTopLayer } from '../../core/layers.js';
import type {
  ArticleCode,
  Coding,
  Concept,
  DatabaseConnections,
  Layer,
  Library,
  LibraryStatus,
  MappingRecord,
  ReleaseRecord,
  WithdrawnArticle,
} from '../../core/library.js';
import type {
  DocumentRef,
  IndexFacts,
  SearchDocument,
  SimilarTerm,
  Synonym,
  TermRecord,
  TermRequest,
} from '../../core/search-index.js';
import type { LibraryReader, StatementName } from './connection.js';
import { KeptAnswers } from './kept-answers.js';
import { listReleases } from './release-store.js';
import type { ArticleRow, ConceptRow, MappingRow } from './rows.js';
import { toArticle, toConcept, toMappingRecord, toReleaseRecord } from './rows.js';
import type { Crosswalk, CrosswalkPair, StatedMapping } from '../../core/terminology-index.js';
import type { Snapshot } from './snapshot.js';
import { readCurrent } from './snapshot.js';
import { StoredSearch } from './stored-search.js';
import { StoredTerminology } from './stored-terminology.js';
import { WithdrawnIds, findWithdrawn } from './withdrawn.js';

/** How often a swap by another process is looked for. */
const POLL_MS = 250;
/** Merged articles kept in memory; one is about a kilobyte. */
const MAX_CACHED_ARTICLES = 4000;
interface CodeRow extends Coding {
  readonly layer: Layer;
  readonly article: string;
  readonly relationship: ArticleCode['relationship'] | 'none';
}

/** The library over a database: what it answers is read by prepared statements, what repeats is kept in memory. */
export class StoredLibrary implements Library {
  readonly #reader: LibraryReader;
  readonly #search: StoredSearch;
  readonly #terminology: StoredTerminology;
  readonly #articles = new LRUCache<string, Article>({ max: MAX_CACHED_ARTICLES });
  readonly #mappings = new KeptAnswers<MappingRecord>();
  readonly #articleIds = new KeptAnswers<string>();
  readonly #concepts = new KeptAnswers<Concept>();
  readonly #poll: NodeJS.Timeout;
  readonly #withdrawnIds: WithdrawnIds;
  #snapshot: Snapshot;
  #version: unknown;
  /** A look for a swap that is under way. */
  #look: Promise<void> | undefined;
  /** Why the database could no longer be believed when it was looked at; undefined where it could. It is told once. */
  #failure: unknown;

  private constructor(reader: LibraryReader, snapshot: Snapshot, version: unknown) {
    this.#reader = reader;
    this.#snapshot = snapshot;
    this.#version = version;
    this.#search = new StoredSearch(this.#run);
    this.#terminology = new StoredTerminology(this.#run);
    this.#withdrawnIds = new WithdrawnIds(this.#run);
    this.#poll = setInterval(() => {
      if (!this.#look) void this.noticeSwap();
    }, POLL_MS);
    this.#poll.unref();
  }

  /** Opens the library that a reader reads; the library closes it. */
  static async open(reader: LibraryReader): Promise<StoredLibrary> {
    const { snapshot, version } = await readCurrent(reader);
    return new StoredLibrary(reader, snapshot, version);
  }

  /** Looks for a swap. A look under way may have begun before the swap that is to be seen: it is waited for first. */
  async noticeSwap(): Promise<void> {
    while (this.#look) await this.#look;
    this.#look = this.#lookForSwap();
    await this.#look;
    this.#look = undefined;
  }

  /**
   * Reads the active releases anew where their version has changed. A database that is no longer what it was makes the
   * library unavailable until a later look finds it whole; it never ends the process.
   */
  async #lookForSwap(): Promise<void> {
    try {
      if ((await this.#reader.version()) === this.#version) return;
      const { snapshot, version } = await readCurrent(this.#reader);
      this.#begin(snapshot, undefined);
      this.#version = version;
    } catch (error) {
      if (this.#reader.isPassing(error)) return;
      // What is in memory is from a library that is no longer there. That it is still away is nothing new.
      if (this.#failure === undefined) this.#begin(this.#snapshot, error);
      // No version is this one: the next look reads everything anew.
      this.#version = undefined;
    }
  }

  /** Begins a generation: whatever was kept of the one before is forgotten, here and by whoever goes by the status. */
  #begin(snapshot: Snapshot, failure: unknown): void {
    if (failure !== this.#failure) this.#reader.tell?.(failure === undefined, failure);
    this.#failure = failure;
    const generation = this.status().generation + 1;
    this.#snapshot = { ...snapshot, status: { ...snapshot.status, generation } };
    this.#articles.clear();
    for (const kept of [this.#mappings, this.#articleIds, this.#concepts, this.#terminology, this.#withdrawnIds])
      kept.forget();
  }

  readonly #run = async <Row>(statement: StatementName, argument: unknown): Promise<Row[]> => {
    if (this.#failure !== undefined) throw new RequestError('library-unavailable');
    return this.#reader.read<Row>(statement, argument);
  };

  status(): LibraryStatus {
    return this.#snapshot.status;
  }

  async findMappings(codings: readonly Coding[]): Promise<MappingRecord[]> {
    const found = await this.#mappings.find(codings, (missing) => this.#readMappings(missing));
    return codings.flatMap((coding, input) => {
      const records = found.get(codingKey(coding)) ?? [];
      return input === 0 ? records : records.map((record) => ({ ...record, input }));
    });
  }

  /** The rows of codings, each as if it were asked alone. */
  async #readMappings(codings: readonly Coding[]): Promise<ReadonlyMap<string, readonly MappingRecord[]>> {
    const found = new Map<string, MappingRecord[]>(codings.map((coding) => [codingKey(coding), []]));
    for (const row of keepTopLayer(await this.#run<MappingRow>('find-mappings', codings))) {
      const asked = codings[row.input];
      if (asked) found.get(codingKey(asked))?.push(toMappingRecord({ ...row, input: 0 }, asked));
    }
    return found;
  }

  async findArticles(ids: readonly string[]): Promise<Article[]> {
    // Taken before anything is read: what is read comes into memory in the place of what is there.
    const found = new Map(ids.map((id) => [id, this.#articles.get(id)] as const));
    const missing = ids.filter((id) => !found.get(id));
    const snapshot = this.#snapshot;
    const rows = missing.length > 0 ? await this.#run<ArticleRow>('find-articles', missing) : [];
    const byId = new Map<string, ArticleRow[]>();
    for (const row of rows) byId.set(row.id, [...(byId.get(row.id) ?? []), row]);
    for (const [id, ofArticle] of byId) {
      const article = toArticle(id, ofArticle, snapshot.publishers);
      found.set(id, article);
      // What was read while a swap came is used once and not kept.
      if (snapshot === this.#snapshot) this.#articles.set(id, article);
    }
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async findCodes(articleIds: readonly string[]): Promise<ArticleCode[]> {
    const found = await this.#run<CodeRow>('find-codes', articleIds);
    // A row of a lower layer counts only where no higher layer replaces its code's rows.
    const rivals = await this.#run<CodeRow>('find-code-rows', found);
    const standing = new Set(
      keepTopLayer(rivals).map((row) => `${row.layer}|${row.system}|${row.code}|${row.article}`),
    );
    return found.flatMap(({ layer, system, code, article, relationship }) =>
      relationship !== 'none' && standing.has(`${layer}|${system}|${code}|${article}`)
        ? [{ system, code, article, relationship }]
        : [],
    );
  }

  async findArticleIds(coding: Coding): Promise<string[]> {
    const found = await this.#articleIds.findOne(coding, async () => {
      const rows = await this.#run<CodeRow>('find-code-rows', [coding]);
      return keepTopLayer(rows).flatMap(({ article }) => (article === '' ? [] : [article]));
    });
    return [...found];
  }

  async findArticleIdsByPrefix(prefix: string): Promise<string[]> {
    return (await this.#run<{ id: string }>('find-ids', prefix)).map(({ id }) => id);
  }

  listWithdrawnIds(): Promise<readonly string[]> {
    return this.#withdrawnIds.list();
  }

  async findWithdrawn(ids: readonly string[]): Promise<WithdrawnArticle[]> {
    const offered = new Map((await this.findArticles(ids)).map((article) => [article.id, article]));
    return findWithdrawn(this.#run, ids, offered);
  }

  async findConcepts(codings: readonly Coding[]): Promise<Concept[]> {
    const found = await this.#concepts.find(codings, (missing) => this.#readConcepts(missing));
    return [...new Set(codings.map(codingKey))].flatMap((key) => found.get(key) ?? []);
  }

  async #readConcepts(codings: readonly Coding[]): Promise<ReadonlyMap<string, readonly Concept[]>> {
    const found = new Map<string, readonly Concept[]>();
    for (const row of keepTopLayer(await this.#run<ConceptRow>('find-concepts', codings))) {
      // Of two sources of one layer the later import comes first.
      if (!found.has(codingKey(row))) found.set(codingKey(row), [toConcept(row)]);
    }
    return found;
  }

  searchIndexes(): readonly IndexFacts[] {
    return this.#snapshot.searchIndexes;
  }

  findTerms(request: TermRequest): Promise<TermRecord[]> {
    return this.#search.findTerms(request);
  }

  findSimilarTerms(sounds: readonly string[], most: number): Promise<SimilarTerm[][]> {
    return this.#search.findSimilarTerms(sounds, most);
  }

  findDocuments(refs: readonly DocumentRef[]): Promise<SearchDocument[]> {
    return this.#search.findDocuments(refs);
  }

  findSynonyms(terms: readonly string[]): Promise<Synonym[]> {
    return this.#search.findSynonyms(terms);
  }

  async findConceptsBelow(codings: readonly Coding[], most: number): Promise<Concept[]> {
    return this.findConcepts(await this.#search.findCodesBelow(codings, most));
  }

  countConcepts(): Promise<ReadonlyMap<CodeSystemId, number>> {
    return this.#terminology.countConcepts();
  }

  async listConcepts(system: CodeSystemId, after: string, most: number): Promise<Concept[]> {
    // A whole system passes through once: the codes that repeat stay in memory.
    const found = await this.#readConcepts(await this.#terminology.listCodes(system, after, most));
    return [...found.values()].flat();
  }

  async findChildren(coding: Coding): Promise<Concept[]> {
    const found = await this.findConcepts(await this.#terminology.findChildren(coding));
    // A higher layer may put a code elsewhere.
    return found.filter(({ parent }) => parent === coding.code);
  }

  listMappings(system: CodeSystemId): Promise<StatedMapping[]> {
    return this.#terminology.listMappings(system);
  }

  listCrosswalkPairs(): Promise<CrosswalkPair[]> {
    return this.#terminology.listCrosswalkPairs();
  }

  listCrosswalks(pair: CrosswalkPair): Promise<Crosswalk[]> {
    return this.#terminology.listCrosswalks(pair);
  }

  findCrosswalks(coding: Coding, end: 'from' | 'to'): Promise<Crosswalk[]> {
    return this.#terminology.findCrosswalks(coding, end);
  }

  async findReleases(most: number): Promise<ReleaseRecord[]> {
    try {
      return (await listReleases(this.#reader)).flatMap(toReleaseRecord).slice(0, most);
    } catch (error) {
      throw error instanceof RequestError ? error : new RequestError('library-unavailable', {}, error);
    }
  }

  async ready(): Promise<boolean> {
    try {
      await this.#reader.check();
      return this.#failure === undefined && this.status().release !== '';
    } catch {
      return false;
    }
  }

  connections(): DatabaseConnections | undefined {
    return this.#reader.connections?.();
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    await this.#reader.close();
  }
}
