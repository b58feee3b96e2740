import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSqlite, readPragma } from './binding.js';
import { FIRST_WITH_FILES } from './prepare-schema.js';
import type { Queries } from '../connection.js';
import { hasStoredFile } from '../fetch-release.js';
import { ReleaseFolder } from '../release-folder.js';
import { hasFile, listReleases, removeStoredFile, storeFile, type StoredRelease } from '../release-store.js';
import { SqliteConnection, waitForLock } from './sqlite-connection.js';
import { BackupError, LOCK_WAIT_MS, checkWritable, findFault, onFile, putWhole } from './whole-file.js';

/** No request waits for a backup: it waits for locks as long as writers write without a pause. */
const BACKUP_LOCK_WAIT_MS = 600_000;

/** A release that a backup lacks, since its file is damaged. */
export interface LackingRelease {
  readonly release: StoredRelease;
  readonly reason: string;
}

/** Whether a library is of a version that stored releases in tables: it needs no other files. */
export const isOfTables = (path: string): boolean =>
  onFile(path, 'read', (db) => (readPragma(db, 'user_version') as number) < FIRST_WITH_FILES);

/** Connects to a file without other users, with the folder of another. */
export async function onConnection<T>(
  path: string,
  { mode, releases }: { readonly mode: 'read' | 'write'; readonly releases: ReleaseFolder },
  work: (connection: SqliteConnection) => Promise<T>,
): Promise<T> {
  const connection = new SqliteConnection(openSqlite(path, { mode, lockWaitMs: LOCK_WAIT_MS }), { releases });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Keeps a file under a second name; a file system without links copies it. */
export function retainAs(path: string, target: string): void {
  try {
    linkSync(path, target);
  } catch {
    copyFileSync(path, target);
  }
}

/** Links a release's file under a second name, unless it is there already. @returns false where the file is missing */
function retainFile({ file }: StoredRelease, releases: ReleaseFolder, folder: ReleaseFolder): boolean {
  if (existsSync(folder.buildPath(file))) return true;
  if (!existsSync(releases.buildPath(file))) return false;
  retainAs(releases.buildPath(file), folder.buildPath(file));
  return true;
}

const listFileReleases = async (db: Queries): Promise<StoredRelease[]> => (await listReleases(db)).filter(hasFile);

/**
 * Copies a library's file as it is at one moment, and links the files of its releases: later swaps do not delete these. It reads in one
 * transaction and holds no writer up. If a swap has deleted a file between the two, it begins anew.
 */
async function takeState(libraryPath: string, target: string, folder: ReleaseFolder): Promise<void> {
  const releases = ReleaseFolder.beside(libraryPath);
  mkdirSync(folder.path, { recursive: true });
  const list = (path: string) => onConnection(path, { mode: 'read', releases }, listFileReleases);
  for (;;) {
    await waitForLock(() => {
      onFile(libraryPath, 'read', (db) => {
        db.prepare('VACUUM INTO ?').run(target);
      });
    }, BACKUP_LOCK_WAIT_MS);
    const missing = (await list(target)).filter((release) => !retainFile(release, releases, folder));
    const current = missing.length === 0 ? [] : await list(libraryPath);
    if (missing.every(({ id }) => current.some((release) => release.id === id))) return;
    rmSync(target);
  }
}

/** Puts the files of all releases into a backup, which is then the library alone. @returns those whose files are damaged */
function addFiles(backup: string, folder: ReleaseFolder): Promise<LackingRelease[]> {
  return onConnection(backup, { mode: 'write', releases: folder }, async (db) => {
    const lacking: LackingRelease[] = [];
    for (const release of await listFileReleases(db)) {
      // A restored library has its bytes already.
      if (await hasStoredFile(db, release)) continue;
      await removeStoredFile(db, release);
      const damage = await folder.findDamage(release);
      if (damage === undefined) await db.transaction(() => storeFile(db, release));
      const reason = damage ?? ((await hasStoredFile(db, release)) ? undefined : 'it was not written whole');
      if (reason !== undefined) lacking.push({ release, reason });
    }
    return lacking;
  });
}

/**
 * Writes what a library file holds at one moment into a new file, while others read and write it. All that was acknowledged before
 * the call is in it, and each write wholly or not at all. It reads in one transaction (`VACUUM INTO`): SQLite's backup interface would
 * begin anew with each write of another process.
 * @returns releases that are not in it, since their files are damaged
 * @throws BackupError
 */
export async function backUpFile(libraryPath: string, target: string): Promise<LackingRelease[]> {
  if (!existsSync(libraryPath)) throw new BackupError(`there is no library at ${libraryPath}`);
  if (existsSync(target)) throw new BackupError(`${target} is there already`);
  checkWritable(target);
  const fault = await waitForLock(() => findFault(libraryPath), BACKUP_LOCK_WAIT_MS);
  if (fault !== undefined) throw new BackupError(`${libraryPath} is no library that can be used: ${fault}`);
  if (isOfTables(libraryPath))
    throw new BackupError(`${libraryPath} is of an earlier version: start this one over it first`);
  let lacking: LackingRelease[] = [];
  await putWhole(target, async (temporary) => {
    const folder = new ReleaseFolder(join(dirname(libraryPath), `.backup-${randomUUID()}`));
    try {
      await takeState(libraryPath, temporary, folder);
      lacking = await addFiles(temporary, folder);
    } finally {
      rmSync(folder.path, { recursive: true, force: true });
    }
    const found = findFault(temporary);
    if (found !== undefined) throw new BackupError(`what was written is no library that can be used: ${found}`);
  });
  return lacking;
}
