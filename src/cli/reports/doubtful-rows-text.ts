import { csvLine } from '../../core/csv.js';
import type { DoubtfulRow } from '../../import/read/row-comparison.js';

/** Rows listed; a file has all. */
const MOST_LISTED = 20;

/** Lists the first rows whose page shares no word with their code's name; empty if there are none. */
export function formatDoubtfulRows(rows: readonly DoubtfulRow[]): string[] {
  if (rows.length === 0) return [];
  return [
    `Rows for a person to judge, whose page shares no word with the code's name: ${rows.length}`,
    ...rows.slice(0, MOST_LISTED).map(({ code, name, title }) => `  ${code} ${name} → ${title}`),
    ...(rows.length > MOST_LISTED ? [`  … and ${rows.length - MOST_LISTED} more; --rows FILE writes all`] : []),
  ];
}

/** CSV with a line per such row. */
export const writeDoubtfulRows = (rows: readonly DoubtfulRow[]): string =>
  [
    csvLine(['code', 'name', 'article', 'title']),
    ...rows.map(({ code, name, article, title }) => csvLine([code, name, article, title])),
  ].join('');
