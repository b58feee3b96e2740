import type { Article } from '../core/article.js';
import type {
  ArticleCode,
  Coding,
  Concept,
  DatabaseConnections,
  Library,
  LibraryStatus,
  MappingRecord,
  ReleaseChange,
  ReleaseRecord,
  RevisedThing,
  StoreLag,
  WithdrawnArticle,
} from '../core/library.js';
import type { CodeSystemId } from '../core/code-systems.js';
import type { DocumentRef, IndexFacts, SearchDocument, SimilarTerm, Synonym } from '../core/search-index.js';
import type { TermRecord, TermRequest } from '../core/search-index.js';
import type { SitePolicy } from '../core/site-policy.js';
import type { Crosswalk, CrosswalkPair, StatedMapping } from '../core/terminology-index.js';

type Offered = Pick<LibraryStatus, 'articles' | 'mappings'>;

/** What a release changed, without some articles. A change beyond its examples does not say which articles it is of. */
function withoutArticles(change: ReleaseChange, suppressed: ReadonlySet<string>): ReleaseChange {
  const idOf = (example: string): string => example.slice(example.indexOf(' ') + 1);
  const withheld = new Set(change.examples.map(idOf).filter((id) => suppressed.has(id)));
  const count = (kind: 'added' | 'changed' | 'withdrawn') => {
    const named = change.examples.filter((example) => example.startsWith(`${kind} `));
    const unknown = Math.min(change[kind] - named.length, suppressed.size - withheld.size);
    const given = change[kind] - named.filter((example) => withheld.has(idOf(example))).length - unknown;
    return { given, unknown };
  };
  const [added, changed, withdrawn] = [count('added'), count('changed'), count('withdrawn')];
  const examples = change.examples.filter((example) => !withheld.has(idOf(example)));
  const isLeast = added.unknown + changed.unknown + withdrawn.unknown > 0;
  const counts = { added: added.given, changed: changed.given, withdrawn: withdrawn.given };
  return { ...counts, examples, ...(isLeast ? { isLeast } : {}) };
}

/**
 * The library as its site lets it be given: nobody who asks it meets an article that the site suppresses. Its status tells
 * the policy to whoever answers, and its release names the policy, so that nothing kept outlives a change of it.
 */
export class SiteLibrary implements Library {
  readonly #library: Library;
  readonly #policy: () => SitePolicy;
  #offered: { status: LibraryStatus; counts: Offered } | undefined;
  #told: { base: LibraryStatus; policy: SitePolicy; status: LibraryStatus } | undefined;

  /** @param policy the policy in force, as last noticed */
  constructor(library: Library, policy: () => SitePolicy) {
    this.#library = library;
    this.#policy = policy;
  }

  /** The same object for as long as neither library nor policy changes. */
  status(): LibraryStatus {
    const base = this.#library.status();
    const policy = this.#policy();
    if (this.#told?.base === base && this.#told.policy === policy) return this.#told.status;
    const release = policy.version === '' ? base.release : `${base.release}+policy-${policy.version}`;
    const status = { ...base, release, policy };
    this.#told = { base, policy, status };
    return status;
  }

  /** Another policy gives other rows. */
  revisionOf(thing: RevisedThing): string {
    const revision = this.#library.revisionOf(thing);
    return 'mappings' in thing ? `${revision} policy-${this.#policy().version}` : revision;
  }

  #isGiven = (article: string): boolean => !this.#policy().suppressed.has(article);

  /** Counted once for each status, when somebody asks. */
  countOffered(): Offered {
    const status = this.status();
    if (this.#offered?.status !== status) this.#offered = { status, counts: this.#countOffered(status) };
    return this.#offered.counts;
  }

  #countOffered({ articles, mappings, policy }: LibraryStatus): Offered {
    const suppressed = [...(policy?.suppressed ?? [])];
    if (suppressed.length === 0) return { articles, mappings };
    const withheld = this.#library.findCodes(suppressed);
    return {
      articles: this.findArticleIdsByPrefix('').length,
      mappings: mappings - withheld.length,
    };
  }

  findSuppressed(): Article[] {
    return this.#library.findArticles([...this.#policy().suppressed]);
  }

  /** The row of a suppressed article stands as `none`: its code leads nowhere else for the want of it. */
  findMappings(codings: readonly Coding[]): MappingRecord[] {
    const records = this.#library.findMappings(codings);
    return records.map((record) => {
      const { article } = record;
      if (article === undefined || this.#isGiven(article)) return record;
      return { ...record, article: undefined, relationship: 'none', note: '', suppressed: article };
    });
  }

  findArticles(ids: readonly string[]): Article[] {
    return this.#library.findArticles(ids.filter(this.#isGiven));
  }

  findCodes(articleIds: readonly string[]): ArticleCode[] {
    return this.#library.findCodes(articleIds.filter(this.#isGiven));
  }

  findArticleIds(coding: Coding): string[] {
    return this.#library.findArticleIds(coding).filter(this.#isGiven);
  }

  findArticleIdsByPrefix(prefix: string): string[] {
    return this.#library.findArticleIdsByPrefix(prefix).filter(this.#isGiven);
  }

  /** Nothing is answered at the end alone: of some codes all rows may be suppressed. */
  listMappings(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[] {
    for (let from = after; ;) {
      const rows = this.#library.listMappings(system, from, mostCodes);
      const given = rows.filter(({ article }) => article === undefined || this.#isGiven(article));
      const last = rows.at(-1);
      if (given.length > 0 || !last) return given;
      from = last.code;
    }
  }

  findDocuments(refs: readonly DocumentRef[]): SearchDocument[] {
    const documents = this.#library.findDocuments(refs);
    return documents.filter(({ system, key }) => system !== undefined || this.#isGiven(key));
  }

  findReleases(most: number): ReleaseRecord[] {
    const releases = this.#library.findReleases(most);
    const { suppressed } = this.#policy();
    if (suppressed.size === 0) return releases;
    return releases.map((release) => {
      const articles = withoutArticles(release.changes.articles, suppressed);
      return { ...release, changes: { ...release.changes, articles } };
    });
  }

  findConcepts(codings: readonly Coding[]): Concept[] {
    return this.#library.findConcepts(codings);
  }

  findConceptsBelow(codings: readonly Coding[], most: number): Concept[] {
    return this.#library.findConceptsBelow(codings, most);
  }

  searchIndexes(): readonly IndexFacts[] {
    return this.#library.searchIndexes();
  }

  findTerms(request: TermRequest): TermRecord[] {
    return this.#library.findTerms(request);
  }

  findSimilarTerms(sounds: readonly string[], most: number): SimilarTerm[][] {
    return this.#library.findSimilarTerms(sounds, most);
  }

  findSynonyms(terms: readonly string[]): Synonym[] {
    return this.#library.findSynonyms(terms);
  }

  countConcepts(): ReadonlyMap<CodeSystemId, number> {
    return this.#library.countConcepts();
  }

  listConcepts(system: CodeSystemId, after: string, most: number): Concept[] {
    return this.#library.listConcepts(system, after, most);
  }

  findChildren(coding: Coding): Concept[] {
    return this.#library.findChildren(coding);
  }

  listCrosswalkPairs(): CrosswalkPair[] {
    return this.#library.listCrosswalkPairs();
  }

  listCrosswalks(pair: CrosswalkPair, after: string, mostCodes: number): Crosswalk[] {
    return this.#library.listCrosswalks(pair, after, mostCodes);
  }

  findCrosswalks(coding: Coding, end: 'from' | 'to'): Crosswalk[] {
    return this.#library.findCrosswalks(coding, end);
  }

  listWithdrawnIds(): readonly string[] {
    return this.#library.listWithdrawnIds().filter(this.#isGiven);
  }

  findWithdrawn(ids: readonly string[]): WithdrawnArticle[] {
    return this.#library.findWithdrawn(ids.filter(this.#isGiven));
  }

  connections(): DatabaseConnections | undefined {
    return this.#library.connections?.();
  }

  storeLag(): StoreLag | undefined {
    return this.#library.storeLag?.();
  }

  ready(): Promise<boolean> {
    return this.#library.ready();
  }

  close(): Promise<void> {
    return this.#library.close();
  }
}
