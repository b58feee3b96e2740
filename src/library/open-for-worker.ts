import type { SitePolicy } from '../core/policy/site-policy.js';
import type { WrittenStore } from '../core/model/written-store.js';
import { ServedLibrary } from '../catalogue/served-library.js';
import { SqliteDatabase } from '../store/sqlite/sqlite-database.js';
import { openWrittenStore } from '../store/stored-written-store.js';
import { WriteQueue } from '../store/write-queue.js';
import { besideReleases, createDatabase, onDatabase, type OpenOptions } from './open.js';

/** Thrown where a worker would write, or read from an EHR: the main process answers such a request. */
export class MainProcessError extends Error {
  override readonly name = 'MainProcessError';
}

/** Rejects with MainProcessError. */
export const leaveToMain = (): Promise<never> => Promise.reject(new MainProcessError());

/**
 * Opens the library that the main process has open already: the file on this machine, which is only read.
 * A swap is noticed when the worker looks for it, so that each answer is of one state. A write is rejected with MainProcessError.
 * @param policy the site's policy in force
 * @throws LibraryFileError
 */
export function openForWorker(
  options: OpenOptions,
  policy: () => SitePolicy,
): Promise<{ library: ServedLibrary; written: WrittenStore }> {
  const database = new SqliteDatabase(createDatabase(options).localPath, options.resourcesDir);
  return onDatabase(database, async () => {
    const reader = await database.openReader();
    const library = await ServedLibrary.open(reader, { ...besideReleases(options), policy, followsByItself: false });
    const stored = await openWrittenStore({ reader, writes: new WriteQueue(undefined), library });
    return { library, written: { ...stored, apply: leaveToMain, exclusively: leaveToMain } };
  });
}
