type Cell = string | number | undefined;

/** A spreadsheet takes a cell that begins so for a formula, and runs it; a mark before it makes it a text. */
const RUN = /^'*[=+\-@\t\r\n]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const MARK = "'";

/** A cell that `csvLine` wrote, without the mark that it may have put before it. */
export const unmarkedCell = (cell: string): string => (cell.startsWith(MARK) && RUN.test(cell) ? cell.slice(1) : cell);

function cellText(cell: Cell): string {
  const plain = String(cell ?? '');
  const text = RUN.test(plain) && !NUMBER.test(plain) ? MARK + plain : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of a CSV file (RFC 4180, with the line end of this system's files), which a spreadsheet may open without running any of it. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\n`;
}
