import type { DatabaseConnections, Layer, StoreLag } from '../core/model/library.js';
import type { RequestError } from '../core/errors.js';
import type { ReleaseFolder } from './release-folder.js';
import { readFileSync } from 'node:fs';

/** The process that writes to a library. */
export interface Writer {
  /** "host:process". */
  readonly name: string;
  readonly clock: () => Date;
}

/** Value of a column. */
export type Value = string | number | Uint8Array | null;

/** Questions in SQL that both databases understand, with `$1`, `$2` … for the values. */
export interface Queries {
  all<Row>(sql: string, ...values: Value[]): Promise<Row[]>;
}

/** A connection of one writer to the database that holds the library. */
export interface Connection extends Queries {
  /** False once it was closed or lost while idle, and if it writes to another library than the one that is read. */
  readonly isOpen: boolean;
  readonly dialect: 'sqlite' | 'postgres';
  /** Folder of the files of releases on this machine. */
  readonly releases: ReleaseFolder;
  /** Whether the files of releases are stored in it, for machines that do not have them; else they are in the folder alone. */
  readonly storesFiles: boolean;
  /** The time by the database's clock; a file has the machine's. */
  now(): Promise<Date>;
  /** Runs a statement that writes and answers how many rows it touched. */
  run(sql: string, ...values: Value[]): Promise<number>;
  /** All or nothing; of several writers one at a time, whatever their process. Within a transaction it is part of that. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Puts what was written where it is read best, after much of it.
   * @param forReadOnly nothing will be written any more, not even beside it
   */
  settle(forReadOnly?: boolean): Promise<void>;
  /** Merges the log beside a library file into it; a server has none. */
  merge?(): void;
  close(): Promise<void>;
}

/** Statements of resources/sql/<dialect> by which is read what a site has written. */
export type WrittenStatementName = 'find-written' | 'list-written';

/** Reader of the store for the library over it, at once: a file on this machine, or a copy of what a server holds. */
export interface StoreReader extends Queries {
  /** Folder of the program's own files, with the tables of releases. */
  readonly resourcesDir: string;
  /** Folder of the files of releases on this machine. */
  readonly releases: ReleaseFolder;
  /** Runs a statement over one argument, which it accepts as JSON. @throws RequestError `library-unavailable` */
  read<Row>(statement: WrittenStatementName, argument: unknown): Row[];
  /** Runs a statement on the store itself, also where a copy is read. Rejects with RequestError `library-unavailable`. */
  readStored<Row>(sql: string, ...values: Value[]): Promise<Row[]>;
  /** A value that changes with every swap. */
  version(): Promise<unknown>;
  /** Rejects if the store cannot be read now; without delay if that is known already. */
  check(): Promise<void>;
  /** Whether what was read before stays valid after this failure of a check for a swap. */
  isPassing(error: unknown): boolean;
  /** The error for a request whose read failed. */
  unavailable(error: unknown): RequestError;
  /**
   * Waits until what was written by now is read.
   * @throws RequestError `library-unavailable` where that takes too long
   */
  catchUp?(): Promise<void>;
  /** Undefined while what is read is what is stored. */
  lag?(): StoreLag | undefined;
  /** Called when the store is found to be lost, with the reason, and when it is whole again. */
  readonly tell?: ((isThere: boolean, reason: unknown) => void) | undefined;
  /** Number of its busy connections; a file needs none. */
  connections?(): DatabaseConnections;
  close(): Promise<void>;
}

/** Release that is to replace a source's active one. */
export interface ReleaseChoice {
  readonly layer: Layer;
  readonly source: string;
  /** Undefined: the source is left out. */
  readonly release: number | undefined;
}

type SqliteName = WrittenStatementName | 'schema';
type PostgresName =
  'schema' | 'written-schema' | 'feedback-schema' | 'handed-over-schema' | 'handed-over-retention-schema';

/** Reads a statement of resources/sql/sqlite. */
export const readSqliteStatement = (resourcesDir: string, name: SqliteName): string =>
  readFileSync(`${resourcesDir}/sql/sqlite/${name}.sql`, 'utf8');

/** Reads a statement of resources/sql/postgres. */
export const readPostgresStatement = (resourcesDir: string, name: PostgresName): string =>
  readFileSync(`${resourcesDir}/sql/postgres/${name}.sql`, 'utf8');
