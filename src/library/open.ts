import { dirname } from 'node:path';
import { RequestError } from '../core/errors.js';
import type { FeedbackQueue } from '../core/evaluation/feedback.js';
import type { HandedOverRecord } from '../core/handing-over/record.js';
import type { ManagedLibrary } from '../core/model/library.js';
import type { SitePolicy } from '../core/policy/site-policy.js';
import type { WrittenStore } from '../core/model/written-store.js';
import { LIMITS } from '../limits.js';
import type { BuildPlaces, BuildReport, BuiltLayer } from '../build/build.js';
import { fetchMissingFiles, buildLibrary, isUpToDate } from '../build/build.js';
import type { OnAvailable } from '../store/postgres/availability.js';
import type { OnCopied } from '../store/postgres/copied-reader.js';
import { PolicyError, PolicyFile, type PolicyPlace } from '../build/policy-file.js';
import { PostgresDatabase, type PostgresPlace } from '../store/postgres/postgres-database.js';
import { DrugLookup } from '../catalogue/drugs/drug-lookup.js';
import { openDrugTables } from '../catalogue/drugs/drug-tables.js';
import { readDrugFacts } from '../build/read-drug-facts.js';
import { readTitleFacts } from '../build/read-title-facts.js';
import { createTitleReader } from '../core/titles/reading/read-title.js';
import { readVocabulary } from '../read-vocabulary.js';
import { isSqliteFailure } from '../store/sqlite/failures.js';
import { SqliteDatabase } from '../store/sqlite/sqlite-database.js';
import type { ReleaseChoice } from '../store/connection.js';
import { convertFiles, convertReleases } from '../build/convert-releases.js';
import type { LibraryDatabase, Patience } from '../store/library-database.js';
import { isDiskFull } from '../store/failures.js';
import { DamagedFileError } from '../store/fetch-release.js';
import { MOST_FEEDBACK, createStoredFeedback } from '../store/stored-feedback.js';
import { createStoredHandedOver } from '../store/stored-handed-over.js';
import type { OnFiles } from '../catalogue/read-served.js';
import { ServedLibrary, type ServedLibraryOptions } from '../catalogue/served-library.js';
import { openWrittenStore } from '../store/stored-written-store.js';
import { WriteQueue } from '../store/write-queue.js';

/** The way out for a failure that a damaged file causes. */
export const VERIFY = '`education-connect verify` names what is damaged';

/** Of a write whose client waits for the answer. */
export const WRITE_PATIENCE: Patience = { lockMs: 2000, statementMs: LIMITS.databaseStatementMs };
/** Of a server's start: if another writer blocks it for longer, or the database does not answer, the server listens meanwhile. */
const START_PATIENCE: Patience = { lockMs: 10_000, statementMs: 60_000 };

/** A library that cannot be opened or built: one line with its name and the reason. */
export class LibraryFileError extends Error {
  override readonly name = 'LibraryFileError';
  /** Whether it may be opened later without a change by an administrator. */
  readonly isPassing: boolean;

  constructor(message: string, { cause, isPassing = false }: ErrorOptions & { readonly isPassing?: boolean } = {}) {
    super(message, { cause });
    this.isPassing = isPassing;
  }
}

export interface OpenOptions extends BuildPlaces {
  /** Address of the library in PostgreSQL; undefined: it is the file at `libraryPath`. */
  readonly database?: PostgresPlace | undefined;
  readonly libraryPath: string;
  /** Opens a finished file without writing to it. */
  readonly readOnly: boolean;
  /** Called when the database that is read is found to be away, and when it answers again. */
  readonly onAvailable?: OnAvailable | undefined;
  /** Called when a database's content cannot be copied to this machine, and when it can again. */
  readonly onCopied?: OnCopied | undefined;
  /** Called when a served file of a release is found to be damaged, and when all are whole again. */
  readonly onFiles?: OnFiles | undefined;
  /** The site's policy on articles; undefined: none. */
  readonly sitePolicy?: PolicyPlace | undefined;
  /** Undefined: the machine's clock. */
  readonly clock?: (() => Date) | undefined;
}

export interface OpenedLibrary {
  /** The policy in force; undefined: none. */
  readonly policy: PolicyFile | undefined;
  /** Under the site's policy. */
  readonly library: ServedLibrary;
  /** Resources that the site has written itself; to be closed before the library. */
  readonly written: WrittenStore;
  /** Readers' feedback; it writes as `written` does, and is closed with it. Undefined: the library is read-only. */
  readonly feedback: FeedbackQueue | undefined;
  /** The record of what was handed over; it is closed as `feedback` is. Undefined: the library is read-only. */
  readonly handedOver: HandedOverRecord | undefined;
  readonly reports: readonly BuildReport[];
  /** A read-only library that was built from other files than those beside it. */
  readonly outOfDate: boolean;
  /** The database was away: its copy is read, and the layers built from files are not up to date yet. */
  readonly isBuildDue: boolean;
}

type WholeLibrary = Omit<OpenedLibrary, 'policy'>;

/** The database that holds the library. */
export function createDatabase(
  options: Pick<OpenOptions, 'database' | 'libraryPath' | 'resourcesDir' | 'onAvailable' | 'onCopied'>,
): LibraryDatabase {
  const { database, libraryPath, resourcesDir } = options;
  return database
    ? new PostgresDatabase({ ...database, copyFolder: dirname(libraryPath) }, resourcesDir, options)
    : new SqliteDatabase(libraryPath, resourcesDir, options.onAvailable);
}

/** Runs work on a database; every error becomes a LibraryFileError. */
export async function onDatabase<T>(database: LibraryDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { cause: inner } = cause as Error;
    // The catalogue wraps what its files' database reports.
    const known = cause instanceof RequestError && inner instanceof Error ? inner : (cause as Error);
    const isDamage = known instanceof SyntaxError || isSqliteFailure(known, 'corrupt', 'notADatabase');
    const reason = `cannot open ${database.name}: ${database.describeError(known)}${isDamage ? `; ${VERIFY}` : ''}`;
    throw new LibraryFileError(reason, {
      cause,
      isPassing: database.isPassing(cause),
    });
  }
}

/**
 * The layers that are built from their files when the library is opened. A site's own is in a shared library by command:
 * instances whose folders differ would else take turns in replacing it.
 */
const builtAtStart = ({ database }: OpenOptions): readonly BuiltLayer[] =>
  database ? ['starter'] : ['starter', 'local'];

interface BuildHow {
  /** Undefined: as long as commands wait. */
  readonly patience?: Patience | undefined;
  /** Compares the digests of all files of releases, and replaces damaged ones; else their sizes alone. */
  readonly readsAll?: boolean;
}

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
  { patience, readsAll = false }: BuildHow = {},
): Promise<BuildReport[]> {
  const database = createDatabase(options);
  return onDatabase(database, async () => {
    const connection = await database.connect(patience);
    try {
      await convertReleases(connection, options.resourcesDir);
      const lost = await fetchMissingFiles(connection, readsAll);
      await convertFiles(connection, options.resourcesDir);
      const reports = await buildLibrary(connection, options, layers, lost);
      if (finish || reports.length > 0) await connection.settle(finish);
      return reports;
    } finally {
      await connection.close();
    }
  });
}

/** Parts that are served beside the releases. */
export function besideReleases({ resourcesDir, omitCodeSystems }: OpenOptions): ServedLibraryOptions {
  const tables = openDrugTables(resourcesDir);
  if (!tables) return { facts: readTitleFacts(resourcesDir) };
  const drugFacts = readDrugFacts(resourcesDir);
  const readTitle = createTitleReader(readVocabulary(resourcesDir));
  const drugs = new DrugLookup(tables, drugFacts, omitCodeSystems);
  return { facts: { ...readTitleFacts(resourcesDir), drugFacts, readTitle }, drugs };
}

/**
 * Opens the library as it is, or as it would be with another release of one source; nothing of it is changed.
 * @throws LibraryFileError
 */
export function openStored(options: OpenOptions, choice?: ReleaseChoice): Promise<ManagedLibrary> {
  const database = createDatabase(options);
  return onDatabase(database, async () => {
    const reader = await database.openReader();
    try {
      return await ServedLibrary.open(reader, { ...besideReleases(options), choice });
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

/** Options for opening a library, with the policy in force. */
interface WholeOptions extends OpenOptions {
  readonly policy: (() => SitePolicy) | undefined;
}

/**
 * Opens an existing library for reading and, unless it is read-only, writing.
 * @param isBuilt whether it was just updated
 */
async function openAsItIs(
  database: LibraryDatabase,
  options: WholeOptions,
  isBuilt: boolean,
): Promise<Omit<WholeLibrary, 'reports' | 'isBuildDue'>> {
  const { readOnly } = options;
  const reader = await database.openReader();
  try {
    const outOfDate = !isBuilt && !(await isUpToDate(reader, options, builtAtStart(options)));
    const { policy, onFiles, clock } = options;
    const library = await ServedLibrary.open(reader, { ...besideReleases(options), policy, onFiles, clock });
    const writes = new WriteQueue(readOnly ? undefined : () => database.openWriter(WRITE_PATIENCE));
    const written = await openWrittenStore({ reader, writes, library });
    const feedback = readOnly ? undefined : createStoredFeedback(writes, MOST_FEEDBACK);
    const handedOver = readOnly ? undefined : createStoredHandedOver(writes);
    return { library, written, feedback, handedOver, outOfDate };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** Opens a library that cannot be written to if it is up to date; if the database is unreachable, its copy of any date. */
async function openUnbuilt(
  database: LibraryDatabase,
  options: WholeOptions,
  failure: LibraryFileError,
): Promise<WholeLibrary> {
  const isBuildDue = database.isAway(failure.cause);
  if (!database.isThere()) throw failure;
  const { cause } = failure;
  // A release that cannot be fetched whole is not used: the one before it is.
  const isUnwritable = isDiskFull(cause) || database.rejectsWrites(cause) || cause instanceof DamagedFileError;
  if (!isBuildDue && !isUnwritable) throw failure;
  const opened = await openAsItIs(database, options, false).catch(() => undefined);
  if (opened && (isBuildDue || !opened.outOfDate)) return { ...opened, reports: [], isBuildDue };
  await opened?.library.close();
  throw failure;
}

/** Opens the library, updated. @throws LibraryFileError */
async function openBuilt(database: LibraryDatabase, options: WholeOptions, readsAll: boolean): Promise<WholeLibrary> {
  const how = { patience: START_PATIENCE, readsAll };
  const reports = await buildLibraryFile(options, false, builtAtStart(options), how);
  const opened = await onDatabase(database, () => openAsItIs(database, options, true));
  return { ...opened, reports, isBuildDue: false };
}

/** Whether a failure to open may come from a damaged file of a release. The system names what it rejects itself. */
function mayBeDamage(database: LibraryDatabase, { cause, isPassing }: LibraryFileError): boolean {
  const isKnown = database.isAway(cause) || database.rejectsWrites(cause) || cause instanceof DamagedFileError;
  return !isPassing && !isKnown && !Object.hasOwn(cause as object, 'syscall');
}

/**
 * Opens the library, rebuilt first if its source files have changed, and if a file of a release is damaged. If nothing can be written
 * (a full disk, a database that is read-only or away), the existing library is read: a restart must not end answering.
 * @throws LibraryFileError
 */
async function openWhole(options: WholeOptions): Promise<WholeLibrary> {
  const database = createDatabase(options);
  if (options.readOnly) {
    if (!database.isThere()) {
      throw new LibraryFileError(`there is no library at ${options.libraryPath} to open read-only`);
    }
    const opened = await onDatabase(database, () => openAsItIs(database, options, false));
    return { ...opened, reports: [], isBuildDue: false };
  }
  try {
    return await openBuilt(database, options, false);
  } catch (error) {
    if (!(error instanceof LibraryFileError)) throw error;
    if (mayBeDamage(database, error)) return openBuilt(database, options, true);
    return openUnbuilt(database, options, error);
  }
}

/**
 * Opens the library, updated from its source files, under the site's policy.
 * @throws LibraryFileError
 */
export async function openLibrary(options: OpenOptions): Promise<OpenedLibrary> {
  const file = options.sitePolicy && openPolicy(options.sitePolicy);
  const opened = await openWhole({ ...options, policy: file && (() => file.reading.policy) });
  return { ...opened, policy: file };
}
