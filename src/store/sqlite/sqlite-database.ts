import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Connection, StoreReader } from '../connection.js';
import type { LibraryDatabase, Patience } from '../library-database.js';
import { isDiskFull } from '../failures.js';
import { openSqlite, type OpenHow, type SqliteFile } from './binding.js';
import { isSqliteFailure } from './failures.js';
import { findObstacle, findTemporaryObstacle } from './find-obstacle.js';
import { checkSchema, prepareSchema } from './prepare-schema.js';
import { SqliteConnection, isLocked, waitForLock } from './sqlite-connection.js';
import { SqliteReader } from './sqlite-reader.js';

const WITH_ITS_LOG = ['', '-wal', '-shm'];

/**
 * Creates a library file that has its first page from the moment it is there: SQLite would leave an empty one behind where the
 * process ends just then. Of processes that do so at once one is first, and the others find its file.
 */
function createFile(path: string): void {
  const fresh = `${path}.new-${randomUUID()}`;
  const remove = (): void => {
    for (const end of WITH_ITS_LOG) rmSync(`${fresh}${end}`, { force: true });
  };
  try {
    const db = openSqlite(fresh, { mode: 'create', lockWaitMs: 0 });
    try {
      db.exec('PRAGMA journal_mode = WAL');
    } finally {
      db.close();
    }
    try {
      linkSync(fresh, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Some file systems have no links.
      if (code !== 'EEXIST' && !existsSync(path)) renameSync(fresh, path);
    }
  } finally {
    remove();
  }
}

/** Creates a library file if there is none. The log of a removed file is left to SQLite, which knows that it is stale. */
function createWhereAbsent(path: string): void {
  if (!existsSync(path) && !existsSync(`${path}-wal`)) createFile(path);
}

/** @throws Error for an empty file: SQLite would open it as a new database, and its content would be lost silently */
function checkNotEmpty(path: string): void {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts?.isFile() && facts.size === 0) {
    throw new Error(
      'it is empty (0 bytes): put back a copy, or remove it to have the library built anew without what was imported and written',
    );
  }
}

/** The bytes of SQLite's header that tell which journal is written: 2 for WAL. */
const FORMAT_OFFSET = 18;
const WAL_FORMAT = 2;

function isInWalMode(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const formats = Buffer.alloc(2);
    return readSync(file, formats, 0, 2, FORMAT_OFFSET) === 2 && formats.includes(WAL_FORMAT);
  } finally {
    closeSync(file);
  }
}

/** Whether a library cannot be opened because WAL mode writes beside the file, and nothing can be written there. */
function isWalUnwritable(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    return false;
  } catch {
    return existsSync(path) && isInWalMode(path);
  }
}

/** Tells whether it is still the same file that lies at a path; undefined: none does. */
function identifyFile(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}

/** A connection waits this long for a lock, then tries again without blocking. */
const LOCK_WAIT_MS = 50;

const NEEDS_FINISH =
  'it is in WAL mode, and its folder cannot be written to: ' +
  'run `education-connect build --finish` on it where it can, and open it with LIBRARY_READ_ONLY=true';

/** A library file. */
export class SqliteDatabase implements LibraryDatabase {
  readonly #path: string;
  readonly #resourcesDir: string;
  readonly #tell: StoreReader['tell'];
  /** The file that is read; undefined: none yet. */
  #read: string | undefined;

  /** @param tell called when the file that is read is found to be lost, and when it is whole again */
  constructor(path: string, resourcesDir: string, tell?: StoreReader['tell']) {
    this.#path = path;
    this.#resourcesDir = resourcesDir;
    this.#tell = tell;
  }

  get name(): string {
    return `the library at ${this.#path}`;
  }

  get localPath(): string {
    return this.#path;
  }

  isThere(): boolean {
    return existsSync(this.#path);
  }

  /** Creates the file where it is absent. */
  async connect(patience?: Patience): Promise<Connection> {
    mkdirSync(dirname(this.#path), { recursive: true });
    checkNotEmpty(this.#path);
    createWhereAbsent(this.#path);
    return this.#open({ mode: 'create' }, patience?.lockMs, (db) => {
      prepareSchema(db, this.#resourcesDir);
    });
  }

  async openWriter({ lockMs }: Patience): Promise<Connection> {
    this.#checkRead();
    return this.#open({ mode: 'write', isCurrent: this.#isRead }, lockMs, checkSchema);
  }

  readonly #isRead = (): boolean => this.#read !== undefined && identifyFile(this.#path) === this.#read;

  readonly #checkRead = (): void => {
    if (!this.#isRead()) throw new Error('another file is in the place of the one that is read, or none');
  };

  async #open(
    { mode, isCurrent }: Pick<OpenHow, 'mode'> & { readonly isCurrent?: () => boolean },
    lockMs: number | undefined,
    prepare: (db: SqliteFile) => void,
  ): Promise<Connection> {
    const db = openSqlite(this.#path, { mode, lockWaitMs: LOCK_WAIT_MS });
    try {
      // If several processes open a new file at once, SQLite rejects all but one without waiting.
      await waitForLock(() => {
        db.exec('PRAGMA journal_mode = WAL');
      }, lockMs);
      db.exec('PRAGMA synchronous = FULL');
      // Patient data that was deleted must not be left in free pages.
      db.exec('PRAGMA secure_delete = ON');
      await waitForLock(() => {
        prepare(db);
      }, lockMs);
      const check = (): void => {
        if (mode === 'write') checkSchema(db);
      };
      return new SqliteConnection(db, { lockMs, isCurrent, check });
    } catch (error) {
      db.close();
      throw error;
    }
  }

  openQueries(): Promise<StoreReader> {
    return this.openReader();
  }

  async openReader(): Promise<SqliteReader> {
    checkNotEmpty(this.#path);
    const db = openSqlite(this.#path, { mode: 'read', lockWaitMs: LOCK_WAIT_MS });
    try {
      this.#read = identifyFile(this.#path);
      return new SqliteReader(db, this.#resourcesDir, { tell: this.#tell, checkRead: this.#checkRead });
    } catch (error) {
      db.close();
      throw error;
    }
  }

  isPassing(error: unknown): boolean {
    return isLocked(error) || isDiskFull(error);
  }

  rejectsWrites(error: unknown): boolean {
    return isSqliteFailure(error, 'readOnly', 'cannotOpen');
  }

  isAway(): boolean {
    return false;
  }

  describeError(error: Error): string {
    if (isLocked(error)) return 'another process has it open';
    if (this.rejectsWrites(error) && isWalUnwritable(this.#path)) return NEEDS_FINISH;
    const mayBeDenied = isSqliteFailure(error, 'readOnly', 'cannotOpen') || 'syscall' in error;
    return (mayBeDenied ? findObstacle(this.#path) : undefined) ?? findTemporaryObstacle(error) ?? error.message;
  }
}
