import { writeFileSync } from 'node:fs';
import { LOCAL_SOURCE, importLocal } from './build.js';
import { sharesWord } from '../core/evaluation/share-words.js';
import { isGraveTitle } from '../core/policy/grave-subjects.js';
import { RowComparison, createRowFinder, type DoubtfulRow, CodeComparison } from '../import/read/row-comparison.js';
import { readVocabulary } from '../read-vocabulary.js';
import type { Config } from '../config/config.js';
import { ImportError, type ImportSource } from '../import/import-source.js';
import { openInput } from '../import/read/input-files.js';
import {
  formatCodeChanges,
  writeCodeChanges,
  type DescribedCodes,
  formatDoubtfulRows,
  writeDoubtfulRows,
} from './reports/code-changes-text.js';
import { Progress } from './reports/progress.js';
import { runImport, type ImportReport } from '../import/run-import.js';
import { IMPORT_SOURCES, findImportSource } from '../import/sources.js';
import { TextComparison, formatDiff, type TextDiff } from '../import/read/text-diff.js';
import { describeNewCodes } from '../core/evaluation/new-codes.js';
import { openStored } from '../library/open.js';
import { Releases } from '../library/releases.js';
import { useProxies } from '../upstream/outbound.js';
import { CommandEnd, command, type Streams, describeFailure } from './reports/command.js';

export interface ImportCommandOptions {
  readonly dryRun?: boolean;
  readonly release?: string;
  readonly force?: boolean;
  /** File for the complete list of changed texts. */
  readonly diff?: string;
  /** File for the list of rows whose page shares no word with their code's name. */
  readonly rows?: string;
  /** File for the list of new and withdrawn codes. */
  readonly codes?: string;
}

/** Exit codes: 0 all imported, 1 rejected, 2 some rows rejected or wrong use. */
const REJECTED_SOME = 2;

function reportText(report: ImportReport, dryRun: boolean): string {
  const { name, read, imported, rejected, complaints, content } = report;
  const counts = Object.entries(imported)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const lines = [`${name}: ${read} rows read, ${counts.join(', ')} accepted, ${rejected} rejected`];
  for (const { file, line, reason } of complaints) lines.push(`  ${file}${line > 0 ? `:${line}` : ''}: ${reason}`);
  if (rejected > complaints.length) lines.push(`  … and ${rejected - complaints.length} more`);
  for (const [kind, { added, changed, withdrawn }] of Object.entries(content?.changes ?? {})) {
    if (added + changed + withdrawn > 0)
      lines.push(`  ${kind}: ${added} added, ${changed} changed, ${withdrawn} withdrawn`);
  }
  if (dryRun) lines.push('  a dry run: nothing was written');
  return `${lines.join('\n')}\n`;
}

/** The place to import from: the one on the command line, or the newest file of the source's publisher. */
async function findPlace(
  source: ImportSource,
  place: string | undefined,
  { config, releases, options, stderr }: Importing,
): Promise<string | undefined> {
  if (place !== undefined) return place;
  const today = config.writer.clock().toISOString().slice(0, 10);
  const newest = await source.findNewest?.(config, today);
  if (!newest) return undefined; // not reached: a source without one has a place on the command line
  const { address, date } = newest;
  const active = await releases.activeName(source.name);
  const isInUse = active === `${source.name}-${date}` || active?.startsWith(`${source.name}-${date}.`);
  if (isInUse && !options.force) return undefined;
  stderr.write(`import ${source.name}: fetching ${address}\n`);
  return address;
}

interface Importing {
  readonly config: Config;
  readonly releases: Releases;
  readonly options: ImportCommandOptions;
  readonly stderr: Streams['stderr'];
}

/** Compares the texts in a dry run, or if a file for the changes is set. */
async function createComparison(name: string, { releases, options }: Importing): Promise<TextComparison | undefined> {
  if (!options.dryRun && options.diff === undefined) return undefined;
  const { texts, isImported } = await releases.readTextsBefore(name);
  return new TextComparison(texts, isImported);
}

/** Prepares the comparison of SNOMED CT's names with our rows, most of which were written without them. */
async function compareRows({ config, releases }: Importing) {
  const pages = await releases.listRowPages('snomed-ct', 'snomed-ct');
  const { known } = readVocabulary(config.resourcesDir);
  const comparison = new RowComparison('snomed-ct', pages, (code, page) => sharesWord(code, page, known));
  return { comparison, findRow: createRowFinder(pages, isGraveTitle) };
}

/** Describes the new and withdrawn codes by the answers of the library as it is now. */
async function describeCodes(
  comparison: CodeComparison,
  { complete }: ImportReport,
  config: Config,
): Promise<DescribedCodes> {
  const { added, withdrawn } = comparison.changes(complete);
  if (added.length === 0) return { added: [], withdrawn };
  const library = await openStored({ ...config, readOnly: true });
  try {
    return { added: await describeNewCodes(added, comparison.titles, library, config.maxArticles), withdrawn };
  } finally {
    await library.close();
  }
}

/** Reads a place and, except in a dry run, writes it. @throws ImportError */
async function importFrom(
  source: ImportSource,
  place: string,
  importing: Importing,
  progress: Progress,
): Promise<{
  report: ImportReport;
  diff: TextDiff | undefined;
  codes: DescribedCodes;
  doubtful: readonly DoubtfulRow[];
}> {
  const { config, releases, options } = importing;
  const input = await openInput(place, progress);
  try {
    const known = await releases.findArticles(source.name);
    const comparison = await createComparison(source.name, importing);
    const rows = source.name === 'snomed-ct' ? await compareRows(importing) : undefined;
    const codes = new CodeComparison(await releases.readCodesBefore(source.name));
    const report = await runImport(source, input.files, {
      begin: options.dryRun ? undefined : (identity) => releases.begin(identity),
      rowsBefore: await releases.countRows(source.name),
      hasArticle: (id) => known.has(id),
      resourcesDir: config.resourcesDir,
      isMapped: await releases.findMapped(source.name),
      findRow: rows?.findRow,
      version: options.release,
      force: options.force,
      today: config.writer.clock().toISOString().slice(0, 10),
      onRows: (rows) => {
        progress.rows(rows);
      },
      onBatch: (batch) => {
        comparison?.take(batch);
        rows?.comparison.take(batch);
        codes.take(batch);
      },
    });
    const doubtful = rows?.comparison.doubtful ?? [];
    return { report, diff: comparison?.diff(), codes: await describeCodes(codes, report, config), doubtful };
  } finally {
    input.close();
  }
}

/**
 * Imports a release from a file, folder, zip, gz or https address, or reports what an import would do.
 * @param place undefined: the newest file offered by the source's publisher
 * @returns exit code: 0; 1 if rejected, nothing has changed; 2 if some rows were rejected
 */
export const importRelease = command(
  async (config: Config, name: string, place: string | undefined, options: ImportCommandOptions, streams: Streams) => {
    const { stdout, stderr } = streams;
    const isLocal = name === LOCAL_SOURCE.name;
    if (isLocal && place !== undefined) return importLocal(config, place, streams);
    const source = findImportSource(name);
    const known = IMPORT_SOURCES.map((one) => one.name).join(', ');
    if (!source && !isLocal) throw new CommandEnd(`unknown source ${name}; known: ${known}, local`, REJECTED_SOME);
    if (!source || (place === undefined && !source.findNewest))
      throw new CommandEnd(`import ${name}: it needs a file, folder, zip, gz or https address`, REJECTED_SOME);
    const rejected = `import ${name}: rejected, nothing has changed: `;
    if (config.libraryReadOnly) throw new CommandEnd(`${rejected}LIBRARY_READ_ONLY is set`);
    const progress = new Progress(`import ${name}`, stderr, () => performance.now());
    await useProxies(config.proxies);
    const releases = await Releases.open({ ...config, readOnly: false });
    const importing = { config, releases, options, stderr };
    try {
      const from = await findPlace(source, place, importing);
      if (from === undefined) {
        stdout.write(`${name}: the newest file is already in use; --force imports it again\n`);
        return 0;
      }
      const { report, diff, codes, doubtful } = await importFrom(source, from, importing, progress);
      progress.end();
      stdout.write(reportText(report, options.dryRun ?? false));
      for (const line of [...formatCodeChanges(codes), ...formatDoubtfulRows(doubtful)]) stdout.write(`${line}\n`);
      if (options.codes !== undefined) writeFileSync(options.codes, writeCodeChanges(codes));
      if (options.rows !== undefined) writeFileSync(options.rows, writeDoubtfulRows(doubtful));
      if (diff && options.dryRun && diff.entries.length > 0) stdout.write(formatDiff(diff, false));
      if (diff && options.diff !== undefined) writeFileSync(options.diff, formatDiff(diff, true));
      return report.rejected > 0 ? REJECTED_SOME : 0;
    } catch (error) {
      progress.end();
      const reason = error instanceof ImportError ? error.message : describeFailure(error);
      if (reason === undefined) throw error;
      throw new CommandEnd(rejected + reason);
    } finally {
      await releases.close();
    }
  },
);
