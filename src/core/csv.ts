type Cell = string | number | undefined;

/** A spreadsheet runs a cell with this beginning as a formula; a leading mark makes it text. */
const RUN = /^'*[=+\-@\t\r\n]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const MARK = "'";

/** A cell written by `csvLine`, without its leading mark. */
export const stripMark = (cell: string): string => (cell.startsWith(MARK) && RUN.test(cell) ? cell.slice(1) : cell);

function formatCell(cell: Cell): string {
  const plain = String(cell ?? '');
  const text = RUN.test(plain) && !NUMBER.test(plain) ? MARK + plain : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line of a CSV file (RFC 4180, with LF line ends), safe against formula injection in spreadsheets. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(formatCell).join(',')}\n`;
}
