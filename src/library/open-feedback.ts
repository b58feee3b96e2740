import Database from 'better-sqlite3';
import type { FeedbackQueue } from '../core/feedback.js';
import { LibraryFileError } from './open.js';
import { SqliteFeedback } from './sqlite/sqlite-feedback.js';

/** More than a curator reads; what comes on top pushes out what has not been said for longest. */
const MOST_ENTRIES = 2000;
/** A connection waits this long for a lock, then tries again without blocking. */
const LOCK_WAIT_MS = 50;

/**
 * Opens the queue of feedback in the library's file, which must be there, on a connection of its own.
 * @throws LibraryFileError
 */
export function openFeedback(
  { libraryPath, resourcesDir }: { readonly libraryPath: string; readonly resourcesDir: string },
  mostEntries = MOST_ENTRIES,
): FeedbackQueue {
  let db: Database.Database | undefined;
  try {
    db = new Database(libraryPath, { timeout: LOCK_WAIT_MS, fileMustExist: true });
    return new SqliteFeedback(db, resourcesDir, mostEntries);
  } catch (cause) {
    db?.close();
    const reason = (cause as Error).message;
    throw new LibraryFileError(`cannot open the queue of feedback in ${libraryPath}: ${reason}`, { cause });
  }
}
