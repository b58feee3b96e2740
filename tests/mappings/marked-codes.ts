import type { Article } from '../../src/core/model/article.js';
import { codingKey } from '../../src/core/codes/concept.js';
import { listTruncations } from '../../src/core/codes/code-hierarchy.js';
import { groupBy } from '../../src/core/group-by.js';
import type { Marks } from '../../src/core/titles/title-marks.js';
import { isLikeMark, joinMarks, readMarks, readPageMarks } from '../../src/core/titles/title-marks.js';
import type { Display } from '../support/title-material.js';
import { withoutTag } from '../support/title-material.js';

/** A mark in the title of a code. */
interface Marked {
  readonly display: Display;
  readonly label: string;
  readonly values: ReadonlySet<string>;
  /** The code's articles, as one text. */
  readonly pages: string;
}

const MARK_WORD =
  /^(?:\d{1,2}[a-e]?|[a-z]?\d{1,2}|[ivx]{1,4}[ab]?|[a-e]|one|two|three|four|five|first|second|third|fourth|primary|secondary|acute|chronic|benign|malignant|mild|moderate|severe|unspecified)$/;

/** A title without what its marks may be: the same for titles that differ in these only. */
const toFamily = ({ display: { system, display }, label }: Marked): string => {
  const words = display.toLowerCase().split(/[^a-z0-9]+/);
  return `${system} ${label}: ${words.filter((word) => word !== '' && !MARK_WORD.test(word)).join(' ')}`;
};

const isLikeAny = (value: string, others: ReadonlySet<string>): boolean =>
  [...others].some((other) => isLikeMark(value, other));

/** The values that lead to the same articles, if another value leads elsewhere or an article's name has another. */
function findTelling(one: Marked, family: readonly Marked[], ofPages: Marks): string[] {
  const same = family.filter(({ pages }) => pages === one.pages).flatMap(({ values }) => [...values]);
  const likes = new Set([...one.values, ...same]);
  const isElsewhere = family.some(
    ({ pages, values }) => pages !== one.pages && ![...values].some((value) => isLikeAny(value, likes)),
  );
  const named = ofPages.get(one.label);
  const isNamedApart = named !== undefined && ![...one.values].some((value) => isLikeAny(value, named));
  return isElsewhere || isNamedApart ? [...likes] : [];
}

type Rows = Map<string, Map<string, Set<string>>>;

function addValues(rows: Rows, { display, label }: Marked, values: Iterable<string>): void {
  const key = codingKey(display);
  const labels = rows.get(key) ?? new Map<string, Set<string>>();
  rows.set(key, labels.set(label, new Set([...(labels.get(label) ?? []), ...values])));
}

/**
 * The rows of `marked-codes.csv`, sorted: `system,code,label,values`, of codes whose articles depend on a number, letter or
 * type in their titles. A row that repeats its ancestor's is left out.
 * @param pages ids of each display's articles
 */
export function listMarkedCodes(
  displays: readonly Display[],
  pages: readonly (readonly string[])[],
  articles: ReadonlyMap<string, Article>,
): string[] {
  const marksOf = (ids: string): Marks =>
    joinMarks(
      ids
        .split(' ')
        .flatMap((id) => articles.get(id) ?? [])
        .map((article) => readPageMarks(article)),
    );
  const first = new Map<string, Marks>();
  for (const display of displays) {
    const key = codingKey(display);
    if (!first.has(key)) first.set(key, readMarks(withoutTag(display)));
  }
  const marked = displays.flatMap((display, index): Marked[] => {
    const own = pages[index] ?? [];
    if (own.length === 0) return [];
    // A code whose first title has no such mark is of all kinds, whatever its other titles say.
    const known = first.get(codingKey(display));
    return [...readMarks(withoutTag(display), known)].map(([label, values]) => ({
      display,
      label,
      values,
      pages: own.join(' '),
    }));
  });
  const rows: Rows = new Map();
  for (const family of groupBy(marked, toFamily).values())
    for (const one of family) {
      const telling = findTelling(one, family, marksOf(one.pages));
      if (telling.length > 0) addValues(rows, one, telling);
    }
  // Another title of the code may have another value: hepatitis B with hepatitis D.
  for (const one of marked) if (rows.get(codingKey(one.display))?.has(one.label)) addValues(rows, one, one.values);
  const write = (key: string): string[] =>
    [...(rows.get(key) ?? [])].map(([label, values]) => `${label},${[...values].sort().join(' ')}`).sort();
  const lines = new Set<string>();
  for (const { display } of marked) {
    const [own, ...above] = listTruncations(display).map(codingKey);
    const parent = above.find((key) => rows.has(key));
    const [mine, theirs] = [write(own ?? ''), parent === undefined ? [] : write(parent)];
    if (mine.join() === theirs.join()) continue;
    for (const line of mine) lines.add(`${display.system},${display.code},${line}`);
  }
  return [...lines].sort();
}
