import type { FeedbackQueue } from '../core/evaluation/feedback.js';
import { WRITE_PATIENCE, createDatabase, type OpenOptions } from './open.js';
import { MOST_FEEDBACK, StoredFeedback } from '../store/stored-feedback.js';
import { WriteQueue } from '../store/write-queue.js';

/** The queue of feedback in the library's database, on a connection of its own, which is opened when it is needed. */
export function openFeedback(
  options: Pick<OpenOptions, 'database' | 'libraryPath' | 'resourcesDir'>,
  mostEntries = MOST_FEEDBACK,
): FeedbackQueue {
  return new StoredFeedback(new WriteQueue(() => createDatabase(options).connect(WRITE_PATIENCE)), mostEntries);
}
