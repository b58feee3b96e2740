import { type Article, LOCAL_ID_PREFIX } from '../core/model/article.js';
import type { CodeList } from '../core/codes/code-list.js';
import type { Coding, Concept } from '../core/codes/concept.js';
import type { TerminologyIndex } from '../core/codes/terminology-index.js';
import { RequestError } from '../core/errors.js';
import { type LeafletChoice, isLeafletId } from '../core/leaflets/leaflet.js';
import type {
  DatabaseConnections,
  IdPrefix,
  LeafletWord,
  ManagedLibrary,
  LibraryStatus,
  MappingRecord,
  ReleaseRecord,
  RevisedThing,
  StoreLag,
  WithdrawnArticle,
  ReleaseChange,
} from '../core/model/library.js';
import { NO_POLICY, type SitePolicy } from '../core/policy/site-policy.js';
import type { SearchIndex } from '../core/search/search-index.js';
import type { StoreReader } from '../store/connection.js';
import { EMPTY_LOG, type WrittenLog } from '../store/written-log.js';
import { NO_CODES } from './article-codes.js';
import { ServedCatalogue } from './catalogue.js';
import type { Served, ServedOptions } from './read-served.js';
import { ServedReleases } from './served-releases.js';
import { WrittenRelease } from './written-release.js';
import { hash } from 'node:crypto';
import { isOverdue } from '../core/keeping/keeper.js';
import type { ReleaseContents } from './release-contents.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';

/** Change by a release, without some articles. A change beyond its examples does not say which articles it is of. */
function withoutArticles(change: ReleaseChange, suppressed: ReadonlySet<string>): ReleaseChange {
  const readId = (example: string): string => example.slice(example.indexOf(' ') + 1);
  const withheld = new Set(change.examples.map(readId).filter((id) => suppressed.has(id)));
  const count = (kind: 'added' | 'changed' | 'withdrawn') => {
    const named = change.examples.filter((example) => example.startsWith(`${kind} `));
    const unknown = Math.min(change[kind] - named.length, suppressed.size - withheld.size);
    const shown = change[kind] - named.filter((example) => withheld.has(readId(example))).length - unknown;
    return { shown, unknown };
  };
  const [added, changed, withdrawn] = [count('added'), count('changed'), count('withdrawn')];
  const examples = change.examples.filter((example) => !withheld.has(readId(example)));
  const isLeast = added.unknown + changed.unknown + withdrawn.unknown > 0;
  const counts = { added: added.shown, changed: changed.shown, withdrawn: withdrawn.shown };
  return { ...counts, examples, ...(isLeast ? { isLeast } : {}) };
}

/** A release as an entry of the history; none if it never became active. @param suppressed articles that are left out */
function toReleaseRecord(release: StoredRelease, suppressed: ReadonlySet<string>): ReleaseRecord[] {
  const { layer, source, name, builtOn, activatedAt, isActive } = release;
  const { changes, leftAt } = activatedAt === null ? {} : readContent(release);
  if (activatedAt === null || !changes) return [];
  const articles = suppressed.size === 0 ? changes.articles : withoutArticles(changes.articles, suppressed);
  return [
    {
      ...{ layer, source, name, builtOn, activatedAt, isActive },
      leftAt: isActive ? undefined : leftAt,
      changes: { ...changes, articles },
    },
  ];
}

const DAY_MS = 86_400_000;

/** Ids of a site's own handouts with a text whose day of review has passed: in a reader's eyes its languages are one handout. */
function listOverdue({ articles }: ReleaseContents, today: string): string[] {
  return articles
    .idsByPrefix(LOCAL_ID_PREFIX)
    .filter((id) => Object.values(articles.find(id)?.texts ?? {}).some(({ keeper }) => isOverdue(keeper, today)));
}

/** A policy that suppresses overdue handouts too. The same object is returned until policy, content or day (UTC) changes. */
function createOverdueHiding(): (policy: SitePolicy, contents: ReleaseContents, now: Date) => SitePolicy {
  let last: { policy: SitePolicy; contents: ReleaseContents; day: number; hiding: SitePolicy } | undefined;
  return (policy, contents, now) => {
    const day = Math.floor(now.getTime() / DAY_MS);
    if (last && last.policy === policy && last.contents === contents && last.day === day) return last.hiding;
    const overdue = listOverdue(contents, new Date(day * DAY_MS).toISOString().slice(0, 10));
    const version = hash('sha256', [policy.version, ...overdue].join(' ')).slice(0, 8);
    const suppressed = new Set([...policy.suppressed, ...overdue]);
    const isSame = last?.policy === policy && last.hiding.version === version;
    const hiding = overdue.length === 0 ? policy : last && isSame ? last.hiding : { ...policy, version, suppressed };
    last = { policy, contents, day, hiding };
    return hiding;
  };
}

export interface ServedLibraryOptions extends ServedOptions {
  /** Facts of a library that come from no release. */
  readonly facts?: Pick<LibraryStatus, 'titleFacts' | 'drugFacts' | 'readTitle'> | undefined;
  /** The site's policy in force; undefined: nothing is decided. */
  readonly policy?: (() => SitePolicy) | undefined;
  /** Undefined: the machine's clock. */
  readonly clock?: (() => Date) | undefined;
}

/** The library as it is served, synchronously: the releases in use, under the site's policy. */
export class ServedLibrary implements ManagedLibrary {
  readonly #releases: ServedReleases;
  readonly #facts: ServedLibraryOptions['facts'];
  readonly #policy: () => SitePolicy;
  readonly #clock: () => Date;
  readonly #hideOverdue = createOverdueHiding();
  /** The state of the store that the catalogue is of. */
  #of: Served | undefined;
  #catalogue: ServedCatalogue | undefined;

  private constructor(releases: ServedReleases, { facts, policy = () => NO_POLICY, clock }: ServedLibraryOptions) {
    this.#releases = releases;
    this.#facts = facts;
    this.#policy = policy;
    this.#clock = clock ?? (() => new Date());
    // Opened before the first request.
    this.#catalogue = this.#now;
  }

  /** Opens the library that a store holds; the library closes the reader. */
  static async open(reader: StoreReader, options: ServedLibraryOptions = {}): Promise<ServedLibrary> {
    const releases = await ServedReleases.open(reader, options);
    return new ServedLibrary(releases, options);
  }

  /** The same library by another policy: one of the two is closed. */
  under(policy: () => SitePolicy): ServedLibrary {
    return new ServedLibrary(this.#releases, { facts: this.#facts, policy, clock: this.#clock });
  }

  /** The catalogue that is served now: a swap and another policy count from the moment that they are there. */
  get #now(): ServedCatalogue {
    const of = this.#releases.now;
    const chosen = this.#policy();
    // Handouts whose review is overdue are suppressed where the policy hides them.
    const policy = chosen.overdue === 'hide' ? this.#hideOverdue(chosen, of.contents, this.#clock()) : chosen;
    if (this.#of !== of || this.#catalogue?.policy !== policy) {
      this.#of = of;
      this.#catalogue = new ServedCatalogue(of.contents, policy, { ...this.#facts, ...of.status }, this.#catalogue);
    }
    return this.#catalogue;
  }

  /** The same. @throws RequestError `library-unavailable` where the store is no longer what it was */
  get #usable(): ServedCatalogue {
    if (this.#releases.now.failure !== undefined) throw new RequestError('library-unavailable');
    return this.#now;
  }

  get search(): SearchIndex {
    return this.#usable.search;
  }

  get terminology(): TerminologyIndex {
    return this.#usable.terminology;
  }

  status(): LibraryStatus {
    return this.#now.status;
  }

  /** The numbers of the releases that say anything of it; another policy gives other rows. */
  findRevision(thing: RevisedThing): string {
    const { contents, policy } = this.#usable;
    const files = contents.files.filter(({ facts }) => {
      if ('concepts' in thing) return facts.concepts[thing.concepts] !== undefined;
      if ('mappings' in thing) return facts.mappings[thing.mappings] !== undefined;
      return facts.crosswalks.length > 0;
    });
    const revision = files.map(({ place }) => `${place.id} ${place.path}`).join(' ');
    return 'mappings' in thing ? `${revision} policy-${policy.version}` : revision;
  }

  findMappings(codings: readonly Coding[]): MappingRecord[] {
    return this.#usable.mappings.find(codings);
  }

  findArticles(ids: readonly string[]): Article[] {
    const { contents, leaflets, policy } = this.#usable;
    return ids.flatMap((id) => {
      if (policy.suppressed.has(id)) return [];
      return contents.articles.find(id) ?? (isLeafletId(id) ? leaflets.findArticle(id) : undefined) ?? [];
    });
  }

  findSuppressed(): Article[] {
    const { contents, policy } = this.#usable;
    return [...policy.suppressed].flatMap((id) => contents.articles.find(id) ?? []);
  }

  findArticleIds(of: Coding | IdPrefix | LeafletWord): string[] {
    const { contents, leaflets, mappings } = this.#usable;
    if ('leafletWord' in of) return this.#usable.listServed(leaflets.findByWord(of.leafletWord, of.most));
    return 'prefix' in of
      ? this.#usable.listServed(contents.articles.idsByPrefix(of.prefix))
      : mappings.listArticles(of);
  }

  findCodes(article: string): CodeList {
    const { codes, leaflets, policy } = this.#usable;
    if (policy.suppressed.has(article)) return NO_CODES;
    return isLeafletId(article) ? leaflets.findCodes(article) : codes.find(article);
  }

  findReleaseDate(article: string): string {
    return this.#usable.codes.findDate(article);
  }

  findLeaflets(coding: Coding): LeafletChoice | undefined {
    return this.#usable.leaflets.find(coding);
  }

  findWithdrawn(of: readonly string[] | IdPrefix): WithdrawnArticle[] {
    const { withdrawn } = this.#usable.contents;
    const ids = 'prefix' in of ? withdrawn.list().filter((id) => id.startsWith(of.prefix)) : of;
    return withdrawn.find(this.#usable.listServed(ids));
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    return this.#usable.findConcepts(codings);
  }

  findReleases(most: number): ReleaseRecord[] {
    const { policy } = this.#usable;
    const { releases } = this.#releases.now;
    return releases.flatMap((release) => toReleaseRecord(release, policy.suppressed)).slice(0, most);
  }

  /** Whether an article has a text that the site has not written. */
  hasUnwrittenText(article: string): boolean {
    return this.#usable.contents.articles.hasText(article, ({ layer }) => layer !== 'written');
  }

  /** Log of written resources as it is served. */
  log(): WrittenLog {
    const { files } = this.#usable.contents;
    return files.find((file) => file instanceof WrittenRelease)?.log ?? EMPTY_LOG;
  }

  /** Sees what was written by now. @throws RequestError `library-unavailable` where that takes too long */
  noticeSwap(): Promise<void> {
    return this.#releases.noticeSwap();
  }

  /** Notices a swap and files that were replaced, where the library does not do so by itself. */
  follow(): Promise<void> {
    return this.#releases.follow();
  }

  async ready(): Promise<boolean> {
    return (await this.#releases.check()) && this.status().release !== '';
  }

  connections(): DatabaseConnections | undefined {
    return this.#releases.reader.connections?.();
  }

  storeLag(): StoreLag | undefined {
    return this.#releases.reader.lag?.();
  }

  close(): Promise<void> {
    return this.#releases.close();
  }
}
