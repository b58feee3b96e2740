import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sync } from '../release-folder.js';
import { openSqlite, readPragma, type OpenHow, type SqliteFile } from './binding.js';
import { findObstacle } from './find-obstacle.js';
import { checkIsLibrary } from './prepare-schema.js';
import { isLocked } from './sqlite-connection.js';

/** A backup was not made, or not put in place: one line with the reason. Nothing has changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Files that SQLite writes beside an open library; the library is not whole without them. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

export const LOCK_WAIT_MS = 50;

export function onFile<T>(path: string, mode: OpenHow['mode'], work: (db: SqliteFile) => T): T {
  const db = openSqlite(path, { mode, lockWaitMs: LOCK_WAIT_MS });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** @throws BackupError where this user may not write to a place */
export function checkWritable(place: string): void {
  const obstacle = findObstacle(place);
  if (obstacle !== undefined) throw new BackupError(obstacle);
}

/** Returns why a file is no library that this version of the program can open; undefined where it is one. */
export function findFault(path: string): string | undefined {
  try {
    return onFile(path, 'read', (db) => {
      checkIsLibrary(db);
      const found = String(readPragma(db, 'integrity_check(1)'));
      return found === 'ok' ? undefined : `it is damaged: ${found.split('\n').slice(0, 2).join(' ')}`;
    });
  } catch (error) {
    if (isLocked(error)) throw error;
    return (error as Error).message;
  }
}

/** Makes a file under another name beside its place, and moves it there when it is whole and on the disk. */
export async function putWhole(place: string, make: (temporary: string) => void | Promise<void>): Promise<void> {
  const temporary = join(dirname(place), `.${basename(place)}.unfinished`);
  const remove = (): void => {
    for (const end of ['', ...COMPANIONS]) rmSync(temporary + end, { force: true });
  };
  remove();
  try {
    await make(temporary);
    await sync(temporary);
    renameSync(temporary, place);
    await sync(dirname(place));
  } finally {
    remove();
  }
}
