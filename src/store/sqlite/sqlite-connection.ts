import { setTimeout } from 'node:timers/promises';
import { getOrAdd } from '../../core/remember.js';
import { ReleaseFolder } from '../release-folder.js';
import type { Connection, Value } from '../connection.js';
import { SqliteStatement, type SqliteFile } from './binding.js';
import { isSqliteFailure } from './failures.js';

/** Wait for another writer, without blocking the process, if no request waits for an answer. */
const WRITE_LOCK_WAIT_MS = 10_000;
const LOCK_PAUSE_MS = 20;
/** Whether an error of SQLite means that another connection has locked the file. */
export const isLocked = (error: unknown): boolean => isSqliteFailure(error, 'busy', 'locked');

/** Does what may meet another's lock until it is gone. */
export async function waitForLock<T>(work: () => T, waitMs = WRITE_LOCK_WAIT_MS): Promise<T> {
  for (const end = performance.now() + waitMs; ;) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
      await setTimeout(LOCK_PAUSE_MS);
    }
  }
}

interface Prepared {
  readonly statement: SqliteStatement;
  /** Which value each `?` takes. */
  readonly order: readonly number[];
}

/** A connection to a library file: it answers at once, as Promises. */
export class SqliteConnection implements Connection {
  readonly releases: ReleaseFolder;
  readonly dialect = 'sqlite';
  readonly storesFiles = false;
  readonly #db: SqliteFile;
  readonly #prepared = new Map<string, Prepared>();
  readonly #lockMs: number | undefined;
  readonly #isCurrent: () => boolean;
  readonly #check: () => void;
  #isInTransaction = false;

  /** @param options `check` throws if nothing may be written now; called in each transaction, under the writers' lock */
  constructor(
    db: SqliteFile,
    {
      lockMs,
      isCurrent = () => true,
      check = () => undefined,
      releases = ReleaseFolder.beside(db.location() ?? ''),
    }: {
      readonly lockMs?: number | undefined;
      readonly isCurrent?: (() => boolean) | undefined;
      readonly check?: (() => void) | undefined;
      readonly releases?: ReleaseFolder;
    } = {},
  ) {
    this.#db = db;
    this.releases = releases;
    this.#lockMs = lockMs;
    this.#isCurrent = isCurrent;
    this.#check = check;
  }

  get isOpen(): boolean {
    return this.#db.isOpen && this.#isCurrent();
  }

  #prepare(sql: string): Prepared {
    return getOrAdd(this.#prepared, sql, () => {
      const order: number[] = [];
      const text = sql.replace(/\$(\d+)/g, (_mark, place: string) => {
        order.push(Number(place) - 1);
        return '?';
      });
      return { statement: new SqliteStatement(this.#db, text), order };
    });
  }

  async all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    const { statement, order } = this.#prepare(sql);
    return statement.all<Row>(...order.map((place) => values[place] ?? null));
  }

  async now(): Promise<Date> {
    return new Date();
  }

  async run(sql: string, ...values: Value[]): Promise<number> {
    const { statement, order } = this.#prepare(sql);
    return statement.run(...order.map((place) => values[place] ?? null));
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isInTransaction) return work();
    await waitForLock(() => {
      this.#db.exec('BEGIN IMMEDIATE');
    }, this.#lockMs);
    this.#isInTransaction = true;
    try {
      this.#check();
      const result = await work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** Moves the log's content into the file, so that the log does not stay as large as an import. */
  async settle(forReadOnly = false): Promise<void> {
    if (forReadOnly) this.#db.exec('PRAGMA journal_mode = DELETE');
    else this.merge();
  }

  merge(): void {
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }
}
