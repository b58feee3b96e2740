import type { Connection, Queries, StoreReader } from './connection.js';

/** Time that a writer waits before it gives up. */
export interface Patience {
  /** For another writer, in milliseconds. */
  readonly lockMs: number;
  /** For a server to do one statement, the waiting for another writer apart, in milliseconds. */
  readonly statementMs: number;
}

/** Database in which a library is stored: an embedded file, or a PostgreSQL server. */
export interface LibraryDatabase {
  /** As messages name it; it holds no password. */
  readonly name: string;
  /** The file on this machine that is read: the library itself, or the copy of it. */
  readonly localPath: string;
  /** Whether there is anything to open. */
  isThere(): boolean;
  /**
   * Opens a connection that writes; creates the tables or updates them.
   * @param patience undefined: as long as commands wait
   */
  connect(patience?: Patience): Promise<Connection>;
  /**
   * Opens a connection that writes to what is read (`openReader`), and rejects if that no longer exists: it creates nothing, since
   * a site's writes would go into a library without readers.
   */
  openWriter(patience: Patience): Promise<Connection>;
  /** Opens what is stored itself, for questions that no copy answers. */
  openQueries(): Promise<Queries & { close(): Promise<void> }>;
  /** Opens what the library is read by. */
  openReader(): Promise<StoreReader>;
  /** Whether a failure may pass without a change by an administrator. */
  isPassing(error: unknown): boolean;
  /** Whether it cannot be written to, while what it holds can be read. */
  rejectsWrites(error: unknown): boolean;
  /** Whether it cannot be reached, while a copy of what it holds may be read. */
  isAway(error: unknown): boolean;
  /** An error in the words of a message. */
  describeError(error: Error): string;
}
