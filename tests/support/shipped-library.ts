import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { copyLibrary } from './library-file.js';
import { RUN_FOLDER, onceARun } from './once-a-run.js';

/** Builds the library of the shipped files once for all suites of a test run and answers its file. */
const shippedLibrary = (config: Config): Promise<string> =>
  onceARun('shipped', async (run) => {
    const libraryPath = join(run, 'shipped.db');
    // Finished: nothing of it lies beside its file but the files of releases.
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
  const shipped = await shippedLibrary(config);
  copyLibrary(shipped, libraryPath);
}
