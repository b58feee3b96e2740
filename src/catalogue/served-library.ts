import type { CodeSystemId } from '../core/code-systems.js';
import { RequestError } from '../core/errors.js';
import type {
  DatabaseConnections,
  Library,
  LibraryStatus,
  ReleaseRecord,
  RevisedThing,
  StoreLag,
} from '../core/library.js';
import type { ReleaseChoice, StoreReader } from '../store/connection.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';
import type { Layers } from './layers.js';
import type { Served } from './read-served.js';
import { readServed } from './read-served.js';
import { MissingFileError } from './release-file.js';

/** What a library knows that no release of it says. */
type OwnFacts = Pick<LibraryStatus, 'titleFacts'>;

/** How often a swap by another process is looked for. */
const POLL_MS = 250;
/** A release as the history tells it; one that never became active is none. */
function toReleaseRecord(release: StoredRelease): ReleaseRecord[] {
  const { layer, source, name, builtOn, activatedAt, isActive } = release;
  if (activatedAt === null) return [];
  const { changes, leftAt } = readContent(release);
  return changes
    ? [{ layer, source, name, builtOn, activatedAt, isActive, leftAt: isActive ? undefined : leftAt, changes }]
    : [];
}

/** The library as it is served: the releases in use, asked at once, and replaced together when a swap is noticed. */
export class ServedLibrary implements Library {
  readonly #reader: StoreReader;
  readonly #facts: OwnFacts;
  readonly #choice: ReleaseChoice | undefined;
  readonly #poll: NodeJS.Timeout;
  #served: Served;
  #version: unknown;
  /** A look for a swap that is under way. */
  #look: Promise<void> | undefined;
  /** Why the store could no longer be believed when it was looked at; undefined where it could. It is told once. */
  #failure: unknown;

  private constructor(
    reader: StoreReader,
    facts: OwnFacts,
    choice: ReleaseChoice | undefined,
    first: Served,
    version: unknown,
  ) {
    this.#reader = reader;
    this.#facts = facts;
    this.#choice = choice;
    this.#served = first;
    this.#version = version;
    this.#poll = setInterval(() => {
      if (!this.#look) void this.#lookAgain();
    }, POLL_MS);
    this.#poll.unref();
  }

  /**
   * Opens the library that a store holds; the library closes the reader. Its status carries the facts.
   * @param choice opens it as it would be with another release of one source
   */
  static async open(reader: StoreReader, facts: OwnFacts = {}, choice?: ReleaseChoice): Promise<ServedLibrary> {
    const version = await reader.version();
    const served = await readServed(reader, choice, undefined);
    const status = { ...served.status, ...facts, generation: 1 };
    return new ServedLibrary(reader, facts, choice, { ...served, status }, version);
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
   * Reads which releases are in use where their version has changed. A store that is no longer what it was makes the library
   * unavailable until a later look finds it whole; it never ends the process.
   */
  async #lookForSwap(): Promise<void> {
    try {
      const version = await this.#reader.version();
      if (version === this.#version) return;
      const served = await readServed(this.#reader, this.#choice, this.#served);
      if (served !== this.#served || this.#failure !== undefined) this.#serve(served, undefined);
      this.#version = version;
    } catch (error) {
      // A file that is not here belongs to a state that is over, or is about to be brought: what is served stays.
      if (this.#reader.isPassing(error) || error instanceof MissingFileError) return;
      // What is in memory is from a library that is no longer there. That it is still away is nothing new.
      if (this.#failure === undefined) this.#serve(this.#served, error);
      // No version is this one: the next look reads everything anew.
      this.#version = undefined;
    }
  }

  /** Serves this from now on; files that are no longer in use are closed. */
  #serve(served: Served, failure: unknown): void {
    const before = this.#served;
    const generation = before.status.generation + 1;
    this.#served = { ...served, status: { ...served.status, ...this.#facts, generation } };
    if (failure !== this.#failure) this.#reader.tell?.(failure === undefined, failure);
    this.#failure = failure;
    for (const file of before.layers.files) if (!served.layers.files.includes(file)) file.close();
    served.layers.articles.forgetGone();
  }

  /** @throws RequestError `library-unavailable` */
  get #believed(): Served {
    if (this.#failure !== undefined) throw new RequestError('library-unavailable');
    return this.#served;
  }

  get #layers(): Layers {
    return this.#believed.layers;
  }

  status(): LibraryStatus {
    return this.#served.status;
  }

  /** The numbers of the releases that say anything of it. */
  revisionOf(thing: RevisedThing): string {
    const { files } = this.#layers;
    const saying = files.filter(({ rows, facts }) => {
      if ('concepts' in thing) return facts.concepts[thing.concepts] !== undefined;
      if ('mappings' in thing) return rows.has(thing.mappings);
      return facts.crosswalks.length > 0;
    });
    return saying.map(({ place }) => `${place.id} ${place.path}`).join(' ');
  }

  countConcepts(): ReadonlyMap<CodeSystemId, number> {
    return this.#believed.counts;
  }

  findReleases(most: number): ReleaseRecord[] {
    return this.#believed.releases.flatMap(toReleaseRecord).slice(0, most);
  }

  /** Whether an article has a text that the site has not written. */
  isElsewhere(article: string): boolean {
    return this.#layers.articles.hasText(article, ({ layer }) => layer !== 'written');
  }

  readonly findMappings: Library['findMappings'] = (codings) => this.#layers.findMappings(codings);
  readonly findArticles: Library['findArticles'] = (ids) => this.#layers.findArticles(ids);
  readonly findCodes: Library['findCodes'] = (ids) => this.#layers.findCodes(ids);
  readonly findArticleIds: Library['findArticleIds'] = (coding) => this.#layers.findArticleIds(coding);
  readonly findArticleIdsByPrefix: Library['findArticleIdsByPrefix'] = (prefix) =>
    this.#layers.findArticleIdsByPrefix(prefix);
  readonly listWithdrawnIds: Library['listWithdrawnIds'] = () => this.#layers.listWithdrawnIds();
  readonly findWithdrawn: Library['findWithdrawn'] = (ids) => this.#layers.findWithdrawn(ids);
  readonly findConcepts: Library['findConcepts'] = (codings) => this.#layers.findConcepts(codings);
  readonly findConceptsBelow: Library['findConceptsBelow'] = (...asked) => this.#layers.findConceptsBelow(...asked);
  readonly listConcepts: Library['listConcepts'] = (...asked) => this.#layers.listConcepts(...asked);
  readonly findChildren: Library['findChildren'] = (coding) => this.#layers.findChildren(coding);
  readonly listMappings: Library['listMappings'] = (...asked) => this.#layers.listMappings(...asked);
  readonly listCrosswalkPairs: Library['listCrosswalkPairs'] = () => this.#layers.listCrosswalkPairs();
  readonly listCrosswalks: Library['listCrosswalks'] = (...asked) => this.#layers.listCrosswalks(...asked);
  readonly findCrosswalks: Library['findCrosswalks'] = (...asked) => this.#layers.findCrosswalks(...asked);
  readonly searchIndexes: Library['searchIndexes'] = () => this.#layers.searchIndexes();
  readonly findTerms: Library['findTerms'] = (request) => this.#layers.findTerms(request);
  readonly findSimilarTerms: Library['findSimilarTerms'] = (...asked) => this.#layers.findSimilarTerms(...asked);
  readonly findDocuments: Library['findDocuments'] = (refs) => this.#layers.findDocuments(refs);
  readonly findSynonyms: Library['findSynonyms'] = (terms) => this.#layers.findSynonyms(terms);

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
    await this.#look;
    await this.#reader.close();
    for (const file of this.#served.layers.files) file.close();
  }
}
