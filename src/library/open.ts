import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import type { Library } from '../core/library.js';
import type { BuildPlaces, BuildReport } from './build.js';
import { buildLibrary, isUpToDate } from './build.js';
import { SqliteLibrary } from './sqlite/sqlite-library.js';
import { readStatement } from './sqlite/statements.js';

/** The server's connection waits this long for a lock, then tries again without blocking. */
const SERVER_LOCK_WAIT_MS = 50;
/** Another process may be building the same library. */
const BUILD_LOCK_WAIT_MS = 10_000;

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

/**
 * Brings the file at `libraryPath` up to date with its source files, creating it where it is absent.
 * @param finish leaves the file in `journal_mode=DELETE`, so that it can be opened on a read-only volume
 */
export function buildLibraryFile(options: OpenOptions, finish = false): BuildReport[] {
  mkdirSync(dirname(options.libraryPath), { recursive: true });
  const db = new Database(options.libraryPath, { timeout: BUILD_LOCK_WAIT_MS });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.exec(readStatement(options.resourcesDir, 'schema'));
    const reports = buildLibrary(db, options);
    if (finish) db.pragma('journal_mode = DELETE');
    return reports;
  } finally {
    db.close();
  }
}

/** Opens the library, built anew first where its source files have changed. Throws where the file cannot be opened. */
export function openLibrary(options: OpenOptions): OpenedLibrary {
  const { libraryPath, readOnly, resourcesDir } = options;
  if (readOnly && !existsSync(libraryPath)) throw new Error(`there is no library at ${libraryPath} to open read-only`);
  const reports = readOnly ? [] : buildLibraryFile(options);
  const db = new Database(libraryPath, { timeout: SERVER_LOCK_WAIT_MS, readonly: true, fileMustExist: true });
  const outOfDate = readOnly && !isUpToDate(db, options);
  return { library: new SqliteLibrary(db, resourcesDir), reports, outOfDate };
}
