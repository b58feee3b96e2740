import { groupBy } from '../group-by.js';
import { LANGUAGES } from '../model/language.js';
import { hideSmall, type DividedLine, type HiddenLine } from './hide-small.js';
import type { Month } from './language-report.js';
import type { HandedOverRecord, UseCount } from './record.js';

/** Articles and departments of a month that have lines of their own; the others are one line. */
const MOST_ARTICLES = 100;
const MOST_DEPARTMENTS = 20;

/** Pages given in a month: of an article, or of all. */
export interface UseRow {
  /** ISO 8601: `2026-11`. */
  readonly month: string;
  /** `all`: every article; `others`: those without a row of their own. */
  readonly article: string;
  /** Empty but for an article. */
  readonly title: string;
  /** Undefined: hidden, as each count below. */
  readonly given: number | undefined;
  readonly languages: ReadonlyMap<string, number | undefined>;
  /** By department; empty: not recorded; `OTHERS`: departments without a column of their own. */
  readonly departments: ReadonlyMap<string, number | undefined>;
}

/** Names of lines that are no article or department; no id has a bracket. */
export const ALL = '(all)';
export const OTHERS = '(others)';

const add = (counts: readonly UseCount[]): number => counts.reduce((all, { given }) => all + given, 0);

/** The keys of the largest groups, the largest first. */
function listLargest(counts: readonly UseCount[], key: (one: UseCount) => string, most: number): string[] {
  const sums = [...groupBy(counts, key)].map(([name, some]) => ({ name, sum: add(some) }));
  sums.sort((a, b) => b.sum - a.sum || (a.name < b.name ? -1 : 1));
  return sums.slice(0, most).map(({ name }) => name);
}

/** Reports a month: all articles first, then the articles by their names, so that the order tells nothing of what is hidden. */
function reportMonth(month: string, counts: readonly UseCount[]): UseRow[] {
  if (counts.length === 0) return [];
  const largest = new Set(listLargest(counts, ({ article }) => article, MOST_ARTICLES));
  const known = new Set(listLargest(counts, ({ department }) => department, MOST_DEPARTMENTS));
  const toDepartment = ({ department }: UseCount): string => (known.has(department) ? department : OTHERS);
  const departments = [...new Set(counts.map(toDepartment))].sort();
  const groups = [...groupBy(counts, ({ article }) => (largest.has(article) ? article : OTHERS))];
  groups.sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = groups.map(([, some]): DividedLine => ({
    all: add(some),
    divisions: [
      LANGUAGES.map((language) => add(some.filter((one) => one.language === language))),
      departments.map((department) => add(some.filter((one) => toDepartment(one) === department))),
    ],
  }));
  const shown = hideSmall(lines);
  const toRow = ({ all, divisions }: HiddenLine, article: string, title: string): UseRow => ({
    month,
    article,
    title,
    given: all,
    languages: new Map(LANGUAGES.map((language, at) => [language, divisions[0]?.[at]])),
    departments: new Map(departments.map((department, at) => [department, divisions[1]?.[at]])),
  });
  const titleOf = (article: string, [first]: readonly UseCount[]): string =>
    article === OTHERS ? '' : (first?.title ?? '');
  const total = toRow(shown.sum, ALL, '');
  // A list of articles would tell of a few patients what they received.
  if (total.given === undefined) return [total];
  return [
    total,
    ...shown.lines.map((line, at) => {
      const [article, some] = groups[at] ?? [OTHERS, []];
      return toRow(line, article, titleOf(article, some));
    }),
  ];
}

/**
 * Reports the pages given in months that are over, one after another. Counts from 1 to 10 are hidden, and others with them, so that no
 * small one follows by subtraction.
 */
export async function* reportUse(
  record: Pick<HandedOverRecord, 'countArticles'>,
  months: readonly Month[],
): AsyncGenerator<UseRow> {
  for (const { month, from, to } of months) yield* reportMonth(month, await record.countArticles({ from, to }));
}

/** Columns of the report as CSV: a row is of one department or language, or of all. */
export const USE_CSV = ['month', 'article', 'title', 'department', 'language', 'given'] as const;

const NOT_RECORDED = '(not recorded)';

/** The lines of a row as CSV: all, by language, by department; a hidden count is `hidden`. */
export function toUseCells({ month, article, title, given, languages, departments }: UseRow): (string | number)[][] {
  const line = (department: string, language: string, count: number | undefined): (string | number)[] => [
    ...[month, article, title, department, language],
    count ?? 'hidden',
  ];
  return [
    line(ALL, ALL, given),
    ...[...languages].map(([language, count]) => line(ALL, language, count)),
    ...[...departments].map(([department, count]) => line(department || NOT_RECORDED, ALL, count)),
  ];
}
