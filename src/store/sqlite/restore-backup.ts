import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DamagedFileError, fetchFiles } from '../fetch-release.js';
import { ReleaseFolder } from '../release-folder.js';
import { dropRelease, hasFile, listReleases, removeStoredFile } from '../release-store.js';
import { isOfTables, onConnection, retainAs, type LackingRelease } from './back-up.js';
import { SqliteStatement, openSqlite, readPragma } from './binding.js';
import { isSqliteFailure } from './failures.js';
import { isLocked } from './sqlite-connection.js';
import { BackupError, COMPANIONS, LOCK_WAIT_MS, checkWritable, findFault, onFile, putWhole } from './whole-file.js';

/** The table with the bytes of releases: most of a backup. */
const PARTS = 'release_part';

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

/** Copies all tables of a backup but the bytes of its releases. @throws an error of SQLite where one of these is damaged */
function copyWithoutParts(backup: string, target: string): void {
  const db = openSqlite(target, { mode: 'create', lockWaitMs: LOCK_WAIT_MS });
  try {
    db.prepare('ATTACH ? AS backup').run(backup);
    const sql = "SELECT type, name, sql FROM backup.sqlite_schema WHERE sql <> '' ORDER BY type <> 'table', rowid";
    for (const { type, name, sql: create } of new SqliteStatement(db, sql).all<
      Record<'type' | 'name' | 'sql', string>
    >()) {
      db.exec(create);
      if (type === 'table' && name !== PARTS) db.exec(`INSERT INTO "${name}" SELECT * FROM backup."${name}"`);
    }
    db.exec(`PRAGMA user_version = ${String(readPragma(db, 'backup.user_version'))}`);
  } finally {
    db.close();
  }
}

/** Copies a backup; one that is damaged in the bytes of its releases alone, without these. @throws BackupError */
function copyBackup(backup: string, target: string): void {
  const fault = findFault(backup);
  if (fault === undefined) {
    copyFileSync(backup, target);
    return;
  }
  try {
    copyWithoutParts(backup, target);
    if (findFault(target) === undefined) return;
  } catch {
    // The fault of the whole file is reported.
  }
  throw new BackupError(`${backup} is no library that can be used: ${fault}`);
}

/** Takes the files of releases out of a backup. @returns releases whose bytes are damaged: the restored library does without them */
async function takeFiles(
  backup: string,
  restored: string,
  releases: ReleaseFolder,
  now: Date,
): Promise<LackingRelease[]> {
  const lacking: LackingRelease[] = [];
  await onConnection(backup, { mode: 'read', releases }, async (db) => {
    for (const release of (await listReleases(db)).filter(hasFile)) {
      try {
        await fetchFiles(db, releases, [release], true);
      } catch (error) {
        if (!(error instanceof DamagedFileError) && !isSqliteFailure(error, 'corrupt', 'ioError')) throw error;
        lacking.push({ release, reason: 'it is not in the backup whole' });
      }
    }
  });
  if (lacking.length > 0)
    await onConnection(restored, { mode: 'write', releases }, async (db) => {
      for (const { release } of lacking) {
        await dropRelease(db, release, now);
        await removeStoredFile(db, release);
      }
    });
  return lacking;
}

/** Removes second names of the library that a killed restore has left: nothing was replaced by it. */
function removeLeftNames(libraryPath: string): void {
  const { ino } = statSync(libraryPath, { bigint: true });
  for (const name of readdirSync(dirname(libraryPath))) {
    const path = join(dirname(libraryPath), name);
    if (name.startsWith(`${basename(libraryPath)}.before-`) && statSync(path, { bigint: true }).ino === ino)
      rmSync(path);
  }
}

/** A library that was restored. */
export interface Restored {
  /** Place of the replaced library; undefined: there was none. */
  readonly retained: string | undefined;
  /** Releases that the restored library does without. */
  readonly lacking: readonly LackingRelease[];
}

/**
 * Replaces a library by a backup, in one step, once the backup is found whole, or whole but for files of releases. The replaced
 * library stays beside it.
 * @throws BackupError
 */
export async function restoreFile(backup: string, libraryPath: string, now: Date): Promise<Restored> {
  if (!existsSync(backup)) throw new BackupError(`there is no file ${backup}`);
  checkWritable(libraryPath);
  let retained: string | undefined;
  let lacking: readonly LackingRelease[] = [];
  await putWhole(libraryPath, async (temporary) => {
    copyBackup(backup, temporary);
    if (!isOfTables(temporary)) lacking = await takeFiles(backup, temporary, ReleaseFolder.beside(libraryPath), now);
    if (!existsSync(libraryPath)) return;
    removeLeftNames(libraryPath);
    retained = `${libraryPath}.before-${now.toISOString().replace(/[^\dTZ]/g, '')}`;
    // A log that was left beside a damaged file would be read as the new one's.
    if (!finishFile(libraryPath)) {
      for (const end of COMPANIONS) if (existsSync(libraryPath + end)) renameSync(libraryPath + end, retained + end);
    }
    retainAs(libraryPath, retained);
  });
  return { retained, lacking };
}
