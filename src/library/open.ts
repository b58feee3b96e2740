import type { Library } from '../core/library.js';
import type { WrittenStore } from '../core/written-store.js';
import type { BuildPlaces, BuildReport, BuiltLayer } from './build.js';
import { buildLibrary, isUpToDate } from './build.js';
import type { PolicyPlace } from './policy-file.js';
import { PolicyError, PolicyFile } from './policy-file.js';
import { PostgresDatabase } from './postgres/postgres-database.js';
import type { PostgresPlace } from './postgres/postgres-database.js';
import { SiteLibrary } from './site-library.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';
import type { ReleaseChoice } from './stored/connection.js';
import { refreshIndexes } from './stored/index-release.js';
import type { LibraryDatabase } from './stored/library-database.js';
import { isDiskFull } from './stored/release-store.js';
import { StoredLibrary } from './stored/stored-library.js';
import { StoredWrittenStore } from './stored/stored-written-store.js';

/** A write that somebody waits for waits for another writer no longer than this. */
const WRITE_LOCK_WAIT_MS = 2000;

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
  /** Where the library is in PostgreSQL; undefined: it is the file at `libraryPath`. */
  readonly database?: PostgresPlace | undefined;
  readonly libraryPath: string;
  /** Opens a finished file without writing to it. */
  readonly readOnly: boolean;
  /** What the site decides of the articles; undefined: nothing. */
  readonly sitePolicy?: PolicyPlace | undefined;
}

export interface OpenedLibrary {
  /** As the site lets it be given. */
  readonly library: Library;
  /** As it is, whatever the site's policy says. It is the same library: one of them is closed. */
  readonly whole: Library;
  /** What the site has written itself; to be closed before the library. */
  readonly written: WrittenStore;
  readonly reports: readonly BuildReport[];
  /** A read-only library that was built from other files than those beside it. */
  readonly outOfDate: boolean;
  /** The policy that the library is given by; undefined: none. */
  readonly policy: PolicyFile | undefined;
}

/** The database that holds the library. */
export function databaseOf({ database, libraryPath, resourcesDir }: OpenOptions): LibraryDatabase {
  if (database) return new PostgresDatabase(database, resourcesDir);
  return new SqliteDatabase(libraryPath, resourcesDir);
}

/** Runs a piece of work on a database; whatever it throws becomes a LibraryFileError. */
export async function onDatabase<T>(database: LibraryDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new LibraryFileError(`cannot open ${database.name}: ${database.reasonOf(cause as Error)}`, { cause });
  }
}

/**
 * The layers that are built from their files when the library is opened. A site's own is in a shared library by command:
 * instances whose folders differ would else take turns in replacing it.
 */
const builtAtStart = ({ database }: OpenOptions): readonly BuiltLayer[] =>
  database ? ['starter'] : ['starter', 'local'];

/**
 * Brings the library up to date with its source files, creating it where it is absent.
 * @param layers which of them; those that are built at every start, where they are not named
 * @param finish leaves a file in `journal_mode=DELETE`, so that it can be opened on a read-only volume
 * @throws LibraryFileError
 */
export function buildLibraryFile(
  options: OpenOptions,
  finish = false,
  layers = builtAtStart(options),
): Promise<BuildReport[]> {
  const database = databaseOf(options);
  return onDatabase(database, async () => {
    const connection = await database.connect();
    try {
      const reports = await buildLibrary(connection, options, layers);
      await refreshIndexes(connection);
      if (finish || reports.length > 0) await connection.settle(finish);
      return reports;
    } finally {
      await connection.close();
    }
  });
}

/**
 * Opens the library as it is, or as it would be with another release of one source; nothing of it is changed.
 * @throws LibraryFileError
 */
export function openStored(options: OpenOptions, choice?: ReleaseChoice): Promise<Library> {
  const database = databaseOf(options);
  return onDatabase(database, async () => {
    const reader = await database.openReader(choice);
    try {
      return await StoredLibrary.open(reader);
    } catch (error) {
      await reader.close();
      throw error;
    }
  });
}

/** Opens a site's policy. @throws LibraryFileError */
function openPolicy(place: PolicyPlace): PolicyFile {
  try {
    return PolicyFile.open(place);
  } catch (error) {
    if (error instanceof PolicyError) throw new LibraryFileError(`the site policy has a fault: ${error.message}`);
    throw error;
  }
}

/**
 * Opens the library, built anew first where its source files have changed, as the site's policy lets it be given.
 * @throws LibraryFileError
 */
export async function openLibrary(options: OpenOptions): Promise<OpenedLibrary> {
  const { readOnly } = options;
  const policy = options.sitePolicy && openPolicy(options.sitePolicy);
  const database = databaseOf(options);
  if (readOnly && !database.isThere()) {
    throw new LibraryFileError(`there is no library at ${options.libraryPath} to open read-only`);
  }
  let reports: BuildReport[] = [];
  let failure: LibraryFileError | undefined;
  try {
    if (!readOnly) reports = await buildLibraryFile(options);
  } catch (error) {
    // What is whole can be read on a full disk, and a restart is no reason to stop answering.
    if (!(error instanceof LibraryFileError) || !isDiskFull(error.cause) || !database.isThere()) throw error;
    failure = error;
  }
  return onDatabase(database, async () => {
    const reader = await database.openReader();
    try {
      const outOfDate =
        (readOnly || failure !== undefined) && !(await isUpToDate(reader, options, builtAtStart(options)));
      if (outOfDate && failure) throw failure.cause as Error;
      const library = await StoredLibrary.open(reader);
      const written = await StoredWrittenStore.open({
        reader,
        writer: options.writer,
        openToWrite: readOnly ? undefined : () => database.connect(WRITE_LOCK_WAIT_MS),
        noticeSwap: () => library.noticeSwap(),
      });
      const given = policy ? new SiteLibrary(library, () => policy.reading.policy) : library;
      return { library: given, whole: library, written, reports, outOfDate, policy };
    } catch (error) {
      await reader.close();
      throw error;
    }
  });
}
