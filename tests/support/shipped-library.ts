import { constants, copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';

/** Builds the library of the shipped files once for all suites of a test run (run-folder.js) and answers its file. */
async function shippedLibrary(config: Config, folder: string): Promise<string> {
  const path = join(folder, 'shipped.db');
  if (existsSync(path)) return path;
  const own = `${path}.${process.pid}`;
  // Finished: all of it is in this one file.
  await buildLibraryFile({ ...config, libraryPath: own, localLibrary: undefined, readOnly: false }, true);
  renameSync(own, path);
  return path;
}

/**
 * Puts the library of the shipped files where a configuration has its file, if nothing is there: whatever opens it finds the
 * layer of the shipped files up to date, and goes on from there.
 */
export async function putShippedLibrary(config: Config): Promise<void> {
  const { database, libraryPath, libraryReadOnly, omitCodeSystems } = config;
  const folder = process.env['TEST_RUN_FOLDER'];
  if (folder === undefined || database || libraryReadOnly || omitCodeSystems.length > 0) return;
  if (existsSync(libraryPath)) return;
  mkdirSync(dirname(libraryPath), { recursive: true });
  copyFileSync(await shippedLibrary(config, folder), libraryPath, constants.COPYFILE_FICLONE);
}
