import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { openSqlite } from './binding.js';

const WITH_ITS_LOG = ['', '-wal', '-shm'];

/**
 * Creates a library file that has its first page from the moment it is there: SQLite would leave an empty one behind where the
 * process ends just then. Of processes that do so at once one is first, and the others find its file.
 */
function createFile(path: string): void {
  const fresh = `${path}.new-${randomUUID()}`;
  const remove = (): void => {
    for (const end of WITH_ITS_LOG) rmSync(`${fresh}${end}`, { force: true });
  };
  try {
    const db = openSqlite(fresh, { mode: 'create', lockWaitMs: 0 });
    try {
      db.exec('PRAGMA journal_mode = WAL');
    } finally {
      db.close();
    }
    try {
      linkSync(fresh, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Some file systems have no links.
      if (code !== 'EEXIST' && !existsSync(path)) renameSync(fresh, path);
    }
  } finally {
    remove();
  }
}

/** Creates a library file if there is none. The log of a removed file is left to SQLite, which knows that it is stale. */
export function createWhereAbsent(path: string): void {
  if (!existsSync(path) && !existsSync(`${path}-wal`)) createFile(path);
}

/** @throws Error for an empty file: SQLite would take it for a database, and what was in it would be built anew without a word */
export function checkNotEmpty(path: string): void {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts?.isFile() && facts.size === 0) {
    throw new Error(
      'it is empty (0 bytes): put back a copy, or remove it to have the library built anew without what was imported and written',
    );
  }
}

/** The bytes of SQLite's header that tell which journal is written: 2 for WAL. */
const FORMAT_OFFSET = 18;
const WAL_FORMAT = 2;

function isInWalMode(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const formats = Buffer.alloc(2);
    return readSync(file, formats, 0, 2, FORMAT_OFFSET) === 2 && formats.includes(WAL_FORMAT);
  } finally {
    closeSync(file);
  }
}

/** Whether a library cannot be opened because WAL mode writes beside the file, and nothing can be written there. */
export function isWalUnwritable(path: string): boolean {
  try {
    accessSync(dirname(path), constants.W_OK);
    return false;
  } catch {
    return existsSync(path) && isInWalMode(path);
  }
}
