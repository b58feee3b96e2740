import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SqliteStatement, openSqlite, readPragma, type OpenHow, type SqliteFile } from './binding.js';
import { isSqliteFailure } from './failures.js';
import { findObstacle } from './find-obstacle.js';
import { FIRST_WITH_FILES, checkIsLibrary } from './prepare-schema.js';
import { fetchFiles } from '../fetch-release.js';
import { ReleaseFolder, sync } from '../release-folder.js';
import { hasFile, listReleases, storeFile } from '../release-store.js';
import { SqliteConnection, isLocked, waitForLock } from './sqlite-connection.js';

/** A backup was not made, or not put in place: one line with the reason. Nothing has changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Files that SQLite writes beside an open library; the library is not whole without them. */
const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

const LOCK_WAIT_MS = 50;

function onFile<T>(path: string, mode: OpenHow['mode'], work: (db: SqliteFile) => T): T {
  const db = openSqlite(path, { mode, lockWaitMs: LOCK_WAIT_MS });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

function checkWritable(place: string): void {
  const obstacle = findObstacle(place);
  if (obstacle !== undefined) throw new BackupError(obstacle);
}

/** @throws BackupError where a file is damaged, or no library that this version of the program can open */
function checkWhole(path: string, named: string): void {
  try {
    onFile(path, 'read', (db) => {
      checkIsLibrary(db);
      const found = readPragma(db, 'integrity_check');
      if (found !== 'ok') throw new Error(`it is damaged: ${String(found)}`);
    });
  } catch (error) {
    throw new BackupError(`${named} is no library that can be used: ${(error as Error).message}`, { cause: error });
  }
}

/** Makes a file under another name beside its place, and moves it there when it is whole and on the disk. */
async function putWhole(place: string, make: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = join(dirname(place), `.${basename(place)}.unfinished`);
  rmSync(temporary, { force: true });
  try {
    await make(temporary);
    await sync(temporary);
    renameSync(temporary, place);
    await sync(dirname(place));
  } finally {
    for (const end of ['', ...COMPANIONS]) rmSync(temporary + end, { force: true });
  }
}

/** Whether a library is of a version that stored releases in tables: it needs no other files. */
const isOfTables = (path: string): boolean =>
  onFile(path, 'read', (db) => (readPragma(db, 'user_version') as number) < FIRST_WITH_FILES);

/** Connects to a file without other users, with the folder of another. */
async function onConnection<T>(
  path: string,
  releases: ReleaseFolder,
  work: (connection: SqliteConnection) => Promise<T>,
): Promise<T> {
  const connection = new SqliteConnection(openSqlite(path, { mode: 'write', lockWaitMs: LOCK_WAIT_MS }), { releases });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Puts the files of all releases into a backup, which is then the library alone. */
function addFiles(backup: string, releases: ReleaseFolder): Promise<void> {
  return onConnection(backup, releases, async (db) => {
    const whole = (await listReleases(db)).filter(hasFile);
    for (const release of whole) await db.transaction(() => storeFile(db, release));
  });
}

/**
 * Copies a library's file and links the files of its releases under the writers' lock. It is held no longer than that takes: the
 * links have second names, under which later writes do not delete them.
 */
function takeState(libraryPath: string, target: string, folder: ReleaseFolder): void {
  const releases = ReleaseFolder.beside(libraryPath);
  mkdirSync(folder.path, { recursive: true });
  onFile(libraryPath, 'write', (lock) => {
    lock.exec('BEGIN IMMEDIATE');
    const files = new SqliteStatement(lock, "SELECT DISTINCT file FROM release WHERE state = 'ready' AND file <> ''");
    for (const { file } of files.all<{ file: string }>()) retainAs(releases.buildPath(file), folder.buildPath(file));
    onFile(libraryPath, 'read', (db) => {
      db.prepare('VACUUM INTO ?').run(target);
    });
    lock.exec('ROLLBACK');
  });
}

/**
 * Writes what a library file holds at one moment into a new file, while others read and write it. All that was acknowledged before
 * the call is in it, and each write wholly or not at all. It reads in one transaction (`VACUUM INTO`): SQLite's backup interface would
 * begin anew with each write of another process.
 * @throws BackupError
 */
export async function backUpFile(libraryPath: string, target: string): Promise<void> {
  if (!existsSync(libraryPath)) throw new BackupError(`there is no library at ${libraryPath}`);
  if (existsSync(target)) throw new BackupError(`${target} is there already`);
  checkWritable(target);
  if (isOfTables(libraryPath))
    throw new BackupError(`${libraryPath} is of an earlier version: start this one over it first`);
  await putWhole(target, async (temporary) => {
    const folder = new ReleaseFolder(join(dirname(libraryPath), `.backup-${randomUUID()}`));
    try {
      await waitForLock(() => {
        takeState(libraryPath, temporary, folder);
      });
      await addFiles(temporary, folder);
    } finally {
      rmSync(folder.path, { recursive: true, force: true });
    }
    checkWhole(temporary, 'what was written');
  });
}

/**
 * Merges the files beside a library file into it, so that the file alone is the library.
 * @returns whether it is so; false where the file is damaged
 * @throws BackupError where another process has it open
 */
function finishFile(path: string): boolean {
  try {
    onFile(path, 'write', (db) => {
      db.exec('PRAGMA journal_mode = DELETE');
    });
    return true;
  } catch (error) {
    if (isLocked(error)) {
      throw new BackupError(`another process has ${path} open: stop the servers over it first`, { cause: error });
    }
    if (isSqliteFailure(error, 'corrupt', 'notADatabase')) return false;
    throw error;
  }
}

/** Keeps a file under a second name; a file system without links copies it. */
function retainAs(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch {
    copyFileSync(path, target);
  }
}

/**
 * Replaces a library by a backup, in one step, once the backup is found whole. The replaced library stays beside it.
 * @returns where the replaced library is; undefined if there was none
 * @throws BackupError
 */
export async function restoreFile(backup: string, libraryPath: string, now: Date): Promise<string | undefined> {
  if (!existsSync(backup)) throw new BackupError(`there is no file ${backup}`);
  checkWritable(libraryPath);
  let retained: string | undefined;
  await putWhole(libraryPath, async (temporary) => {
    copyFileSync(backup, temporary);
    checkWhole(temporary, backup);
    const releases = ReleaseFolder.beside(libraryPath);
    if (!isOfTables(temporary))
      await onConnection(temporary, releases, async (db) => fetchFiles(db, releases, await listReleases(db)));
    if (!existsSync(libraryPath)) return;
    retained = `${libraryPath}.before-${now.toISOString().replace(/[^\dTZ]/g, '')}`;
    // A log that was left beside a damaged file would be read as the new one's.
    if (!finishFile(libraryPath)) {
      for (const end of COMPANIONS) if (existsSync(libraryPath + end)) renameSync(libraryPath + end, retained + end);
    }
    retainAs(libraryPath, retained);
  });
  return retained;
}
