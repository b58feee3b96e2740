import type { Config } from '../config/config.js';
import { findCodeSystem } from '../core/codes/code-systems.js';
import { csvLine } from '../core/csv.js';
import type { FeedbackEntry, FeedbackQueue } from '../core/evaluation/feedback.js';
import { buildPatch, type PatchRow } from '../core/evaluation/feedback-patch.js';
import type { Library } from '../core/model/library.js';
import { openFeedback } from '../library/open-records.js';
import { openConfigured } from './open-served.js';
import type { Out, Streams } from './reports/streams.js';

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
  if (file !== undefined) {
    return (
      csvLine(COLUMNS) +
      rows
        .filter((row) => row.file === file)
        .map((row) => csvLine(buildCells(row)))
        .join('')
    );
  }
  return csvLine(['file', ...COLUMNS]) + rows.map((row) => csvLine([row.file, ...buildCells(row)])).join('');
}

interface Opened {
  readonly library: Library;
  readonly queue: FeedbackQueue;
}

async function writePatch({ library, queue }: Opened, file: string | undefined, stdout: Out): Promise<FeedbackEntry[]> {
  const entries = await queue.list();
  const rows = buildPatch(entries, library);
  stdout.write(toCsv(rows, file));
  return entries;
}

/**
 * Lists readers' feedback on articles: the mapping rows that led to them, with the feedback in their notes.
 * @returns exit code: 0; 1 if the library is read-only; 2 for wrong use
 */
export async function reportFeedback(config: Config, options: FeedbackOptions, streams: Streams): Promise<number> {
  const { stdout, stderr } = streams;
  const { system, clear = false } = options;
  const found = system === undefined ? undefined : findCodeSystem(system);
  if (system !== undefined && (!found || clear)) {
    stderr.write(
      found ? '--clear removes all entries and cannot be combined with --system\n' : `unknown code system ${system}\n`,
    );
    return 2;
  }
  if (config.libraryReadOnly) {
    stderr.write('LIBRARY_READ_ONLY is set: there is no feedback\n');
    return 1;
  }
  // Feedback on an article is exported whether or not the site still serves the article.
  const { library, feedback: queue = openFeedback(config) } = await openConfigured({
    ...config,
    sitePolicy: undefined,
  });
  try {
    const entries = await writePatch({ library, queue }, found && `mappings/${found.id}.csv`, stdout);
    if (clear) await queue.remove(entries);
    return 0;
  } finally {
    await queue.close();
    await library.close();
  }
}
