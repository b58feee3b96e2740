import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import type { BuildReport } from '../build/build.js';
import { buildLibraryFile, createDatabase } from '../library/open.js';
import { toUse } from '../core/keeping/pdf-report.js';
import { CommandEnd, command, type Out, type Streams } from './reports/command.js';
import { checkHousePdfs, formatPdfFindings } from './check-pdfs.js';

/** Formats a layer's build report, with each row that was left out. */
function reportText({ name, articles, mappings, complaints }: BuildReport, seconds?: string): string {
  const time = seconds === undefined ? '' : ` (${seconds} s)`;
  const lines = complaints.map(({ file, line, reason }) => `  ${file}${line > 0 ? `:${line}` : ''}: ${reason}`);
  return `${[`${name}: ${articles} articles, ${mappings} mapping rows, ${complaints.length} left out${time}`, ...lines].join('\n')}\n`;
}

/** Reports what is wrong with the PDFs of the site's folder, which are imported all the same. */
async function writePdfFindings(config: Config, stdout: Out): Promise<void> {
  const rows = await checkHousePdfs(config, (pdfs) => pdfs.listFiles().map(toUse));
  if (rows.length > 0) stdout.write(formatPdfFindings(rows));
}

const findExitCode = (reports: readonly BuildReport[]): number =>
  reports.some(({ complaints }) => complaints.length > 0) ? 2 : 0;

/**
 * Brings the library up to date and reports what was built and left out.
 * @returns exit code: 0; 1 if rejected, nothing has changed; 2 if rows were left out
 */
export const build = command(
  async (config: Config, { finish = false }: { readonly finish?: boolean }, { stdout }: Streams) => {
    if (config.libraryReadOnly) throw new CommandEnd('build: rejected, nothing has changed: LIBRARY_READ_ONLY is set');
    const options = { ...config, readOnly: false };
    const started = performance.now();
    const reports = await buildLibraryFile(options, finish, undefined, { readsAll: true });
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    const place = config.database ? createDatabase(options).name : config.libraryPath;
    if (reports.length === 0) stdout.write(`${place} is up to date (${seconds} s)\n`);
    for (const report of reports) stdout.write(reportText(report, seconds));
    if (reports.some(({ layer }) => layer === 'local')) await writePdfFindings(config, stdout);
    return findExitCode(reports);
  },
);

/** A site's own folder, for the list of sources. */
export const LOCAL_SOURCE = { name: 'local', description: "a site's own folder, where the library is in PostgreSQL" };

/** Imports a site's own folder into a library shared by several instances. @returns exit code: as `build` @throws CommandEnd */
export async function importLocal(config: Config, place: string, { stdout }: Streams): Promise<number> {
  const reject = (reason: string): CommandEnd =>
    new CommandEnd(`import local: rejected, nothing has changed: ${reason}`);
  const localLibrary = resolve(place);
  if (!config.database) throw reject('a library file imports LOCAL_LIBRARY whenever it is opened');
  if (config.libraryReadOnly) throw reject('LIBRARY_READ_ONLY is set');
  if (!existsSync(localLibrary) || !statSync(localLibrary).isDirectory()) throw reject(`${place} is not a folder`);
  const options = { ...config, localLibrary, readOnly: false };
  const reports = await buildLibraryFile(options, false, ['starter', 'local']);
  if (reports.length === 0) stdout.write(`${localLibrary} was imported\n`);
  stdout.write(reports.map((report) => reportText(report)).join(''));
  await writePdfFindings(options, stdout);
  return findExitCode(reports);
}
