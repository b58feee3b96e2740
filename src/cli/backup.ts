import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { describeWayOut } from '../library/damage.js';
import { isRebuilt } from '../store/release-store.js';
import { backUpFile, type LackingRelease } from '../store/sqlite/back-up.js';
import { restoreFile } from '../store/sqlite/restore-backup.js';
import { BackupError } from '../store/sqlite/whole-file.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

const USE_POSTGRES = `The library is in PostgreSQL: its own tools back it up and restore it, including imports and written resources.
  pg_dump --format=custom --file=library.dump "$DATABASE_URL"
  pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" library.dump
Instances keep running during both, and switch to the restored data. docs/operations/back-up.md says more.`;

/** The line for a rejected backup. */
const toLine = (error: unknown): string | undefined =>
  error instanceof BackupError ? `${error.message}; nothing has changed` : undefined;

/** @throws CommandEnd if the library is not a file */
function findLibraryFile({ database, libraryPath }: Config): string {
  if (database) throw new CommandEnd(USE_POSTGRES, 2);
  return libraryPath;
}

/**
 * Names the releases that a backup or a restored library lacks, with the way out.
 * @returns exit code: 0 if the next start builds all of them anew
 */
function reportLacking(lacking: readonly LackingRelease[], { stderr }: Streams): number {
  for (const { release, reason } of lacking) {
    const file = `${release.file}.db is damaged: ${reason}`;
    stderr.write(`without release ${release.name}, whose file ${file}; ${describeWayOut(release)}\n`);
  }
  return lacking.every(({ release }) => isRebuilt(release)) ? 0 : 1;
}

/**
 * Writes a backup of the library file, which may be in use; it does without releases whose files are damaged.
 * @returns exit code: 0; 1 if rejected, or if it lacks a release that no start builds anew; 2 if the library is not a file
 */
export const backUp = command(async (config: Config, target: string, streams: Streams) => {
  const libraryPath = findLibraryFile(config);
  const file = resolve(target);
  const lacking = await backUpFile(libraryPath, file);
  streams.stdout.write(`${libraryPath} is backed up in ${file}\n`);
  return reportLacking(lacking, streams);
}, toLine);

/**
 * Replaces the library file, which must not be open, with a backup, without releases whose files are damaged in it.
 * @returns exit code: as `backUp`
 */
export const restore = command(async (config: Config, backup: string, now: Date, streams: Streams) => {
  const libraryPath = findLibraryFile(config);
  if (config.libraryReadOnly) throw new BackupError('LIBRARY_READ_ONLY is set');
  mkdirSync(dirname(libraryPath), { recursive: true });
  const { retained, lacking } = await restoreFile(resolve(backup), libraryPath, now);
  const before = retained === undefined ? '' : `\nThe previous file is now ${retained}`;
  streams.stdout.write(`${libraryPath} was restored from ${resolve(backup)}${before}\n`);
  return reportLacking(lacking, streams);
}, toLine);
