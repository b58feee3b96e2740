import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { BackupError, backUpFile, restoreFile } from '../store/sqlite/back-up.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

const USE_POSTGRES = `The library is in PostgreSQL: its own tools back it up and restore it, including imports and written resources.
  pg_dump --format=custom --file=library.dump "$DATABASE_URL"
  pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" library.dump
Instances keep running during both, and switch to the restored data. docs/operations.md, "Backup and restore".`;

/** The line for a rejected backup. */
const toLine = (error: unknown): string | undefined =>
  error instanceof BackupError ? `${error.message}; nothing has changed` : undefined;

/** @throws CommandEnd if the library is not a file */
function findLibraryFile({ database, libraryPath }: Config): string {
  if (database) throw new CommandEnd(USE_POSTGRES, 2);
  return libraryPath;
}

/** Writes a backup of the library file, which may be in use. @returns exit code: 0; 1 if rejected; 2 if the library is not a file */
export const backUp = command(async (config: Config, target: string, { stdout }: Streams) => {
  const libraryPath = findLibraryFile(config);
  const file = resolve(target);
  await backUpFile(libraryPath, file);
  stdout.write(`${libraryPath} is backed up in ${file}\n`);
  return 0;
}, toLine);

/** Replaces the library file, which must not be open, with a backup. @returns exit code: as `backUp` */
export const restore = command(async (config: Config, backup: string, now: Date, { stdout }: Streams) => {
  const libraryPath = findLibraryFile(config);
  if (config.libraryReadOnly) throw new BackupError('LIBRARY_READ_ONLY is set');
  mkdirSync(dirname(libraryPath), { recursive: true });
  const retained = await restoreFile(resolve(backup), libraryPath, now);
  const before = retained === undefined ? '' : `\nThe previous file is now ${retained}`;
  stdout.write(`${libraryPath} was restored from ${resolve(backup)}${before}\n`);
  return 0;
}, toLine);
