import type { Article, ArticleText } from './article.js';
import type { Language } from './language.js';
import type { Crosswalk, StatedMapping } from './terminology-index.js';

/** What a written resource says of an article; absent means unsaid. */
export type WrittenArticle = Partial<Omit<Article, 'id' | 'kind' | 'texts' | 'publisher'>> & {
  readonly id: string;
  /** Id of its publisher. */
  readonly publisher: string;
};

export type WrittenText = Omit<ArticleText, 'seenOn'> & { readonly article: string; readonly language: Language };

/** What a written resource adds to the library. */
export interface WrittenRows {
  readonly articles: readonly WrittenArticle[];
  readonly texts: readonly WrittenText[];
  readonly mappings: readonly StatedMapping[];
  readonly crosswalks: readonly Crosswalk[];
}

export const NOTHING_WRITTEN: WrittenRows = { articles: [], texts: [], mappings: [], crosswalks: [] };

export type WriteMethod = 'POST' | 'PUT' | 'DELETE';

/** One version of a resource, as it was written. */
export interface WrittenVersion {
  /** Its place among all writes, from 1. */
  readonly sequence: number;
  readonly type: string;
  readonly id: string;
  /** From 1, a deletion counted. */
  readonly version: number;
  /** How it came to be. */
  readonly method: WriteMethod;
  /** ISO 8601 instant. */
  readonly writtenAt: string;
  /** Undefined: deleted. */
  readonly content: string | undefined;
}

/** What a change has come to: the version that it made, or where there was nothing to delete, the one that is there. */
export interface AppliedVersion extends WrittenVersion {
  readonly isMade: boolean;
}

/** One resource to be written or deleted. */
export interface WrittenChange {
  readonly type: string;
  readonly id: string;
  readonly method: WriteMethod;
  /** Undefined where it is deleted. */
  readonly content: string | undefined;
  readonly rows: WrittenRows;
  /** The version that must be current; `absent`: none may be; undefined: whichever is replaced. */
  readonly expected?: number | 'absent' | undefined;
}

/** A part of the history, the latest version first. */
export interface HistoryRequest {
  /** Undefined: of every type. */
  readonly type?: string | undefined;
  /** Undefined: of every resource. */
  readonly id?: string | undefined;
  /** ISO 8601 instant, itself included. */
  readonly since?: string | undefined;
  /** ISO 8601 instants: versions that were current at some time from the first on to before the second; undefined: open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Resources of which nothing is told, as `type/id`. */
  readonly without?: readonly string[];
  /** Versions before this place alone. */
  readonly before?: number | undefined;
  readonly most: number;
  /** Once the contents that are given have so many bytes, no further version is; undefined: however many. */
  readonly mostBytes?: number | undefined;
}

export interface WrittenHistory {
  readonly versions: readonly WrittenVersion[];
  /** Of all that the request means, apart from `before` and what it is to have at most. */
  readonly total: number;
  /** Whether there are older ones that the request means. */
  readonly hasMore: boolean;
}

/** Writes all of some changes or none. */
export type ApplyChanges = (changes: readonly WrittenChange[], now: Date) => Promise<(AppliedVersion | undefined)[]>;

/**
 * What a site writes itself, with all its versions; its rows are the library's top layer. Every implementation passes
 * tests/contract/written-contract.ts. Calls reject with RequestError `library-unavailable` where the database cannot answer or
 * take anything now.
 */
export interface WrittenStore {
  /**
   * Writes all of the changes or none, and returns once they are safe and the library answers from them.
   * Rejects with RequestError `version-conflict` (another version is current than was expected), `resource-exists` (POST),
   * `resource-in-use` (rows of another resource lead to an article that would be gone) or `contradicting-rows` (a code
   * with and without an article), `row-in-another-map` (a code and an article of which another map speaks). Its value `change` is
   * the place of the change that is at fault.
   * @returns the new version of each; where there was nothing to delete, what is there, if anything
   */
  readonly apply: ApplyChanges;
  /**
   * Does something while nobody else writes, in this process or in another: what is looked up then, in the library too, still
   * holds when it is applied. Rejects with what the work rejects with, or as `apply` does; then nothing is written.
   */
  exclusively<T>(work: (apply: ApplyChanges) => Promise<T>): Promise<T>;
  /** The last version of each resource, deletions included; ids that were never written are left out. */
  findLatest(type: string, ids: readonly string[]): Promise<WrittenVersion[]>;
  findVersion(type: string, id: string, version: number): Promise<WrittenVersion | undefined>;
  /** All resources of a type as they are now, without those that are deleted, by id. */
  list(type: string): Promise<WrittenVersion[]>;
  history(request: HistoryRequest): Promise<WrittenHistory>;
  close(): Promise<void>;
}
