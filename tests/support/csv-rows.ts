import { parse } from 'csv-parse/sync';

interface Parsed {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

/** A cell, in quotes or not, and what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

/** The cells of each row, with the line that it ends on; undefined where a quote stands where none belongs. */
function readCells(text: string): { line: number; row: string[] }[] | undefined {
  const rows: { line: number; row: string[] }[] = [];
  let row: string[] = [];
  let line = 1;
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length || row.length > 0) {
    const found = CELL.exec(text);
    if (!found) return undefined;
    const [, quoted, plain = '', end] = found;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (quoted?.includes('\n')) line += quoted.split('\n').length - 1;
    if (end === ',') continue;
    rows.push({ line, row });
    row = [];
    line += 1;
  }
  return rows;
}

/**
 * The rows of a CSV text by its column names. The official code sets have some hundred thousand rows, for which csv-parse takes ten
 * times as long; it reads what has a fault.
 */
export function readCsvRows(text: string): Record<string, string>[] {
  const [first, ...rows] = readCells(text.replace(/^\uFEFF/, '')) ?? [];
  if (!first) return parse<Record<string, string>>(text, { columns: true, bom: true, relax_column_count: true });
  return rows.map(({ row }) => toRecord(first.row, row));
}

function toRecord(names: readonly string[], row: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [at, name] of names.entries()) if (at < row.length) record[name] = row[at] ?? '';
  return record;
}

/** The rows of a CSV text, each with its line. @throws as csv-parse does, where a row has a fault or another number of cells */
export function readNumberedRows(text: string): { line: number; cells: Record<string, string> }[] {
  const [first, ...rows] = readCells(text.replace(/^\uFEFF/, '')) ?? [];
  if (first && rows.every(({ row }) => row.length === first.row.length))
    return rows.map(({ line, row }) => ({ line, cells: toRecord(first.row, row) }));
  const parsed = parse(text, { columns: true, bom: true, info: true }) as unknown as Parsed[];
  return parsed.map(({ record, info }) => ({ line: info.lines, cells: record }));
}
