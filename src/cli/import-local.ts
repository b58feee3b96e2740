import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { buildLibraryFile } from '../library/open.js';
import { reportText } from './build.js';
import type { Streams } from './reports/streams.js';

/** A site's own folder, for the list of sources. */
export const LOCAL_SOURCE = { name: 'local', description: "a site's own folder, where the library is in PostgreSQL" };

/**
 * Imports a site's own folder into a library shared by several instances.
 * @returns exit code: 0; 1 if rejected, nothing has changed; 2 if rows were left out
 */
export async function importLocal(config: Config, place: string, { stdout, stderr }: Streams): Promise<number> {
  const reportError = (reason: string): number => {
    stderr.write(`import local: rejected, nothing has changed: ${reason}\n`);
    return 1;
  };
  const localLibrary = resolve(place);
  if (!config.database) return reportError('a library file imports LOCAL_LIBRARY whenever it is opened');
  if (config.libraryReadOnly) return reportError('LIBRARY_READ_ONLY is set');
  if (!existsSync(localLibrary) || !statSync(localLibrary).isDirectory())
    return reportError(`${place} is not a folder`);
  const options = { ...config, localLibrary, readOnly: false };
  const reports = await buildLibraryFile(options, false, ['starter', 'local']);
  if (reports.length === 0) stdout.write(`${localLibrary} was imported\n`);
  stdout.write(reports.map((report) => reportText(report)).join(''));
  return reports.some(({ complaints }) => complaints.length > 0) ? 2 : 0;
}
