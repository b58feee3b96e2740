import type { Article } from '../core/article.js';
import type { CodeSystemId } from '../core/code-systems.js';
import { codingKey } from '../core/concept.js';
import { RequestError } from '../core/errors.js';
import { groupBy } from '../core/group-by.js';
import { keepTopLayer } from '../core/layers.js';
import type {
  ArticleCode,
  Coding,
  Concept,
  DatabaseConnections,
  Library,
  LibraryChanges,
  LibraryStatus,
  MappingRecord,
  ReleaseRecord,
  StoreLag,
  WithdrawnArticle,
} from '../core/library.js';
import type { IndexFacts, SimilarTerm, TermRecord, TermRequest } from '../core/search-index.js';
import { codesLeadingTo } from './code-rows.js';
import type { LibraryReader, Queries, StatementName } from '../store/connection.js';
import { ConceptCounts } from './described-systems.js';
import { keptByArticle, keptByCoding } from './kept-answers.js';
import { listReleases } from '../store/release-store.js';
import type { ArticleRow, ConceptRow, MappingRow } from './rows.js';
import { toArticle, toConcepts, toMappingRecord, toReleaseRecord } from './rows.js';
import type { Snapshot } from './snapshot.js';
import { readCurrent } from './snapshot.js';
import { StoredSearch } from './stored-search.js';
import { StoredTerminology } from './stored-terminology.js';
import { SwapChanges } from './swap-changes.js';
import { givesNumbersAgain } from './swapped-releases.js';
import { WithdrawnIds, findWithdrawn } from './withdrawn.js';

/** What a library knows that no release of it says. */
type OwnFacts = Pick<LibraryStatus, 'titleFacts'>;

/** How often a swap by another process is looked for. */
const POLL_MS = 250;

/** The library over a database: what it answers is read by prepared statements, what repeats is kept in memory. */
export class StoredLibrary implements Library {
  readonly #reader: LibraryReader;
  readonly #facts: OwnFacts;
  readonly #search: StoredSearch;
  readonly #terminology: StoredTerminology;
  readonly #articles = keptByArticle<Article>((ids) => this.#readArticles(ids));
  readonly #codes = keptByArticle<ArticleCode>((ids) => codesLeadingTo(this.#run('find-codes', ids)));
  readonly #mappings = keptByCoding<MappingRecord>((codings) => this.#readMappings(codings));
  readonly #concepts = keptByCoding<Concept>((codings) => this.#readConcepts(codings));
  readonly #poll: NodeJS.Timeout;
  readonly #withdrawnIds: WithdrawnIds;
  readonly #conceptCounts: ConceptCounts;
  #changes: SwapChanges;
  #snapshot: Snapshot;
  #version: unknown;
  /** A look for a swap that is under way. */
  #look: Promise<void> | undefined;
  /** Why the database could no longer be believed when it was looked at; undefined where it could. It is told once. */
  #failure: unknown;

  private constructor(reader: LibraryReader, facts: OwnFacts, snapshot: Snapshot, version: unknown) {
    this.#reader = reader;
    this.#facts = facts;
    this.#snapshot = { ...snapshot, status: { ...snapshot.status, ...facts } };
    this.#version = version;
    this.#search = new StoredSearch(this.#run);
    this.#terminology = new StoredTerminology(this.#run);
    this.#withdrawnIds = new WithdrawnIds(this.#run);
    this.#conceptCounts = new ConceptCounts(this.#queries);
    this.#changes = new SwapChanges(this.#queries, this.#snapshot);
    this.#poll = setInterval(() => {
      if (!this.#look) void this.#lookAgain();
    }, POLL_MS);
    this.#poll.unref();
  }

  /** Opens the library that a reader reads; the library closes it. Its status carries the facts. */
  static async open(reader: LibraryReader, facts: OwnFacts = {}): Promise<StoredLibrary> {
    const { snapshot, version } = await readCurrent(reader);
    return new StoredLibrary(reader, facts, snapshot, version);
  }

  /**
   * Sees what was written by now.
   * @throws RequestError `library-unavailable` where that takes too long
   */
  async noticeSwap(): Promise<void> {
    await this.#reader.catchUp?.();
    await this.#lookAgain();
  }

  /** Looks for a swap. A look under way may have begun before the swap that is to be seen: it is waited for first. */
  async #lookAgain(): Promise<void> {
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
      if ((await this.#reader.version()) !== this.#version) await this.#readAnew();
    } catch (error) {
      if (this.#reader.isPassing(error)) return;
      // What is in memory is from a library that is no longer there. That it is still away is nothing new.
      if (this.#failure === undefined) this.#begin(this.#snapshot, error);
      // No version is this one: the next look reads everything anew.
      this.#version = undefined;
    }
  }

  async #readAnew(): Promise<void> {
    const known = this.#failure === undefined ? this.#snapshot : undefined;
    const { snapshot, version } = await readCurrent(this.#reader, known);
    if (snapshot !== known) this.#begin(snapshot, undefined);
    this.#version = version;
  }

  /**
   * Begins a generation: whatever was kept of the one before is forgotten, here and by whoever goes by the status. A library
   * that was lost meanwhile, or restored, may be another one: what it was before says nothing of what it is.
   */
  #begin(snapshot: Snapshot, failure: unknown): void {
    const isAnother = failure !== this.#failure || givesNumbersAgain(this.#snapshot.active, snapshot.active);
    const generation = this.status().generation + 1;
    this.#snapshot = { ...snapshot, status: { ...snapshot.status, ...this.#facts, generation } };
    if (failure !== this.#failure) this.#reader.tell?.(failure === undefined, failure);
    this.#failure = failure;
    if (isAnother) this.#changes = new SwapChanges(this.#queries, this.#snapshot);
    else this.#changes.took(this.#snapshot);
    for (const kept of [this.#articles, this.#codes, this.#mappings, this.#concepts, this.#terminology]) kept.forget();
    this.#withdrawnIds.forget();
  }

  /** @throws RequestError `library-unavailable` */
  #checkBelieved(): void {
    if (this.#failure !== undefined) throw new RequestError('library-unavailable');
  }

  readonly #run = <Row>(statement: StatementName, argument: unknown): Row[] => {
    this.#checkBelieved();
    return this.#reader.read<Row>(statement, argument);
  };

  /** What requests ask in SQL of its own. */
  readonly #queries: Queries = {
    all: (sql, ...values) =>
      this.#reader.all<never>(sql, ...values).catch((error: unknown) => {
        throw this.#reader.unavailable(error);
      }),
  };

  status(): LibraryStatus {
    return this.#snapshot.status;
  }

  findChanges(since: LibraryStatus): Promise<LibraryChanges | undefined> {
    return this.#changes.find(since);
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    const found = this.#mappings.find(codings);
    return codings.flatMap((coding, input) => {
      const records = found.get(codingKey(coding)) ?? [];
      return input === 0 ? records : records.map((record) => ({ ...record, input }));
    });
  }

  /** The rows of codings, each as if it were asked alone. */
  #readMappings(codings: readonly Coding[]): ReadonlyMap<string, readonly MappingRecord[]> {
    const found = new Map<string, MappingRecord[]>(codings.map((coding) => [codingKey(coding), []]));
    for (const row of keepTopLayer(this.#run<MappingRow>('find-mappings', codings))) {
      const asked = codings[row.input];
      if (asked) found.get(codingKey(asked))?.push(toMappingRecord({ ...row, input: 0 }, asked));
    }
    return found;
  }

  findArticles(ids: readonly string[]): Article[] {
    const found = this.#articles.find(ids);
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  #readArticles(ids: readonly string[]): ReadonlyMap<string, readonly Article[]> {
    const { publishers } = this.#snapshot;
    const rows = groupBy(this.#run<ArticleRow>('find-articles', ids), ({ id }) => id);
    return new Map([...rows].map(([id, ofArticle]) => [id, [toArticle(id, ofArticle, publishers)]]));
  }

  findCodes(articleIds: readonly string[]): ArticleCode[] {
    const found = this.#codes.find(articleIds);
    return [...new Set(articleIds)].sort().flatMap((id) => found.get(id) ?? []);
  }

  findArticleIds(coding: Coding): string[] {
    const rows = this.#mappings.findOne(coding);
    return rows.flatMap(({ article, levels, crossings }) =>
      article !== undefined && levels + crossings === 0 ? [article] : [],
    );
  }

  findArticleIdsByPrefix(prefix: string): string[] {
    return this.#run<{ id: string }>('find-ids', prefix).map(({ id }) => id);
  }

  listWithdrawnIds(): readonly string[] {
    return this.#withdrawnIds.list();
  }

  findWithdrawn(ids: readonly string[]): WithdrawnArticle[] {
    const offered = new Map(this.findArticles(ids).map((article) => [article.id, article]));
    return findWithdrawn(this.#run, ids, offered);
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    const found = this.#concepts.find(codings);
    return [...new Set(codings.map(codingKey))].flatMap((key) => found.get(key) ?? []);
  }

  #readConcepts(codings: readonly Coding[]): ReadonlyMap<string, readonly Concept[]> {
    const found = toConcepts(this.#run<ConceptRow>('find-concepts', codings));
    return new Map(found.map((concept) => [codingKey(concept), [concept]]));
  }

  searchIndexes(): readonly IndexFacts[] {
    return this.#snapshot.searchIndexes;
  }

  findTerms(request: TermRequest): TermRecord[] {
    return this.#search.findTerms(request);
  }

  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][] {
    return this.#search.findSimilarTerms(sounds, most);
  }

  readonly findDocuments: Library['findDocuments'] = (refs) => this.#search.findDocuments(refs);
  readonly findSynonyms: Library['findSynonyms'] = (terms) => this.#search.findSynonyms(terms);
  readonly findConceptsBelow: Library['findConceptsBelow'] = (...asked) => this.#search.findConceptsBelow(...asked);

  async countConcepts(): Promise<ReadonlyMap<CodeSystemId, number>> {
    this.#checkBelieved();
    return this.#conceptCounts.count(this.#snapshot.active);
  }

  listConcepts(system: CodeSystemId, after: string, most: number): Concept[] {
    // A whole system passes through once: the codes that repeat stay in memory.
    const found = this.#readConcepts(this.#terminology.listCodes(system, after, most));
    return [...found.values()].flat();
  }

  findChildren(coding: Coding): Concept[] {
    const found = this.#terminology.findChildren(coding);
    // A higher layer may put a code elsewhere.
    return found.filter(({ parent }) => parent === coding.code);
  }

  readonly listMappings: Library['listMappings'] = (...asked) => this.#terminology.listMappings(...asked);
  readonly listCrosswalkPairs: Library['listCrosswalkPairs'] = () => this.#terminology.listCrosswalkPairs();
  readonly listCrosswalks: Library['listCrosswalks'] = (...asked) => this.#terminology.listCrosswalks(...asked);
  readonly findCrosswalks: Library['findCrosswalks'] = (...asked) => this.#terminology.findCrosswalks(...asked);

  async findReleases(most: number): Promise<ReleaseRecord[]> {
    return (await listReleases(this.#queries)).flatMap(toReleaseRecord).slice(0, most);
  }

  async ready(): Promise<boolean> {
    try {
      await this.#reader.check();
      return this.#failure === undefined && this.status().release !== '';
    } catch (error) {
      // Whoever has been told so is served nothing from memory any more.
      if (!this.#reader.isPassing(error)) await this.#lookAgain();
      return false;
    }
  }

  connections(): DatabaseConnections | undefined {
    return this.#reader.connections?.();
  }

  storeLag(): StoreLag | undefined {
    return this.#reader.lag?.();
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    await this.#reader.close();
  }
}
