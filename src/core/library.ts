import type { Article } from './article.js';
import type { CodeSystemId } from './code-systems.js';
import type { Coding, Concept } from './concept.js';
import type { Language } from './language.js';
import type { PathStep, Relationship } from './knowledge-response.js';
import type { SearchIndex } from './search-index.js';
import type { SitePolicy } from './site-policy.js';
import type { TitleFacts } from './title-facts.js';
import type { StatedMapping, TerminologyIndex } from './terminology-index.js';

export type { Coding, Concept } from './concept.js';

/** Layers of a library, the highest first. The higher layer replaces all rows of a code. */
export const LAYERS = ['written', 'local', 'imported', 'starter'] as const;
export type Layer = (typeof LAYERS)[number];

/** A mapping row found for a coding: its own, an ancestor's, or one reached through crosswalks. */
export interface MappingRecord extends StatedMapping {
  /** Index of the coding asked about. */
  readonly input: number;
  readonly layer: Layer;
  /** Levels up on the whole way, before and behind crosswalks. */
  readonly levels: number;
  /** Crosswalks passed on the way. */
  readonly crossings: number;
  /** From the coding asked (`asked`) to the code of the row. */
  readonly path: readonly PathStep[];
  /** The row counts only where a title comes with the code and names the same ingredients as this drug's name. */
  readonly mustAgree?: string;
  /** The article that the row names and the site gives to nobody: the row stands as `none` in its place. */
  readonly suppressed?: string;
}

/** An article of which at least one text is no longer offered: its source has dropped it, or its page is gone. */
export interface WithdrawnArticle {
  /** As it was last known, with the texts that are still offered. */
  readonly article: Article;
  /** The languages in which it is no longer offered. */
  readonly languages: readonly Language[];
  /** The day (ISO 8601) of the newest release of the sources that knew it. */
  readonly date: string;
}

/** A code that an article answers by a row of its own. */
export interface ArticleCode extends Coding {
  readonly article: string;
  readonly relationship: Relationship;
}

/** How many of a kind a release added, changed and withdrew against its predecessor; the first ids of each. */
export interface ReleaseChange {
  readonly added: number;
  readonly changed: number;
  readonly withdrawn: number;
  readonly examples: readonly string[];
  /** The counts are the least there may be: it is not known of all that are suppressed whether they are among the others. */
  readonly isLeast?: true;
}

/** A release of the library, as its history tells it. */
export interface ReleaseRecord {
  readonly layer: Layer;
  readonly source: string;
  readonly name: string;
  /** ISO 8601 day of its content. */
  readonly builtOn: string;
  /** When it became active, ISO 8601. */
  readonly activatedAt: string;
  readonly isActive: boolean;
  /** When it left its use, ISO 8601; undefined while it is in use, and where that is not known. */
  readonly leftAt?: string | undefined;
  readonly changes: Readonly<Record<'articles' | 'mappings' | 'concepts', ReleaseChange>> & {
    /** Undefined in releases of before these were counted. */
    readonly crosswalks?: ReleaseChange;
  };
}

/** The release of a source that is in use. */
export interface ActiveRelease {
  readonly layer: Layer;
  readonly source: string;
  readonly name: string;
}

export interface LibraryStatus {
  /** The active releases' names joined by `+`, the highest layer first. */
  readonly release: string;
  /** The active releases, each source's one, the highest layer first. */
  readonly releases: readonly ActiveRelease[];
  /** The day (ISO 8601) of the newest active release. */
  readonly date: string;
  /** How many articles and mapping rows are given: what the site suppresses is not counted. */
  readonly articles: number;
  readonly mappings: number;
  /** Code systems that have mapping rows or a crosswalk. */
  readonly systems: readonly CodeSystemId[];
  /** Lookup tables that ship with the program, with the day of what they are made of; absent where there are none. */
  readonly tables?: readonly { readonly system: CodeSystemId; readonly date: string; readonly codes: number }[];
  /** Code systems that an import holds whole, with the name of its release: a code that is not there does not exist. */
  readonly completeSystems: ReadonlyMap<CodeSystemId, string>;
  /** What the site decides of its articles; undefined: nothing. `release` names it, so that no kept answer outlives it. */
  readonly policy?: SitePolicy;
  /** What titles are judged by; undefined: no title is held against its code. */
  readonly titleFacts?: TitleFacts;
}

/** Something that a library says, and may say otherwise after a swap. */
export type RevisedThing =
  | { readonly concepts: CodeSystemId }
  /** The mapping rows of a system's codes. */
  | { readonly mappings: CodeSystemId }
  | { readonly crosswalks: true };

/** Connections of this process to the library's database. */
export interface DatabaseConnections {
  readonly busy: number;
  readonly idle: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** How many there may be, as it is set up. */
  readonly most: number;
}

/** Why what is served may be older than what is stored, and since when. */
export interface StoreLag {
  /** `away`: the database does not answer. `behind`: what it holds cannot be copied. */
  readonly reason: 'away' | 'behind';
  readonly since: Date;
}

/**
 * The library of articles and mappings. Every implementation passes tests/contract/library-contract.ts.
 * Calls reject with RequestError `library-unavailable` where the database cannot answer now.
 */
export interface Library extends SearchIndex, TerminologyIndex {
  /**
   * What is served now: cheap, for caches and headers. The same object for as long as the library says the same: after a swap, a
   * write, a change of the policy and a loss of the store it is another, whatever its release is called.
   */
  status(): LibraryStatus;
  /**
   * Names what is said of a thing: while it is the same text, the library says the same. Whoever keeps much of what the library said
   * reads it anew when this is another. An article is the same object for as long as the same is said of it.
   */
  revisionOf(thing: RevisedThing): string;
  /** All rows of the codings, of all their ancestors and of all crosswalks from them, top layer of each code only. */
  findMappings(codings: readonly Coding[]): MappingRecord[];
  /** Articles by id, layers merged field by field; ids that are not there are left out. */
  findArticles(ids: readonly string[]): Article[];
  /** The codes that lead to an article by rows of their own, by system and code; the same object for as long as they are the same. */
  findCodes(article: string): readonly ArticleCode[];
  /**
   * The day (ISO 8601) of the newest release that an article, or a row that leads to it, comes from: what else is imported changes
   * nothing of it. What a site writes has times of its own and does not count beside another release.
   */
  findReleaseDate(article: string): string;
  /** The ids of articles that carry a row for exactly this coding. */
  findArticleIds(coding: Coding): string[];
  /** The ids of articles that begin with a text, for identifiers that had to be cut. */
  findArticleIdsByPrefix(prefix: string): string[];
  /** The ids of articles that may have been withdrawn in a language, those that a site has written apart. */
  listWithdrawnIds(): readonly string[];
  /** What was withdrawn of these articles; ids of which nothing was are left out. */
  findWithdrawn(ids: readonly string[]): WithdrawnArticle[];
  /** What is known of each coding, of its highest layer; codings of which nothing is known are left out. */
  findConcepts(codings: readonly Coding[]): Concept[];
  /** Codes right below each coding, then codes that begin with it, in their order, at most so many of each; a code once. */
  findConceptsBelow(codings: readonly Coding[], most: number): Concept[];
  /** The history of releases, the latest first. */
  findReleases(most: number): ReleaseRecord[];
  /** The articles that the site gives to nobody, as they are. */
  findSuppressed(): Article[];
  /** Whether requests can be answered now. */
  ready(): Promise<boolean>;
  /** How busy the connections to its database are; undefined where it needs none. */
  connections?(): DatabaseConnections | undefined;
  /** Undefined while what is served is what is stored. */
  storeLag?(): StoreLag | undefined;
  close(): Promise<void>;
}
