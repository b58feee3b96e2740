import { importLocal } from './import-local.js';
import type { Config } from '../config/config.js';
import { ImportError } from '../import/import-source.js';
import { openInput } from '../import/input-files.js';
import { Progress } from './progress.js';
import type { ImportReport } from '../import/run-import.js';
import { runImport } from '../import/run-import.js';
import { IMPORT_SOURCES, findImportSource } from '../import/sources.js';
import { Releases } from '../library/releases.js';
import { reasonOf } from './reason.js';
import type { Streams } from './streams.js';

export interface ImportCommandOptions {
  readonly dryRun?: boolean;
  readonly release?: string;
  readonly force?: boolean;
}

/** Exit codes: 0 all taken, 1 refused, 2 some rows rejected or wrong use. */
const REJECTED_SOME = 2;

function reportText(report: ImportReport, dryRun: boolean): string {
  const { name, read, kept, rejected, complaints, content } = report;
  const counts = Object.entries(kept)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const lines = [`${name}: ${read} rows read, ${counts.join(', ')} kept, ${rejected} rejected`];
  for (const { file, line, reason } of complaints) lines.push(`  ${file}${line > 0 ? `:${line}` : ''}: ${reason}`);
  if (rejected > complaints.length) lines.push(`  … and ${rejected - complaints.length} more`);
  for (const [kind, { added, changed, withdrawn }] of Object.entries(content?.changes ?? {})) {
    if (added + changed + withdrawn > 0)
      lines.push(`  ${kind}: ${added} added, ${changed} changed, ${withdrawn} withdrawn`);
  }
  if (dryRun) lines.push('  a dry run: nothing was written');
  return `${lines.join('\n')}\n`;
}

/**
 * Imports a release from a file, folder, zip, gz or https address, or tells what doing so would give.
 * @returns exit code: 0, 1 where it was refused and nothing has changed, 2 where some rows were rejected
 */
export async function importRelease(
  config: Config,
  name: string,
  place: string,
  options: ImportCommandOptions,
  { stdout, stderr }: Streams,
): Promise<number> {
  if (name === 'local') return importLocal(config, place, { stdout, stderr });
  const source = findImportSource(name);
  if (!source) {
    stderr.write(`unknown source ${name}: one of ${IMPORT_SOURCES.map((known) => known.name).join(', ')}, local\n`);
    return REJECTED_SOME;
  }
  const dryRun = options.dryRun ?? false;
  const progress = new Progress(`import ${name}`, stderr, () => performance.now());
  if (config.libraryReadOnly) {
    stderr.write(`import ${name}: refused, nothing has changed: LIBRARY_READ_ONLY is set\n`);
    return 1;
  }
  const releases = await Releases.open({ ...config, readOnly: false });
  try {
    const input = await openInput(place, progress);
    try {
      const known = await releases.findArticles(name);
      const report = await runImport(source, input.files, {
        begin: dryRun ? undefined : (identity) => releases.begin(identity),
        rowsBefore: await releases.rowsOf(name),
        hasArticle: (id) => known.has(id),
        resourcesDir: config.resourcesDir,
        version: options.release,
        force: options.force,
        today: config.writer.clock().toISOString().slice(0, 10),
        onRows: (rows) => {
          progress.rows(rows);
        },
      });
      progress.end();
      stdout.write(reportText(report, dryRun));
      return report.rejected > 0 ? REJECTED_SOME : 0;
    } finally {
      input.close();
    }
  } catch (error) {
    progress.end();
    const reason = error instanceof ImportError ? error.message : reasonOf(error);
    if (reason === undefined) throw error;
    stderr.write(`import ${name}: refused, nothing has changed: ${reason}\n`);
    return 1;
  } finally {
    await releases.close();
  }
}
