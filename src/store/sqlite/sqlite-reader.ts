import { RequestError } from '../../core/errors.js';
import { getOrAdd } from '../../core/remember.js';
import { type StoreReader, type Value, type WrittenStatementName, readSqliteStatement } from '../connection.js';
import type { ReleaseFolder } from '../release-folder.js';
import { SqliteStatement, readPragma, type SqliteFile } from './binding.js';
import { SqliteConnection, isLocked } from './sqlite-connection.js';

/** Reads a library file by prepared statements. */
export class SqliteReader implements StoreReader {
  readonly #db: SqliteFile;
  readonly #connection: SqliteConnection;
  readonly resourcesDir: string;
  readonly #statements = new Map<WrittenStatementName, SqliteStatement>();
  readonly #checkRead: () => void;
  /** Called when the file is found to be lost, and when it is whole again. */
  readonly tell: StoreReader['tell'];
  /** Runs the read again that failed last; undefined: it succeeded since, or none failed. */
  #retry: (() => void) | undefined;

  /**
   * @param db an open connection to a built library; the reader closes it
   * @param about `checkRead` throws where the file that is read no longer lies at its path
   */
  constructor(
    db: SqliteFile,
    resourcesDir: string,
    { tell, checkRead }: { readonly tell: StoreReader['tell']; readonly checkRead: () => void },
  ) {
    this.#db = db;
    this.tell = tell;
    this.#checkRead = checkRead;
    this.#connection = new SqliteConnection(db);
    this.resourcesDir = resourcesDir;
  }

  #prepare(name: WrittenStatementName): SqliteStatement {
    const prepare = () => new SqliteStatement(this.#db, readSqliteStatement(this.resourcesDir, name));
    return getOrAdd(this.#statements, name, prepare);
  }

  all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#connection.all<Row>(sql, ...values);
  }

  read<Row>(name: WrittenStatementName, argument: unknown): Row[] {
    const ask = JSON.stringify(argument);
    try {
      return this.#prepare(name).all<Row>({ ask });
    } catch (error) {
      if (!isLocked(error)) this.#retry = () => void this.#prepare(name).all({ ask });
      throw this.unavailable(error);
    }
  }

  async readStored<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    try {
      return await this.all<Row>(sql, ...values);
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  get releases(): ReleaseFolder {
    return this.#connection.releases;
  }

  unavailable(error: unknown): RequestError {
    return new RequestError('library-unavailable', {}, error);
  }

  /** `data_version` changes when another connection has written. */
  async version(): Promise<unknown> {
    return readPragma(this.#db, 'data_version');
  }

  /** @throws Error while the read that failed last fails: an answer lacks a part of the file */
  checkReads(): void {
    this.#retry?.();
    this.#retry = undefined;
  }

  /** A file that is no longer at its path is read on, but nothing can be written to it, and a start would read another. */
  async check(): Promise<void> {
    await this.version();
    this.#checkRead();
    this.checkReads();
  }

  /** A file that was replaced or damaged is no longer what was read; a lock passes. */
  readonly isPassing = isLocked;

  close(): Promise<void> {
    return this.#connection.close();
  }
}
