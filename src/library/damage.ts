import { ReleaseFolder } from '../store/release-folder.js';
import type { Queries } from '../store/connection.js';
import { hasStoredFile } from '../store/fetch-release.js';
import type { LibraryDatabase } from '../store/library-database.js';
import { hasFile, holdsStoredFile, isRebuilt, listReleases, type StoredRelease } from '../store/release-store.js';
import { UnreadableReleaseError, readContent } from '../store/release-content.js';
import { isOfTables, onConnection } from '../store/sqlite/back-up.js';
import { isSqliteFailure } from '../store/sqlite/failures.js';
import { findFault } from '../store/sqlite/whole-file.js';
import { DamagedLogError, EMPTY_LOG } from '../store/written-log.js';
import { isPassing as isPostgresFailure } from '../store/postgres/failures.js';

/** A part of a library or of a backup that was read; `damage` is undefined where it is whole. */
export interface CheckedPart {
  readonly name: string;
  readonly damage: string | undefined;
}

/** Way to get a damaged release again. */
export function describeWayOut({ layer, source }: Pick<StoredRelease, 'layer' | 'source'>): string {
  if (isRebuilt({ layer })) return 'the next start builds it anew';
  return source === 'link-check'
    ? 'restore a backup, or run `check-links` again'
    : `restore a backup, or import ${source} again`;
}

const listFileReleases = async (db: Queries): Promise<StoredRelease[]> => (await listReleases(db)).filter(hasFile);

/** Reads a release's file on this machine. */
async function checkFile(folder: ReleaseFolder, release: StoredRelease): Promise<CheckedPart> {
  const reason = await folder.findDamage(release);
  // A start that can open the file does not notice.
  const wayOut = isRebuilt(release) ? '`education-connect build` builds it anew' : describeWayOut(release);
  const damage = reason && `${reason}; ${wayOut}`;
  return { name: `${folder.buildPath(release.file)}: release ${release.name}`, damage };
}

/** Reads the bytes of a release in a database. */
async function checkStored(db: Queries, release: StoredRelease, where: string): Promise<CheckedPart> {
  const isWhole = await hasStoredFile(db, release).catch((error: unknown) => {
    if (isSqliteFailure(error)) return false;
    throw error;
  });
  const damage = isWhole ? undefined : `its bytes do not have its digest; ${describeWayOut(release)}`;
  return { name: `${where}: release ${release.name}`, damage };
}

/** Reads the summaries of releases and what the site has written. @returns why a server could not serve it */
async function findUnreadable(db: Queries): Promise<string | undefined> {
  try {
    for (const release of await listReleases(db)) readContent(release);
    await EMPTY_LOG.follow(db);
    return undefined;
  } catch (error) {
    const isDamage = [DamagedLogError, UnreadableReleaseError].some((kind) => error instanceof kind);
    if (!isDamage && !isSqliteFailure(error)) throw error;
    return (error as Error).message;
  }
}

/** Reads all of a library file and of its releases; nothing is changed. */
export async function* checkLibraryFile(path: string): AsyncGenerator<CheckedPart> {
  const releases = ReleaseFolder.beside(path);
  const fault = findFault(path);
  if (fault !== undefined) {
    yield { name: path, damage: `${fault}; restore a backup` };
    // Nothing lists the files, but each bears its digest.
    for (const file of releases.list()) {
      const isWhole = (await releases.measure(releases.buildPath(file)).catch(() => undefined))?.file === file;
      yield { name: releases.buildPath(file), damage: isWhole ? undefined : 'its bytes do not have its digest' };
    }
    return;
  }
  const read = { mode: 'read', releases } as const;
  yield { name: path, damage: await onConnection(path, read, findUnreadable) };
  if (isOfTables(path)) return;
  for (const release of await onConnection(path, read, listFileReleases)) yield checkFile(releases, release);
}

/** Reads all of a library in PostgreSQL, and of its copy on this machine where there is one. Nothing is changed. */
export async function* checkSharedLibrary(database: LibraryDatabase): AsyncGenerator<CheckedPart> {
  const server = await database.openQueries();
  try {
    yield { name: database.name, damage: await findUnreadable(server) };
    const releases = await listFileReleases(server);
    for (const release of releases) yield checkStored(server, release, database.name);
    const folder = ReleaseFolder.beside(database.localPath);
    const here = new Set(folder.list());
    for (const release of releases.filter(({ file }) => here.has(file))) yield checkFile(folder, release);
  } finally {
    await server.close();
  }
}

/** Reads all of a backup. Nothing is changed. */
export async function* checkBackup(path: string): AsyncGenerator<CheckedPart> {
  const fault = findFault(path);
  yield { name: path, damage: fault };
  if (fault !== undefined || isOfTables(path)) return;
  const read = { mode: 'read', releases: ReleaseFolder.beside(path) } as const;
  const parts = await onConnection(path, read, async (db) => {
    const unreadable = await findUnreadable(db);
    const found: CheckedPart[] = unreadable === undefined ? [] : [{ name: path, damage: unreadable }];
    for (const release of await listFileReleases(db)) {
      // A backup of a library with a damaged file does without it.
      const isLeftOut = isRebuilt(release) && !(await holdsStoredFile(db, release));
      if (!isLeftOut) found.push(await checkStored(db, release, path));
    }
    return found;
  });
  yield* parts;
}

/**
 * Whether the machine is at fault, and neither the program nor its input: a full disk, a folder that is missing or may not be written to,
 * a database server that is gone.
 */
export function isMachineError(error: unknown): error is Error {
  // Recognised by its fields: an error of an addon may be of another realm's Error.
  const { syscall, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (typeof message !== 'string') return false;
  if (isPostgresFailure(error)) return true;
  return syscall !== undefined || isSqliteFailure(error);
}
