import type { DatabaseConnections, Layer, StoreLag } from '../core/library.js';
import type { RequestError } from '../core/errors.js';
import type { TableName } from './tables.js';

/** What a column holds. */
export type Value = string | number | Uint8Array | null;

/** Questions in SQL that both databases understand, with `$1`, `$2` … for the values. */
export interface Queries {
  all<Row>(sql: string, ...values: Value[]): Promise<Row[]>;
}

/** A connection of one writer to the database that holds the library. */
export interface Connection extends Queries {
  /** False once it was closed, or lost while nobody used it, and where what it writes to is no longer what is read. */
  readonly isOpen: boolean;
  /** An SQL expression: milliseconds since 1970 by the database's own clock, which all who write share, wherever they run. */
  readonly nowMs: string;
  /** Runs a statement that writes and answers how many rows it touched. */
  run(sql: string, ...values: Value[]): Promise<number>;
  /** Writes rows, each in the order of its table's columns; a row takes the place of one with the same key. */
  insert(table: TableName, rows: readonly (readonly Value[])[]): Promise<void>;
  /** All or nothing; of several writers one at a time, whatever their process. Within a transaction it is part of that. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Puts what was written where it is read best, after much of it.
   * @param forReadOnly nothing will be written any more, not even beside it
   */
  settle(forReadOnly?: boolean): Promise<void>;
  /** Whether there is room for more than the writes that somebody waits for; true where that is not known. */
  hasRoom(): Promise<boolean>;
  close(): Promise<void>;
}

/** Statements of resources/sql/<dialect> by which a library is read. */
export const STATEMENTS = [
  'find-mappings',
  'find-articles',
  'find-codes',
  'find-ids',
  'find-concepts',
  'find-terms',
  'find-terms-by-id',
  'find-grams',
  'find-documents',
  'find-synonyms',
  'find-concepts-below',
  'list-codes',
  'find-children',
  'list-mappings',
  'list-crosswalk-pairs',
  'list-crosswalks',
  'find-crosswalks-from',
  'find-crosswalks-to',
  'list-withdrawn',
  'find-last-known',
  'list-publishers',
] as const;

/** Statements by which is read what a site has written; a read-only library of an older program has no such tables. */
export const WRITTEN_STATEMENTS = ['find-written', 'list-written'] as const;
/** Statements about older versions of it, which no copy holds. */
export const HISTORY_STATEMENTS = ['find-written-version', 'list-written-history'] as const;
export type HistoryStatementName = (typeof HISTORY_STATEMENTS)[number];
export type StatementName = (typeof STATEMENTS)[number] | (typeof WRITTEN_STATEMENTS)[number];

/** Runs a statement over one argument, which it accepts as JSON. @throws RequestError `library-unavailable` */
export type RunStatement = <Row>(statement: StatementName, argument: unknown) => Row[];

/** How a database is read by the library over it. */
export interface LibraryReader extends Queries {
  readonly read: RunStatement;
  /** Reads older versions. Rejects with RequestError `library-unavailable`. */
  readHistory<Row>(statement: HistoryStatementName, argument: unknown): Promise<Row[]>;
  /** Something that is another after every swap. */
  version(): Promise<unknown>;
  /** Rejects where what is stored cannot be read now, and soon where that is known already. */
  check(): Promise<void>;
  /** Whether what was read before still holds after such a failure to look for a swap. */
  isPassing(error: unknown): boolean;
  /** What a request is told of a failure to read for it. */
  unavailable(error: unknown): RequestError;
  /**
   * Waits until what was written by now is read.
   * @throws RequestError `library-unavailable` where that takes too long
   */
  catchUp?(): Promise<void>;
  /** Undefined while what is read is what is stored. */
  lag?(): StoreLag | undefined;
  /** Told when what is stored is found to be lost, with what says so, and when it is whole again. */
  readonly tell?: ((isThere: boolean, reason: unknown) => void) | undefined;
  /** How busy its connections are; a file needs none. */
  connections?(): DatabaseConnections;
  close(): Promise<void>;
}

/** What is to be in the place of a source's active release. */
export interface ReleaseChoice {
  readonly layer: Layer;
  readonly source: string;
  /** Undefined: the source is left out. */
  readonly release: number | undefined;
}
