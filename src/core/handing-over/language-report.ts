import type { Article } from '../model/article.js';
import { linksIn } from '../model/language-links.js';
import { chooseLanguage } from '../model/language.js';
import type { Library } from '../model/library.js';
import { groupBy } from '../group-by.js';
import { startOfMonthInZone } from '../time-in-zone.js';
import { hideSmall, LEAST_COUNT, type DividedLine, type HiddenLine } from './hide-small.js';
import {
  INTERPRETERS,
  TEACH_BACKS,
  type HandedOverRecord,
  type LanguageCount,
  type LanguageOutcome,
  type RecordPeriod,
  type WantedPage,
} from './record.js';

const OUTCOMES: readonly LanguageOutcome[] = ['text', 'link', 'other'];

/** Ways to divide the handovers of a row, each into parts that add up to all of them. */
const DIVISIONS = [
  { name: 'language', parts: OUTCOMES, find: ({ outcome }: LanguageCount): string => outcome },
  { name: 'interpreter', parts: INTERPRETERS, find: ({ interpreter }: LanguageCount): string => interpreter },
  { name: 'teachBack', parts: TEACH_BACKS, find: ({ teachBack }: LanguageCount): string => teachBack },
];

const ALL_COLUMN = 'handovers';
const listColumns = ({ name, parts }: (typeof DIVISIONS)[number]): string[] => parts.map((part) => `${name}-${part}`);

/** Columns of counts: all, then the parts of each division. */
export const LANGUAGE_COLUMNS: readonly string[] = [ALL_COLUMN, ...DIVISIONS.flatMap(listColumns)];

/** Handovers of a month to readers of a language: of a department, or of all. */
export interface LanguageRow {
  /** ISO 8601: `2026-11`. */
  readonly month: string;
  /** Undefined: all departments; empty: not recorded. */
  readonly department: string | undefined;
  /** The preferred language (BCP 47); empty: the chart had none, and no handout can be compared with it. */
  readonly language: string;
  /** Undefined: hidden. A column that means nothing for the row is left out. */
  readonly counts: ReadonlyMap<string, number | undefined>;
}

/** The divisions that can be made: without a preferred language nothing is compared with it. */
const listDivisions = (language: string) => (language === '' ? DIVISIONS.slice(1) : DIVISIONS);

function toLine(counts: readonly LanguageCount[], language: string): DividedLine {
  const add = (some: readonly LanguageCount[]): number => some.reduce((all, { handovers }) => all + handovers, 0);
  const divisions = listDivisions(language).map(({ find, parts }) =>
    parts.map((part) => add(counts.filter((one) => find(one) === part))),
  );
  return { all: add(counts), divisions };
}

function toRow(line: HiddenLine, facts: Omit<LanguageRow, 'counts'>): LanguageRow {
  const columns = listDivisions(facts.language).flatMap((division, at) =>
    listColumns(division).map((column, place) => [column, line.divisions[at]?.[place]] as const),
  );
  return { ...facts, counts: new Map([[ALL_COLUMN, line.all], ...columns]) };
}

const sortBy = (counts: readonly LanguageCount[], key: (one: LanguageCount) => string): [string, LanguageCount[]][] =>
  [...groupBy(counts, key)].sort(([a], [b]) => (a < b ? -1 : 1));

/**
 * Reports the handovers of a month by language: all departments first, then each. Counts from 1 to 10 are hidden, and others with them, so
 * that no small one follows by subtraction.
 */
function reportMonth(month: string, counts: readonly LanguageCount[]): LanguageRow[] {
  return sortBy(counts, (one) => one.language).flatMap(([language, ofLanguage]) => {
    const departments = sortBy(ofLanguage, (one) => one.department);
    const shown = hideSmall(departments.map(([, some]) => toLine(some, language)));
    const all = toRow(shown.sum, { month, department: undefined, language });
    // A list of departments would tell of a few patients where they were.
    if (shown.sum.all === undefined) return [all];
    const rows = shown.lines.map((line, at) =>
      toRow(line, { month, department: departments[at]?.[0] ?? '', language }),
    );
    return [all, ...rows];
  });
}

/** A month, with its instants in the site's zone. */
export interface Month extends RecordPeriod {
  readonly month: string;
}

const MONTHS_A_YEAR = 12;
/** Maximum months of a report. */
const MOST_MONTHS = 120;
/** Maximum wanted pages. */
const MOST_WANTED = 100;

const addMonths = (month: string, more: number): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + more)).toISOString().slice(0, 7);
};

const toMonth = (month: string, timeZone: string): Month => ({
  month,
  from: startOfMonthInZone(month, timeZone).toISOString(),
  to: startOfMonthInZone(addMonths(month, 1), timeZone).toISOString(),
});

/**
 * Lists months that are over, the newest first: a report of a month that goes on would tell by its next one of the handover between them.
 * @param today ISO 8601 day in the zone
 * @param from first month, `2026-01`; undefined: as many as a year has
 * @param to last month
 */
export function listMonths(today: string, timeZone: string, from?: string, to?: string): Month[] {
  const newest = addMonths(today.slice(0, 7), -1);
  const last = to === undefined || to > newest ? newest : to;
  const first = from ?? addMonths(last, 1 - MONTHS_A_YEAR);
  const months: Month[] = [];
  for (let month = last; month >= first && months.length < MOST_MONTHS; month = addMonths(month, -1))
    months.push(toMonth(month, timeZone));
  return months;
}

/** Reports months in their order, one at a time. */
export async function* reportLanguages(
  record: Pick<HandedOverRecord, 'countLanguages'>,
  months: readonly Month[],
): AsyncGenerator<LanguageRow> {
  for (const { month, from, to } of months) yield* reportMonth(month, await record.countLanguages({ from, to }));
}

/** Columns of the report as CSV. */
export const LANGUAGE_CSV: readonly string[] = ['month', 'department', 'language', ...LANGUAGE_COLUMNS];

/** Words of the CSV file in place of a department or a language, which no chart has. */
const ALL = '(all)';
const NOT_RECORDED = '(not recorded)';

/** The cells of a row as CSV: a hidden count is `hidden`, one without meaning empty. */
export const toLanguageCells = ({ month, department, language, counts }: LanguageRow): (string | number)[] => [
  month,
  department === undefined ? ALL : department || NOT_RECORDED,
  language || NOT_RECORDED,
  ...LANGUAGE_COLUMNS.map((column) => (counts.has(column) ? (counts.get(column) ?? 'hidden') : '')),
];

/** Whether the library has neither a text nor a page of an article in a language; an article that is gone has none. */
function lacks(article: Article | undefined, tag: string): boolean {
  if (!article) return true;
  const own = chooseLanguage(tag);
  const hasText = own !== undefined && article.texts[own] !== undefined;
  return !hasText && linksIn(article, tag).length === 0;
}

/**
 * Lists the pages that patients received most in another language than theirs within a year, and that the library does not have in theirs.
 * A count under 11 is left out.
 */
export async function listWantedPages(
  record: Pick<HandedOverRecord, 'listWanted'>,
  library: Pick<Library, 'findArticles'>,
  today: string,
  timeZone: string,
): Promise<readonly WantedPage[]> {
  const months = listMonths(today, timeZone);
  const wanted = await record.listWanted({ from: months.at(-1)?.from ?? '', to: months[0]?.to ?? '' }, LEAST_COUNT);
  const ids = [...new Set(wanted.map(({ article }) => article))];
  const articles = new Map(library.findArticles(ids).map((article) => [article.id, article]));
  return wanted.filter(({ article, language }) => lacks(articles.get(article), language)).slice(0, MOST_WANTED);
}
