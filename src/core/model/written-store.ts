import type { Article, ArticleText } from './article.js';
import type { Language } from './language.js';
import type { Crosswalk, StatedMapping } from '../codes/terminology-index.js';

/** The fields of an article set by a written resource; absent means unset. */
export type WrittenArticle = Partial<Omit<Article, 'id' | 'kind' | 'texts' | 'publisher'>> & {
  readonly id: string;
  /** Id of its publisher. */
  readonly publisher: string;
};

export type WrittenText = Omit<ArticleText, 'seenOn' | 'summary'> & {
  readonly article: string;
  readonly language: Language;
  /** As sanitised HTML. */
  readonly summaryHtml: string | undefined;
};

/** The rows that a written resource adds to the library. */
export interface WrittenRows {
  readonly articles: readonly WrittenArticle[];
  readonly texts: readonly WrittenText[];
  readonly mappings: readonly StatedMapping[];
  readonly crosswalks: readonly Crosswalk[];
}

export const NOTHING_WRITTEN: WrittenRows = { articles: [], texts: [], mappings: [], crosswalks: [] };

export type WriteMethod = 'POST' | 'PUT' | 'DELETE';

/** One version of a resource, as written. */
export interface WrittenVersion {
  /** Its position among all writes, from 1. */
  readonly sequence: number;
  readonly type: string;
  readonly id: string;
  /** From 1; deletions count. */
  readonly version: number;
  /** Method by which it was written. */
  readonly method: WriteMethod;
  /** ISO 8601 instant. */
  readonly writtenAt: string;
  /** Undefined: deleted. */
  readonly content: string | undefined;
}

/** The result of a change: the new version, or, if there was nothing to delete, the current one. */
export interface AppliedVersion extends WrittenVersion {
  readonly isMade: boolean;
}

/** One resource to write or delete. */
export interface WrittenChange {
  readonly type: string;
  readonly id: string;
  readonly method: WriteMethod;
  /** Undefined to delete. */
  readonly content: string | undefined;
  readonly rows: WrittenRows;
  /** The version that must be current; `absent`: the resource must not exist; undefined: any. */
  readonly expected?: number | 'absent' | undefined;
}

/** Writes all of some changes or none. */
export type ApplyChanges = (changes: readonly WrittenChange[], now: Date) => Promise<(AppliedVersion | undefined)[]>;

/**
 * A site's own resources with all their versions; their rows are the library's top layer. Every implementation passes
 * tests/contract/written-contract.ts. Calls reject with RequestError `library-unavailable` if the database cannot
 * answer or write now.
 */
export interface WrittenStore {
  /**
   * Writes all of the changes or none, and resolves once they are durable and the library answers from them.
   * Rejects with RequestError `version-conflict` (another version is current than expected), `resource-exists` (POST),
   * `resource-in-use` (rows of another resource lead to an article that would be deleted), `contradicting-rows` (a code
   * with and without an article) or `row-in-another-map` (another map has a row for the same code and article). Its
   * value `change` is the index of the failing change.
   * @returns the new version of each; if there was nothing to delete, the current one, if any
   */
  readonly apply: ApplyChanges;
  /**
   * Runs work while no other writer is active, in this process or in another: lookups during it, also in the library,
   * still hold when changes are applied. Rejects with the work's error, or as `apply` does; then nothing is written.
   */
  exclusively<T>(work: (apply: ApplyChanges) => Promise<T>): Promise<T>;
  /** The last version of each resource, including deletions; ids that were never written are left out. */
  findLatest(type: string, ids: readonly string[]): Promise<WrittenVersion[]>;
  /** All current resources of a type, by id, without deleted ones. */
  list(type: string): Promise<WrittenVersion[]>;
  /**
   * The versions after a position of the log, the earliest first: all that was ever written.
   * @param most maximum versions returned
   */
  listVersions(after: number, most: number): Promise<WrittenVersion[]>;
  /**
   * The versions of a resource, the latest first.
   * @param types under which it is stored
   * @param most maximum versions returned
   */
  listHistory(types: readonly string[], id: string, most: number): Promise<WrittenVersion[]>;
  close(): Promise<void>;
}
