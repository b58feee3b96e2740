import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Connection, Value } from '../connection.js';
import type { TableName } from '../tables.js';
import { TABLES } from '../tables.js';
import type { SqliteFile } from './binding.js';
import { SqliteStatement } from './binding.js';
import { isSqliteFailure } from './failures.js';

/** Another writer is waited for this long, without blocking the process, where nobody waits for an answer. */
const WRITE_LOCK_WAIT_MS = 10_000;
const LOCK_PAUSE_MS = 20;
/** What an import leaves on the disk: to take away what it has written takes room too, and so does what a site writes. */
const RESERVED_BYTES = 16 * 1024 * 1024;

/** Whether an error of SQLite says that another connection holds the file. */
export const isLocked = (error: unknown): boolean => isSqliteFailure(error, 'busy', 'locked');

/** Does what may meet another's lock until it is gone. */
export async function waitForLock<T>(work: () => T, waitMs = WRITE_LOCK_WAIT_MS): Promise<T> {
  for (const end = performance.now() + waitMs; ;) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
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
  readonly nowMs = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
  readonly #db: SqliteFile;
  readonly #path: string;
  readonly #prepared = new Map<string, Prepared>();
  readonly #lockMs: number | undefined;
  readonly #isCurrent: () => boolean;
  #isInTransaction = false;

  constructor(
    db: SqliteFile,
    {
      lockMs,
      isCurrent = () => true,
    }: { readonly lockMs?: number | undefined; readonly isCurrent?: (() => boolean) | undefined } = {},
  ) {
    this.#db = db;
    this.#path = db.location() ?? '';
    this.#lockMs = lockMs;
    this.#isCurrent = isCurrent;
  }

  get isOpen(): boolean {
    return this.#db.isOpen && this.#isCurrent();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const order: number[] = [];
    const text = sql.replace(/\$(\d+)/g, (_mark, place: string) => {
      order.push(Number(place) - 1);
      return '?';
    });
    const prepared = { statement: new SqliteStatement(this.#db, text), order };
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  async all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    const { statement, order } = this.#prepare(sql);
    return statement.all<Row>(...order.map((place) => values[place] ?? null));
  }

  async run(sql: string, ...values: Value[]): Promise<number> {
    const { statement, order } = this.#prepare(sql);
    return statement.run(...order.map((place) => values[place] ?? null));
  }

  async insert(table: TableName, rows: readonly (readonly Value[])[]): Promise<void> {
    const { columns, keepsFirst = false } = TABLES[table];
    const marks = Object.keys(columns).map((_column, index) => `$${index + 1}`);
    const or = keepsFirst ? 'IGNORE' : 'REPLACE';
    const { statement } = this.#prepare(`INSERT OR ${or} INTO ${table} VALUES (${marks.join(', ')})`);
    for (const row of rows) statement.run(...row);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isInTransaction) return work();
    await waitForLock(() => {
      this.#db.exec('BEGIN IMMEDIATE');
    }, this.#lockMs);
    this.#isInTransaction = true;
    try {
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

  /** What is in the log goes into the file, so that the log does not stay as large as an import. */
  async settle(forReadOnly = false): Promise<void> {
    this.#db.exec(`PRAGMA ${forReadOnly ? 'journal_mode = DELETE' : 'wal_checkpoint(TRUNCATE)'}`);
  }

  async hasRoom(): Promise<boolean> {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    return bavail * bsize >= RESERVED_BYTES;
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close();
  }
}
