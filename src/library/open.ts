import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Library } from '../core/library.js';
import type { BuildPlaces, BuildReport } from './build.js';
import { buildLibrary, isUpToDate } from './build.js';
import { isDiskFull } from './sqlite/release-store.js';
import { refreshIndexes } from './sqlite/index-release.js';
import { SqliteLibrary, isLocked } from './sqlite/sqlite-library.js';
import { prepareSchema } from './sqlite/prepare-schema.js';

/** The server's connection waits this long for a lock, then tries again without blocking. */
const SERVER_LOCK_WAIT_MS = 50;
/** Another process may be building the same library. */
export const WRITE_LOCK_WAIT_MS = 10_000;
/** Pause between tries where SQLite itself does not wait. */
const JOURNAL_PAUSE_MS = 20;

/** A library file that cannot be opened or built: one line that names it and says why. */
export class LibraryFileError extends Error {
  override readonly name = 'LibraryFileError';
}

/**
 * Whether the machine is at fault, and neither the program nor what it was given: a disk that is full, a folder that is
 * not there or may not be written to.
 */
export function isMachineError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall !== undefined || /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|BUSY|LOCKED)/.test(code ?? '');
}

export interface OpenOptions extends BuildPlaces {
  readonly libraryPath: string;
  /** Opens a finished file without writing to it. */
  readonly readOnly: boolean;
}

export interface OpenedLibrary {
  readonly library: Library;
  readonly reports: readonly BuildReport[];
  /** A read-only library that was built from other files than those beside it. */
  readonly outOfDate: boolean;
}

/** Runs a piece of work on the file at `path`; whatever it throws becomes a LibraryFileError. */
export function onFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = isLocked(cause) ? 'another process has it open' : (cause as Error).message;
    throw new LibraryFileError(`cannot open the library at ${path}: ${reason}`, { cause });
  }
}

/** Of processes that open a new file at once SQLite refuses all but one at once, without waiting: it is waited here. */
function useWriteAheadLog(db: Database.Database): void {
  for (const end = performance.now() + WRITE_LOCK_WAIT_MS; ;) {
    try {
      db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, JOURNAL_PAUSE_MS);
    }
  }
}

/**
 * Brings the file at `libraryPath` up to date with its source files, creating it where it is absent.
 * @param finish leaves the file in `journal_mode=DELETE`, so that it can be opened on a read-only volume
 * @throws LibraryFileError
 */
export function buildLibraryFile(options: OpenOptions, finish = false): BuildReport[] {
  return onFile(options.libraryPath, () => {
    mkdirSync(dirname(options.libraryPath), { recursive: true });
    const db = new Database(options.libraryPath, { timeout: WRITE_LOCK_WAIT_MS });
    try {
      useWriteAheadLog(db);
      db.pragma('synchronous = FULL');
      prepareSchema(db, options.resourcesDir);
      const reports = buildLibrary(db, options);
      refreshIndexes(db);
      if (finish) db.pragma('journal_mode = DELETE');
      return reports;
    } finally {
      db.close();
    }
  });
}

/**
 * Opens the library, built anew first where its source files have changed.
 * @throws LibraryFileError
 */
export function openLibrary(options: OpenOptions): OpenedLibrary {
  const { libraryPath, readOnly, resourcesDir } = options;
  if (readOnly && !existsSync(libraryPath)) {
    throw new LibraryFileError(`there is no library at ${libraryPath} to open read-only`);
  }
  let reports: BuildReport[] = [];
  let failure: LibraryFileError | undefined;
  try {
    if (!readOnly) reports = buildLibraryFile(options);
  } catch (error) {
    // A finished file can be read on a full disk, and a restart is no reason to stop answering.
    if (!(error instanceof LibraryFileError) || !isDiskFull(error.cause) || !existsSync(libraryPath)) throw error;
    failure = error;
  }
  return onFile(libraryPath, () => {
    const db = new Database(libraryPath, { timeout: SERVER_LOCK_WAIT_MS, readonly: true, fileMustExist: true });
    try {
      const outOfDate = (readOnly || failure !== undefined) && !isUpToDate(db, options);
      if (outOfDate && failure) throw failure.cause as Error;
      return { library: new SqliteLibrary(db, resourcesDir), reports, outOfDate };
    } catch (error) {
      db.close();
      throw error;
    }
  });
}
