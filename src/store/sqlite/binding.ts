import { pathToFileURL } from 'node:url';
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';

/**
 * The binding of SQLite, named in this file alone. Its API is that of Node's own `node:sqlite`, which can take its place once
 * Node 20 is no longer supported.
 */
export type SqliteFile = DatabaseSyncInstance;

export interface OpenHow {
  /**
   * `read` opens an existing file without writing to it, `write` an existing file, `create` also a new one; `finished` reads a file
   * without writers, without locks.
   */
  readonly mode: 'read' | 'write' | 'create' | 'finished';
  /** Time that a statement waits for another connection's lock, blocking the process. */
  readonly lockWaitMs: number;
}

/** The address of a file without writers: SQLite locks nothing, and never creates it. */
export const finishedFile = (path: string): URL => new URL('?mode=ro&immutable=1', pathToFileURL(path));

/** @throws Error with `errcode` (SQLite's extended result code) where the file cannot be opened */
export function openSqlite(path: string, { mode, lockWaitMs }: OpenHow): SqliteFile {
  // Only an address can tell SQLite not to create the file.
  const place =
    { write: new URL('?mode=rw', pathToFileURL(path)), finished: finishedFile(path) }[mode as string] ?? path;
  return new DatabaseSync(place, { readOnly: mode === 'read' || mode === 'finished', timeout: lockWaitMs });
}

/** A prepared statement. Its rows are plain objects of one shape: those of the binding have no prototype and are slower to read. */
export class SqliteStatement {
  readonly #statement: StatementSyncInstance;
  readonly #columns: readonly string[];

  constructor(file: SqliteFile, sql: string) {
    this.#statement = file.prepare(sql);
    this.#columns = this.#statement.columns().map(({ name }) => name);
    this.#statement.setReturnArrays(true);
  }

  /** @param values in the order of the statement's `?`, or one object by the names of its parameters */
  all<Row>(...values: unknown[]): Row[] {
    const rows = this.#statement.all(...values) as unknown[][];
    return rows.map((row) => {
      const object: Record<string, unknown> = {};
      // Counted: an iterator over the columns would cost as much as the statement.
      for (let index = 0; index < row.length; index += 1) object[this.#columns[index] ?? ''] = row[index];
      return object as Row;
    });
  }

  /** Returns how many rows the statement changed. */
  run(...values: unknown[]): number {
    return this.#statement.run(...values).changes;
  }
}

/** Reads a pragma that answers one value. */
export function readPragma(file: SqliteFile, name: string): unknown {
  return Object.values(file.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[0];
}
