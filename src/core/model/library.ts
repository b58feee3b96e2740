import type { Article } from './article.js';
import type { CodeList } from '../codes/code-list.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import type { Coding, Concept } from '../codes/concept.js';
import type { LeafletChoice } from '../leaflets/leaflet.js';
import type { Language } from './language.js';
import type { PathStep } from '../answer/knowledge-response.js';
import type { SearchIndex } from '../search/search-index.js';
import type { SitePolicy } from '../policy/site-policy.js';
import type { DrugFacts } from '../drugs/drug-facts.js';
import type { TitleFacts } from '../titles/title-facts.js';
import type { TitleReading } from '../titles/title-reading.js';
import type { CrosswalkPair, StatedMapping, TerminologyIndex } from '../codes/terminology-index.js';
import type { TextsOfDay } from './text-days.js';

export type { Coding, Concept } from '../codes/concept.js';

/** Layers of a library, the highest first. The higher layer replaces all rows of a code. */
export const LAYERS = ['written', 'local', 'imported', 'starter'] as const;
export type Layer = (typeof LAYERS)[number];

/** A mapping row found for a coding: its own, an ancestor's, or one reached through crosswalks. */
export interface MappingRecord extends StatedMapping {
  /** Index of the requested coding. */
  readonly input: number;
  readonly layer: Layer;
  /** Levels up on the whole path, before and after crosswalks. */
  readonly levels: number;
  /** Crosswalks on the path. */
  readonly crossings: number;
  /** From the requested coding (`asked`) to the code of the row. */
  readonly path: readonly PathStep[];
  /** The row counts only if a title comes with the code and names the same ingredients as this drug's name. */
  readonly mustAgree?: string;
  /** The row's article, if the site suppresses it: the row then counts as `none`. */
  readonly suppressed?: string;
}

/** An article with at least one withdrawn text: its source dropped it, or its page is gone. */
export interface WithdrawnArticle {
  /** The last known version, with the texts that are still offered. */
  readonly article: Article;
  /** The withdrawn languages. */
  readonly languages: readonly Language[];
  /** The day (ISO 8601) of the newest release of the sources that knew it. */
  readonly date: string;
}

/**
 * Number of records of a kind that a release added, changed and withdrew against its predecessor; the first ids of
 * each.
 */
export interface ReleaseChange {
  readonly added: number;
  readonly changed: number;
  readonly withdrawn: number;
  readonly examples: readonly string[];
  /** The counts are lower bounds: some suppressed records could not be compared. */
  readonly isLeast?: true;
}

/** Identity of a release, whatever its content. */
export interface ReleaseIdentity {
  readonly layer: Layer;
  /** Source from which it was made: `starter`, `local`, `written`, or an importer's name. */
  readonly source: string;
  readonly name: string;
}

/** A release of the library in its history. */
export interface ReleaseRecord extends ReleaseIdentity {
  /** ISO 8601 day of its content. */
  readonly builtOn: string;
  /** ISO 8601 instant at which it became active. */
  readonly activatedAt: string;
  readonly isActive: boolean;
  /** ISO 8601 instant at which it was replaced; undefined while it is in use, and if unknown. */
  readonly leftAt?: string | undefined;
  readonly changes: Readonly<Record<'articles' | 'mappings' | 'concepts', ReleaseChange>> & {
    /** Undefined in releases from before these were counted. */
    readonly crosswalks?: ReleaseChange;
    /** Undefined in releases without leaflets. */
    readonly leaflets?: ReleaseChange;
  };
}

export interface LibraryStatus {
  /** The active releases' names joined by `+`, the highest layer first. */
  readonly release: string;
  /** The active releases, each source's one, the highest layer first. */
  readonly releases: readonly (ReleaseIdentity & Pick<ReleaseRecord, 'builtOn'>)[];
  /** The day (ISO 8601) of the newest active release. */
  readonly date: string;
  /** Number of served articles and mapping rows: those that the site suppresses are not counted. */
  readonly articles: number;
  readonly mappings: number;
  /** Code systems that have mapping rows or a crosswalk. */
  readonly systems: readonly CodeSystemId[];
  /** Number of concepts of each code system; systems without any are left out. */
  readonly concepts: ReadonlyMap<CodeSystemId, number>;
  /** The pairs of code systems that have crosswalks. */
  readonly crosswalks: readonly CrosswalkPair[];
  /** Number of texts that are shown in full, by the day of their words; the earliest first. */
  readonly texts: readonly TextsOfDay[];
  /** Lookup tables shipped with the program, with the date of their source; absent if there are none. */
  readonly tables?: readonly { readonly system: CodeSystemId; readonly date: string; readonly codes: number }[];
  /**
   * Code systems that an import holds completely, with the name of its release: a code that is missing there does not
   * exist.
   */
  readonly completeSystems: ReadonlyMap<CodeSystemId, string>;
  /** The site's policy; undefined: none. `release` includes its version, so that no cached answer outlives it. */
  readonly policy?: SitePolicy;
  /** Facts that titles are checked against; undefined: titles are not checked. */
  readonly titleFacts?: TitleFacts;
  /** Reads titles that came with codes; undefined: a title counts only where it is an article's name. */
  readonly readTitle?: TitleReader;
  /** Facts by which the names of drugs are read; undefined: they are looked up as they stand. */
  readonly drugFacts?: DrugFacts;
}

/** Reads a title as the search box reads a line; rejects only with the library's own errors. */
export type TitleReader = (title: string, library: Library, language?: Language) => Promise<TitleReading>;

/** Part of the library that a swap may change. */
export type RevisedThing =
  | { readonly concepts: CodeSystemId }
  /** The mapping rows of a system's codes. */
  | { readonly mappings: CodeSystemId }
  | { readonly crosswalks: true };

/** Connections of this process to the library's database. */
export interface DatabaseConnections {
  readonly busy: number;
  readonly idle: number;
  /** Requests waiting for a connection. */
  readonly waiting: number;
  /** Configured maximum. */
  readonly most: number;
}

/** Why the catalogue may be older than the store, and since when. */
export interface StoreLag {
  /** `away`: the database does not answer. `behind`: its content cannot be copied. */
  readonly reason: 'away' | 'behind';
  readonly since: Date;
}

/**
 * The library of articles and mappings. Every implementation passes tests/contract/library-contract.ts.
 * Calls throw RequestError `library-unavailable` if the database cannot answer now.
 */
export interface Library {
  /** Text search. Another object after a swap: it is not to be stored. */
  readonly search: SearchIndex;
  /** Code systems and mapping files as a whole. Another object after a swap: it is not to be stored. */
  readonly terminology: TerminologyIndex;
  /**
   * State that is served now: cheap, for caches and headers. The same object for as long as the content is the same: after a swap, a write,
   * a change of the policy and a loss of the store it is another, whatever its release is called.
   */
  status(): LibraryStatus;
  /**
   * Names the content of a part of the library: while the text is the same, so is the content. A caller that caches
   * much of the library reads it again when the text changes. An article is the same object for as long as its content
   * is the same.
   */
  findRevision(thing: RevisedThing): string;
  /**
   * All rows of the codings, of all their ancestors and of all crosswalks from them; the top layer of each code only.
   */
  findMappings(codings: readonly Coding[]): MappingRecord[];
  /** Articles by id, layers merged field by field; unknown ids are left out. */
  findArticles(ids: readonly string[]): Article[];
  /** The articles that the site suppresses, unchanged. */
  findSuppressed(): Article[];
  /** The ids of articles with a row for exactly this coding, or with a prefix; or of leaflets with a word. */
  findArticleIds(of: Coding | IdPrefix | LeafletWord): string[];
  /** The codes that lead to an article by rows of their own, by system and code; the same object for as long as they are the same. */
  findCodes(article: string): CodeList;
  /**
   * The day (ISO 8601) of the newest release that an article, or a row that leads to it, comes from: what else is imported changes
   * nothing of it. What a site writes has times of its own and does not count beside another release.
   */
  findReleaseDate(article: string): string;
  /** Leaflets of a package or a drug, the preferred one first, or why it has none; undefined without an import of leaflets. */
  findLeaflets(coding: Coding): LeafletChoice | undefined;
  /** Withdrawn texts of these articles, or of those with a prefix that the site has not written; ids without any are left out. */
  findWithdrawn(of: readonly string[] | IdPrefix): WithdrawnArticle[];
  /** The concept of each coding, from its highest layer; unknown codings are left out. */
  findConcepts(codings: readonly Coding[]): Concept[];
  /** The history of releases, the latest first. */
  findReleases(most: number): ReleaseRecord[];
}

/** Articles whose ids begin alike; an empty prefix: all. */
export interface IdPrefix {
  readonly prefix: string;
}

/** Leaflets whose products, ingredients or maker have a word, up to a maximum: no search by words lists them. */
export interface LeafletWord {
  readonly leafletWord: string;
  readonly most: number;
}

/** A library as a process serves it: its connections, and their end. */
export interface ManagedLibrary extends Library {
  /** Whether requests can be answered now. */
  ready(): Promise<boolean>;
  /** Usage of the connections to its database; undefined if it needs none. */
  connections(): DatabaseConnections | undefined;
  /** Undefined while the catalogue is current. */
  storeLag(): StoreLag | undefined;
  close(): Promise<void>;
}
