import type { Config } from '../../config/config.js';
import { csvLine } from '../../core/csv.js';
import { dayInZone } from '../../core/day-in-zone.js';
import {
  LANGUAGE_CSV,
  listMonths,
  listWantedPages,
  reportLanguages,
  toLanguageCells,
} from '../../core/handing-over/language-report.js';
import { USE_CSV, reportUse, toUseCells } from '../../core/handing-over/use-report.js';
import type { HandedOverRecord } from '../../core/handing-over/record.js';
import { openConfigured } from '../open-served.js';
import { CommandEnd, type Out } from './command.js';

interface LanguageOptions {
  readonly format: 'csv' | 'ndjson';
  /** ISO 8601 days. */
  readonly from?: string;
  readonly to?: string;
  /** Lists the pages that are missing in a language, in place of the report. */
  readonly languagesWanted?: boolean;
  /** Writes the report on use in its place. */
  readonly useReport?: boolean;
}

type Cells = readonly (string | number)[];

function writeRow(columns: readonly string[], cells: Cells, { format }: LanguageOptions, stdout: Out): void {
  const row = (): string => JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, cells[at]])));
  stdout.write(format === 'csv' ? csvLine(cells) : `${row()}\n`);
}

/** The first and last month of a period. @throws CommandEnd where a day is not the first, or the last, of its month */
function readMonths({ from, to }: LanguageOptions): { from: string | undefined; to: string | undefined } {
  const isLast = (day: string): boolean => new Date(Date.parse(day) + 86_400_000).getUTCDate() === 1;
  if ((from !== undefined && !from.endsWith('-01')) || (to !== undefined && !isLast(to)))
    throw new CommandEnd('the report is of whole months: --from is the first day of one, --to the last', 2);
  return { from: from?.slice(0, 7), to: to?.slice(0, 7) };
}

const WANTED_CSV = ['article', 'title', 'language', 'handovers'];

/**
 * Writes the report of preferred languages against those of the handouts, the pages that are missing in one, or the report on use, as CSV or NDJSON.
 * @throws CommandEnd where the period is not of whole months
 */
export async function writeLanguageReport(
  record: HandedOverRecord,
  options: LanguageOptions,
  config: Config,
  stdout: Out,
): Promise<void> {
  const { timeZone } = config;
  const today = dayInZone(await record.now(), timeZone);
  const columns = options.languagesWanted ? WANTED_CSV : options.useReport ? USE_CSV : LANGUAGE_CSV;
  const { from, to } = readMonths(options);
  const write = (cells: Cells): void => {
    writeRow(columns, cells, options, stdout);
  };
  if (options.format === 'csv') write(columns);
  if (options.useReport) {
    for await (const row of reportUse(record, listMonths(today, timeZone, from, to))) toUseCells(row).forEach(write);
    return;
  }
  if (!options.languagesWanted) {
    for await (const row of reportLanguages(record, listMonths(today, timeZone, from, to))) write(toLanguageCells(row));
    return;
  }
  const { library } = await openConfigured({ ...config, libraryReadOnly: true });
  try {
    for (const { article, title, language, handovers } of await listWantedPages(record, library, today, timeZone))
      write([article, title, language, handovers]);
  } finally {
    await library.close();
  }
}
