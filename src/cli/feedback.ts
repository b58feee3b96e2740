import type { Config } from '../config/config.js';
import { findCodeSystem } from '../core/codes/code-systems.js';
import { csvLine } from '../core/csv.js';
import { buildPatch, type PatchRow } from '../core/evaluation/feedback-patch.js';
import { openFeedback } from '../library/open-records.js';
import { openConfigured } from './open-served.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

export interface FeedbackOptions {
  /** A code system by any of its names: report only the rows of its mapping file. */
  readonly system?: string;
  readonly clear?: boolean;
}

/** The columns of a mapping file. */
const COLUMNS = ['code', 'article', 'relationship', 'rank', 'sensitivity', 'origin', 'note'] as const;

const buildCells = (row: PatchRow) => COLUMNS.map((column) => row[column]);

/** CSV of one mapping file's rows in that file's format, or of all files with the file in the first column. */
function toCsv(rows: readonly PatchRow[], file: string | undefined): string {
  if (file === undefined)
    return csvLine(['file', ...COLUMNS]) + rows.map((row) => csvLine([row.file, ...buildCells(row)])).join('');
  const own = rows.filter((row) => row.file === file);
  return csvLine(COLUMNS) + own.map((row) => csvLine(buildCells(row))).join('');
}

/**
 * Lists readers' feedback on articles: the mapping rows that led to them, with the feedback in their notes.
 * @returns exit code: 0; 1 if the library is read-only; 2 for wrong use
 */
export const reportFeedback = command(async (config: Config, options: FeedbackOptions, { stdout }: Streams) => {
  const { system, clear = false } = options;
  const found = system === undefined ? undefined : findCodeSystem(system);
  if (system !== undefined && !found) throw new CommandEnd(`unknown code system ${system}`, 2);
  if (found && clear) throw new CommandEnd('--clear removes all entries and cannot be combined with --system', 2);
  if (config.libraryReadOnly) throw new CommandEnd('LIBRARY_READ_ONLY is set: there is no feedback');
  // Feedback on an article is exported whether or not the site still serves the article.
  const { library, feedback: queue = openFeedback(config) } = await openConfigured({
    ...config,
    sitePolicy: undefined,
  });
  try {
    const entries = await queue.list();
    stdout.write(toCsv(buildPatch(entries, library), found && `mappings/${found.id}.csv`));
    if (clear) await queue.remove(entries);
    return 0;
  } finally {
    await queue.close();
    await library.close();
  }
});
