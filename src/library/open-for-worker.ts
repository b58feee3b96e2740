import type { SitePolicy } from '../core/policy/site-policy.js';
import type { ApplyChanges, WrittenStore } from '../core/model/written-store.js';
import { ServedLibrary } from '../catalogue/served-library.js';
import { SqliteDatabase } from '../store/sqlite/sqlite-database.js';
import { openWrittenStore } from '../store/stored-written-store.js';
import { WriteQueue } from '../store/write-queue.js';
import { besideReleases, createDatabase, onDatabase, type OpenOptions } from './open.js';

/** Thrown where a process that only reads would change what is stored. */
export class MustWriteError extends Error {
  override readonly name = 'MustWriteError';
}

const mustWrite: ApplyChanges = () => Promise.reject(new MustWriteError('only the main process writes'));

/**
 * Opens the library that the main process has open already: the file on this machine, which is only read.
 * A swap is noticed when the worker looks for it, so that each answer is of one state. What is written is checked as if it were to be
 * written, and then rejected with MustWriteError.
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
    const written = {
      ...stored,
      apply: mustWrite,
      exclusively: <T>(work: (apply: ApplyChanges) => Promise<T>) => work(mustWrite),
    };
    return { library, written };
  });
}
