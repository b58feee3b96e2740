import { constants, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { RUN_FOLDER, onceARun } from './once-a-run.js';

/** Builds the library of the shipped files once for all suites of a test run and answers its file. */
const shippedLibrary = (config: Config): Promise<string> =>
  onceARun('shipped', async (run) => {
    const libraryPath = join(run, 'shipped.db');
    // Finished: all of it is in this one file.
    await buildLibraryFile({ ...config, libraryPath, localLibrary: undefined, readOnly: false }, true);
    return libraryPath;
  });

/**
 * Puts the library of the shipped files where a configuration has its file, if nothing is there: whatever opens it finds the
 * layer of the shipped files up to date, and goes on from there.
 */
export async function putShippedLibrary(config: Config): Promise<void> {
  const { database, libraryPath, libraryReadOnly, omitCodeSystems } = config;
  if (RUN_FOLDER === undefined || database || libraryReadOnly || omitCodeSystems.length > 0) return;
  if (existsSync(libraryPath)) return;
  mkdirSync(dirname(libraryPath), { recursive: true });
  copyFileSync(await shippedLibrary(config), libraryPath, constants.COPYFILE_FICLONE);
}
