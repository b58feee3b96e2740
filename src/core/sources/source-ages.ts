import type { LibraryStatus } from '../model/library.js';
import { OFFICIAL_SOURCES, type OfficialSource } from './official-sources.js';

/** The edition of a source that is in use, and how it stands to the publisher's calendar. */
export interface SourceAge {
  readonly source: OfficialSource;
  /** ISO 8601 day of the edition; undefined: rows of ours that follow no edition. */
  readonly date: string | undefined;
  /** Name of the imported release; undefined: what ships with the program is in use. */
  readonly release: string | undefined;
  /** ISO 8601 day on which the newest edition was due by the publisher's calendar. */
  readonly newestDue: string;
  /** True if an edition that was due more than the source's grace ago is not in use. */
  readonly isLate: boolean;
}

const MONTHS = 12;

/** A month counted from the year 0. */
const countMonths = (day: string): number => Number(day.slice(0, 4)) * MONTHS + Number(day.slice(5, 7)) - 1;

const toFirstDay = (month: number): string =>
  `${String(Math.floor(month / MONTHS)).padStart(4, '0')}-${String((month % MONTHS) + 1).padStart(2, '0')}-01`;

const isDueIn = ({ months }: OfficialSource, month: number): boolean => months.includes((month % MONTHS) + 1);

/** The day of the newest edition that is due on a day. */
export function findNewestDue(source: OfficialSource, today: string): string {
  let month = countMonths(today);
  while (!isDueIn(source, month)) month -= 1;
  return toFirstDay(month);
}

/** The day on which the first edition after the one of a day is due. */
function findNextDue(source: OfficialSource, date: string): string {
  let month = countMonths(date) + 1;
  while (!isDueIn(source, month)) month += 1;
  return toFirstDay(month);
}

/** The fiscal year of a day: it begins in October of the year before. */
export const findFiscalYear = (day: string): number =>
  Number(day.slice(0, 4)) + (Number(day.slice(5, 7)) >= 10 ? 1 : 0);

/** True if an edition was due after the one in use, more than the grace ago. */
function isLate(source: OfficialSource, date: string, today: string): boolean {
  const late = toFirstDay(countMonths(findNextDue(source, date)) + source.grace);
  return today >= late;
}

/** The day of what ships with the program. */
function findShippedDay(
  { id, shipped }: OfficialSource,
  { tables = [], texts }: Pick<LibraryStatus, 'tables' | 'texts'>,
) {
  const table = tables.find(({ system }) => system === id);
  return table?.date ?? (id === 'medlineplus' ? texts.at(-1)?.day : shipped);
}

/**
 * Lists the official sources with the edition of each that is in use.
 * @param today ISO 8601 day
 */
export function listSourceAges(
  status: Pick<LibraryStatus, 'releases' | 'tables' | 'texts'>,
  today: string,
  sources: readonly OfficialSource[] = OFFICIAL_SOURCES,
): SourceAge[] {
  return sources.map((source): SourceAge => {
    const imported = status.releases.find(({ layer, source: id }) => layer === 'imported' && id === source.id);
    const date = imported?.builtOn ?? findShippedDay(source, status);
    const newestDue = findNewestDue(source, today);
    return {
      source,
      date,
      release: imported?.name,
      newestDue,
      isLate: date !== undefined && isLate(source, date, today),
    };
  });
}

/** The name of an edition: its fiscal year where editions are named so, else its day. */
export const nameEdition = ({ find }: OfficialSource, day: string): string =>
  find === 'fiscal-year' ? `FY${findFiscalYear(day)}` : day;
