import type { CodeSystemId } from '../core/codes/code-systems.js';
import { RequestError } from '../core/errors.js';
import type {
  DatabaseConnections,
  Library,
  LibraryStatus,
  ReleaseRecord,
  RevisedThing,
  StoreLag,
} from '../core/model/library.js';
import { NO_POLICY, type SitePolicy } from '../core/policy/site-policy.js';
import type { StoreReader } from '../store/connection.js';
import { EMPTY_LOG, type WrittenLog } from '../store/written-log.js';
import { LayeredLookups, type LookedUp } from './layers.js';
import { statusUnder } from './library-status.js';
import type { Served, ServedOptions } from './read-served.js';
import { toReleaseRecord } from './releases/release-history.js';
import { ServedReleases } from './served-releases.js';
import { WrittenRelease } from './written-release.js';

export interface ServedLibraryOptions extends ServedOptions {
  /** Facts of a library that come from no release. */
  readonly facts?: Pick<LibraryStatus, 'titleFacts' | 'drugFacts' | 'readTitle'>;
  /** The site's policy in force; undefined: nothing is decided. */
  readonly policy?: (() => SitePolicy) | undefined;
}

/** Served content of one state of the store under one policy. */
interface Current extends LookedUp {
  readonly of: Served;
  readonly policy: SitePolicy;
  readonly status: LibraryStatus;
}

/** The library as it is served, synchronously: the releases in use, under the site's policy. */
export class ServedLibrary extends LayeredLookups implements Library {
  readonly #releases: ServedReleases;
  readonly #facts: ServedLibraryOptions['facts'];
  readonly #policy: () => SitePolicy;
  #current: Current;

  private constructor(releases: ServedReleases, facts: ServedLibraryOptions['facts'], policy: () => SitePolicy) {
    super();
    this.#releases = releases;
    this.#facts = facts;
    this.#policy = policy;
    this.#current = this.#make(releases.now, policy());
  }

  /** Opens the library that a store holds; the library closes the reader. */
  static async open(reader: StoreReader, options: ServedLibraryOptions = {}): Promise<ServedLibrary> {
    const releases = await ServedReleases.open(reader, options);
    return new ServedLibrary(releases, options.facts, options.policy ?? (() => NO_POLICY));
  }

  /** The same library by another policy: one of the two is closed. */
  under(policy: () => SitePolicy): ServedLibrary {
    return new ServedLibrary(this.#releases, this.#facts, policy);
  }

  #make(of: Served, policy: SitePolicy): Current {
    const { held } = of;
    const status = { ...this.#facts, ...statusUnder(policy, of.status, held) };
    return { of, policy, held, suppressed: policy.suppressed, leafletMakers: policy.leafletMakers, status };
  }

  /** Content that is served now: a swap and another policy count from the moment that they are there. */
  get #now(): Current {
    const [of, policy] = [this.#releases.now, this.#policy()];
    if (this.#current.of !== of || this.#current.policy !== policy) this.#current = this.#make(of, policy);
    return this.#current;
  }

  /** @throws RequestError `library-unavailable` where the store is no longer what it was */
  protected get lookedUp(): Current {
    const current = this.#now;
    if (current.of.failure !== undefined) throw new RequestError('library-unavailable');
    return current;
  }

  status(): LibraryStatus {
    return this.#now.status;
  }

  /** The numbers of the releases that say anything of it; another policy gives other rows. */
  findRevision(thing: RevisedThing): string {
    const { of, policy } = this.lookedUp;
    const files = of.held.files.filter(({ facts }) => {
      if ('concepts' in thing) return facts.concepts[thing.concepts] !== undefined;
      if ('mappings' in thing) return facts.mappings[thing.mappings] !== undefined;
      return facts.crosswalks.length > 0;
    });
    const revision = files.map(({ place }) => `${place.id} ${place.path}`).join(' ');
    return 'mappings' in thing ? `${revision} policy-${policy.version}` : revision;
  }

  countConcepts(): ReadonlyMap<CodeSystemId, number> {
    return this.lookedUp.of.counts;
  }

  findReleases(most: number): ReleaseRecord[] {
    const { of, policy } = this.lookedUp;
    return of.releases.flatMap((release) => toReleaseRecord(release, policy.suppressed)).slice(0, most);
  }

  /** Whether an article has a text that the site has not written. */
  hasUnwrittenText(article: string): boolean {
    return this.lookedUp.of.held.articles.hasText(article, ({ layer }) => layer !== 'written');
  }

  /** Log of written resources as it is served. */
  log(): WrittenLog {
    const { files } = this.lookedUp.of.held;
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
