/** A smaller count may tell of a person. None is no count of persons, and is shown. */
export const LEAST_COUNT = 11;

const isSmall = (count: number): boolean => count > 0 && count < LEAST_COUNT;
const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/** Whether hidden counts follow from the shown ones beside them: a single one, or a sum that is small itself. */
const isRevealed = (hidden: readonly number[]): boolean =>
  sum(hidden) > 0 && (hidden.length === 1 || sum(hidden) < LEAST_COUNT);

/** Chooses what is hidden of lines with a known sum: the small ones, and as many others as protect them. */
function chooseHidden(counts: readonly number[]): Set<number> {
  const hidden = new Set(counts.flatMap((count, at) => (isSmall(count) ? at : [])));
  const shown = counts.map((_count, at) => at).filter((at) => !hidden.has(at));
  shown.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0));
  for (const at of shown) {
    if (!isRevealed([...hidden].map((one) => counts[one] ?? 0))) break;
    hidden.add(at);
  }
  return hidden;
}

/** A cell of a table whose last row and last column are sums. */
interface Cell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  isHidden: boolean;
}

/** A row or a column: cells that add up to a last one. */
interface Line {
  readonly cells: readonly Cell[];
  readonly sum: Cell | undefined;
}

/**
 * True if a hidden cell follows from the shown ones. Rows and columns are the points of a graph, hidden cells its edges: an edge is
 * determined by the sums exactly if there is no other way between its ends.
 */
function isDetermined(cell: Cell, cells: readonly Cell[]): boolean {
  const others = cells.filter((one) => one.isHidden && one !== cell);
  const rows = new Set([cell.row]);
  const columns = new Set<number>();
  for (let before = -1; before !== rows.size + columns.size;) {
    before = rows.size + columns.size;
    for (const { row, column } of others) {
      if (rows.has(row)) columns.add(column);
      if (columns.has(column)) rows.add(row);
    }
  }
  return !columns.has(cell.column);
}

/** The cell that protects hidden ones beside it best: the smallest count that is shown, a zero only where there is no other. */
function findCover(cells: readonly Cell[]): Cell | undefined {
  const rank = ({ count }: Cell): number => (count === 0 ? Infinity : count);
  return cells.filter(({ isHidden }) => !isHidden).sort((a, b) => rank(a) - rank(b))[0];
}

/** Finds a cell that has to be hidden as well; undefined: the small ones are protected. */
function findNext(parts: readonly Cell[], cells: readonly Cell[], lines: readonly Line[]): Cell | undefined {
  for (const line of lines) {
    if (!line.sum || line.sum.isHidden) continue;
    const hidden = line.cells.flatMap(({ isHidden, count }) => (isHidden ? count : []));
    const found = isRevealed(hidden) ? findCover(line.cells) : undefined;
    if (found) return found;
  }
  const open = parts.find((one) => one.isHidden && isSmall(one.count) && isDetermined(one, cells));
  if (!open) return undefined;
  return (
    findCover(parts.filter(({ row }) => row === open.row)) ??
    findCover(parts.filter(({ column }) => column === open.column)) ??
    findCover(parts)
  );
}

/** Parts that add up to all of a row. */
interface Row {
  readonly all: number;
  readonly parts: readonly number[];
}

/**
 * Hides cells of one division of rows into parts. The last of several rows is their sum.
 * @returns for each row which parts are hidden
 */
function hideParts(rows: readonly Row[], hiddenRows: ReadonlySet<number>): boolean[][] {
  const table = rows.map(({ all, parts }, row) =>
    [...parts, all].map((count, column): Cell => {
      const isPart = column < parts.length;
      return { row, column, count, isHidden: hiddenRows.has(row) || (isPart && isSmall(count)) };
    }),
  );
  const byRow = table.map((cells): Line => ({ cells: cells.slice(0, -1), sum: cells.at(-1) }));
  const parts = byRow.flatMap(({ cells }) => cells);
  const isAlone = rows.length === 1;
  const byColumn = (byRow[0]?.cells ?? []).map(({ column }): Line => {
    const cells = parts.filter((one) => one.column === column);
    return { cells: cells.slice(0, -1), sum: isAlone ? undefined : cells.at(-1) };
  });
  const cells = table.flat();
  // A row alone has no other sums than its own.
  const next = (): Cell | undefined => findNext(isAlone ? [] : parts, cells, [...byRow, ...byColumn]);
  for (let found = next(); found; found = next()) found.isHidden = true;
  return byRow.map((line) => line.cells.map(({ isHidden }) => isHidden));
}

/** Several divisions of the same lines: all of a line by each of them. */
export interface DividedLine {
  readonly all: number;
  readonly divisions: readonly (readonly number[])[];
}

export interface HiddenLine {
  readonly all: number | undefined;
  readonly divisions: readonly (readonly (number | undefined)[])[];
}

const hideLine = ({ divisions }: DividedLine): HiddenLine => ({
  all: undefined,
  divisions: divisions.map((parts) => parts.map(() => undefined)),
});

/** The sum of lines, each count by its place. */
export function addLines(lines: readonly DividedLine[]): DividedLine {
  const [first = { all: 0, divisions: [] }] = lines;
  return {
    all: sum(lines.map(({ all }) => all)),
    divisions: first.divisions.map((parts, at) =>
      parts.map((_part, place) => sum(lines.map(({ divisions }) => divisions[at]?.[place] ?? 0))),
    ),
  };
}

/**
 * Hides counts from 1 to 10 in lines that are shown with their sum, and further counts so that no small one follows by subtraction.
 * @returns the sum, and the lines in their order
 */
export function hideSmall(lines: readonly DividedLine[]): {
  readonly sum: HiddenLine;
  readonly lines: readonly HiddenLine[];
} {
  const total = addLines(lines);
  if (total.all < LEAST_COUNT) return { sum: hideLine(total), lines: lines.map(hideLine) };
  // A single line is its sum: what is hidden of one is hidden of both.
  const table = lines.length === 1 ? [total] : [...lines, total];
  const hiddenRows = lines.length === 1 ? new Set<number>() : chooseHidden(lines.map(({ all }) => all));
  const flags = total.divisions.map((_parts, at) =>
    hideParts(
      table.map(({ all, divisions }) => ({ all, parts: divisions[at] ?? [] })),
      hiddenRows,
    ),
  );
  const shown = table.map(({ all, divisions }, row): HiddenLine => ({
    all: hiddenRows.has(row) ? undefined : all,
    divisions: divisions.map((parts, at) =>
      parts.map((count, place) => (flags[at]?.[row]?.[place] === true ? undefined : count)),
    ),
  }));
  const sumLine = shown.at(-1) ?? hideLine(total);
  return { sum: sumLine, lines: lines.length === 1 ? [sumLine] : shown.slice(0, -1) };
}
