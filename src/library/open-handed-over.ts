import type { HandedOverRecord } from '../core/handing-over/record.js';
import { StoredHandedOver } from '../store/stored-handed-over.js';
import { WriteQueue } from '../store/write-queue.js';
import { WRITE_PATIENCE, createDatabase, type OpenOptions } from './open.js';

/** The record of articles handed to patients, in the library's database, on a connection of its own, which is opened when it is needed. */
export function openHandedOver(
  options: Pick<OpenOptions, 'database' | 'libraryPath' | 'resourcesDir'>,
): HandedOverRecord {
  return new StoredHandedOver(new WriteQueue(() => createDatabase(options).connect(WRITE_PATIENCE)));
}
