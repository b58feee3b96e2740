import type { FeedbackQueue } from '../core/evaluation/feedback.js';
import type { HandedOverRecord } from '../core/handing-over/record.js';
import { MOST_FEEDBACK, createStoredFeedback } from '../store/stored-feedback.js';
import { createStoredHandedOver } from '../store/stored-handed-over.js';
import { WriteQueue } from '../store/write-queue.js';
import { WRITE_PATIENCE, createDatabase, type OpenOptions } from './open.js';

type Place = Pick<OpenOptions, 'database' | 'libraryPath' | 'resourcesDir'>;

/** Writes on a connection of their own, which is opened when it is needed. */
const openQueue = (place: Place): WriteQueue => new WriteQueue(() => createDatabase(place).connect(WRITE_PATIENCE));

/** The queue of feedback in the library's database. */
export const openFeedback = (place: Place, mostEntries = MOST_FEEDBACK): FeedbackQueue =>
  createStoredFeedback(openQueue(place), mostEntries);

/** The record of articles handed to patients, in the library's database. */
export const openHandedOver = (place: Place): HandedOverRecord => createStoredHandedOver(openQueue(place));
