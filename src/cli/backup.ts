import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { BackupError, backUpFile, restoreFile } from '../store/sqlite/back-up.js';
import type { Streams } from './reports/streams.js';

const USE_POSTGRES = `The library is in PostgreSQL: its own tools back it up and restore it, including imports and written resources.
  pg_dump --format=custom --file=library.dump "$DATABASE_URL"
  pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" library.dump
Instances keep running during both, and switch to the restored data. docs/operations.md, "Backup and restore".
`;

/** Runs work on a library file. @returns exit code: 0; 1 if rejected; 2 if the library is not a file */
async function onFile({ database }: Config, { stdout, stderr }: Streams, work: () => Promise<string>): Promise<number> {
  if (database) {
    stderr.write(USE_POSTGRES);
    return 2;
  }
  try {
    stdout.write(`${await work()}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    stderr.write(`${error.message}; nothing has changed\n`);
    return 1;
  }
}

/** Writes a backup of the library file, which may be in use. @returns exit code: 0, 1, 2 (`onFile`) */
export function backUp(config: Config, target: string, streams: Streams): Promise<number> {
  return onFile(config, streams, async () => {
    const file = resolve(target);
    await backUpFile(config.libraryPath, file);
    return `${config.libraryPath} is backed up in ${file}`;
  });
}

/** Replaces the library file, which must not be open, with a backup. @returns exit code: 0, 1, 2 (`onFile`) */
export function restore(config: Config, backup: string, now: Date, streams: Streams): Promise<number> {
  return onFile(config, streams, async () => {
    const { libraryPath, libraryReadOnly } = config;
    if (libraryReadOnly) throw new BackupError('LIBRARY_READ_ONLY is set');
    mkdirSync(dirname(libraryPath), { recursive: true });
    const retained = await restoreFile(resolve(backup), libraryPath, now);
    const before = retained === undefined ? '' : `\nThe previous file is now ${retained}`;
    return `${libraryPath} was restored from ${resolve(backup)}${before}`;
  });
}
