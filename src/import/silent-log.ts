import type { ImportLog } from './import-source.js';

/** For files that are read more than once: what is told of them is told in one reading. */
export const SILENT_LOG: ImportLog = { read: () => undefined, reject: () => undefined, release: () => undefined };
