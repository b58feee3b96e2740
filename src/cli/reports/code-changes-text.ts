import type { Coding } from '../../core/codes/concept.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import { csvLine } from '../../core/csv.js';
import type { NewCode } from '../../core/evaluation/new-codes.js';
import { listFirst } from './write-coverage.js';
import type { DoubtfulRow } from '../../import/read/row-comparison.js';

/** New codes with their articles, and withdrawn ones. */
export interface DescribedCodes {
  readonly added: readonly NewCode[];
  readonly withdrawn: readonly Coding[];
}

/** Codes a line, of those without words. */
const CODES_A_LINE = 12;

/** `Miscarriage (from O02)`, or that nothing is inherited and why. */
function formatArticles({ articles, inheritedFrom, withheld }: NewCode): string {
  if (withheld.length > 0) return `nothing until a row names a page: ${withheld.join('; ')} is not inherited unjudged`;
  if (articles.length === 0) return 'nothing';
  const origin = inheritedFrom === undefined ? '' : ` (from ${inheritedFrom})`;
  return `${articles.map(({ title }) => title).join('; ')}${origin}`;
}

const formatNew = (added: NewCode): string[] => [
  `  ${displayCode(added.system, added.code)} ${added.title}`.trimEnd(),
  `    ${formatArticles(added)}`,
];

function formatWithdrawn(withdrawn: readonly Coding[]): string[] {
  const lines: string[] = [];
  for (let start = 0; start < withdrawn.length; start += CODES_A_LINE) {
    const codes = withdrawn.slice(start, start + CODES_A_LINE);
    lines.push(`  ${codes.map(({ system, code }) => displayCode(system, code)).join(' ')}`);
  }
  return lines;
}

/** Lists new codes, each with what answers it for now, and withdrawn codes; empty if there are neither. */
export function formatCodeChanges({ added, withdrawn }: DescribedCodes): string[] {
  const grave = added.filter(({ withheld }) => withheld.length > 0).length;
  const held = grave > 0 ? `; ${grave} get nothing until a row names a page` : '';
  return [
    ...(added.length > 0 ? [`New codes, for a person to judge: ${added.length}${held}`] : []),
    ...listFirst(added, formatNew),
    ...(withdrawn.length > 0 ? [`Withdrawn codes, which records of earlier years carry: ${withdrawn.length}`] : []),
    ...listFirst(formatWithdrawn(withdrawn), (line) => [line]),
  ];
}

/** CSV with a line per new or withdrawn code: a work list for a person who judges them. */
export function writeCodeChanges({ added, withdrawn }: DescribedCodes): string {
  const head = csvLine(['change', 'system', 'code', 'title', 'inherited_from', 'articles', 'titles', 'withheld']);
  const lines = added.map(({ system, code, title, inheritedFrom, articles, withheld }) => {
    const cells = [articles.map(({ id }) => id), articles.map((article) => article.title), withheld];
    return csvLine([
      'new',
      system,
      displayCode(system, code),
      title,
      inheritedFrom,
      ...cells.map((cell) => cell.join('|')),
    ]);
  });
  const gone = withdrawn.map(({ system, code }) => csvLine(['withdrawn', system, displayCode(system, code)]));
  return [head, ...lines, ...gone].join('');
}

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
