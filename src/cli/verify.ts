import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { checkBackup, checkLibraryFile, checkSharedLibrary, type CheckedPart } from '../library/damage.js';
import { createDatabase, onDatabase } from '../library/open.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

/** The backups at a place: a file, or the files of a folder that are named as backups are. @throws CommandEnd */
function listBackups(place: string): string[] {
  if (!existsSync(place)) throw new CommandEnd(`there is no file or folder ${place}`, 2);
  if (!statSync(place).isDirectory()) return [place];
  const names = readdirSync(place).filter((name) => name.endsWith('.db') && !name.startsWith('.'));
  if (names.length === 0) throw new CommandEnd(`${place} has no backup (*.db)`, 2);
  return names.sort().map((name) => join(place, name));
}

async function* checkBackups(files: readonly string[]): AsyncGenerator<CheckedPart> {
  for (const file of files) yield* checkBackup(file);
}

/** @throws CommandEnd where there is nothing to read */
function checkParts(config: Config, place: string | undefined): AsyncGenerator<CheckedPart> {
  const { database, libraryPath } = config;
  const isLibrary = place === undefined || (!database && place === resolve(libraryPath));
  if (!isLibrary) return checkBackups(listBackups(place));
  if (database) return checkSharedLibrary(createDatabase(config));
  if (!existsSync(libraryPath)) throw new CommandEnd(`there is no library at ${libraryPath}`, 2);
  return checkLibraryFile(libraryPath);
}

/**
 * Reads all of the library, or of backups, and names each part that is damaged; nothing is changed.
 * @returns exit code: 0; 1 if something is damaged; 2 for wrong use
 */
export const verify = command(async (config: Config, place: string | undefined, { stdout }: Streams) => {
  let [checked, damaged] = [0, 0];
  const parts = checkParts(config, place === undefined ? undefined : resolve(place));
  await onDatabase(createDatabase(config), async () => {
    for await (const { name, damage } of parts) {
      checked += 1;
      if (damage === undefined) continue;
      damaged += 1;
      stdout.write(`${name} is damaged: ${damage}\n`);
    }
  });
  stdout.write(damaged === 0 ? `${checked} parts are whole\n` : `${damaged} of ${checked} parts are damaged\n`);
  return damaged === 0 ? 0 : 1;
});
