import { LIMITS } from '../../limits.js';
import { ImportError, type ImportLog, type InputFile } from '../import-source.js';
import { readLines } from './read-lines.js';

/** A record of a CSV file, with the cells of the requested columns. */
export interface CsvRow<Column extends string> {
  readonly cells: Readonly<Record<Column, string>>;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|$)/y;

/**
 * A record's cells (RFC 4180); undefined if its quotes are wrong. csv-parse, which reads whole files in other places,
 * also drops the lines after a wrong quote when it reads a stream.
 */
function splitRecord(text: string): string[] | undefined {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const [, quoted, plain = '', end] = CELL.exec(text) ?? [];
    if (end === undefined) return undefined;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '') return cells;
  }
}

/**
 * Index of the line after the record that begins at `start`, with its closing quote. Undefined if no line closes it;
 * `open` if a later one may.
 */
function findEnd(lines: readonly string[], start: number): number | 'open' | undefined {
  let isOpen = false;
  let chars = 0;
  for (let index = start; index < Math.min(lines.length, start + LIMITS.importRecordLines); index += 1) {
    chars += lines[index]?.length ?? 0;
    if (chars > LIMITS.importLineChars) return undefined;
    const quotes = (lines[index]?.split('"').length ?? 1) - 1;
    if (quotes % 2 === 1) isOpen = !isOpen;
    if (!isOpen) return index + 1;
  }
  return lines.length - start < LIMITS.importRecordLines ? 'open' : undefined;
}

/**
 * Joins lines to records. A line with wrong quotes is rejected, and reading continues after it.
 * @throws ImportError if the file's last line opens a quote that is not closed
 */
async function* readRecords(file: InputFile, log: ImportLog): AsyncGenerator<readonly CsvRecord[]> {
  let held: readonly string[] = [];
  let next = 1;
  const read = (lines: readonly string[], isEnd: boolean): CsvRecord[] => {
    const pending = [...held, ...lines];
    const records: CsvRecord[] = [];
    let start = 0;
    while (start < pending.length) {
      const found = findEnd(pending, start);
      const isWaiting = found === 'open';
      const end = isWaiting ? undefined : found;
      if (isWaiting && !isEnd) break;
      if (isWaiting && start === pending.length - 1) {
        throw new ImportError(`${file.label} ends in an unclosed quote: truncated`);
      }
      const text = pending.slice(start, end ?? start + 1).join('\n');
      const cells = end === undefined ? undefined : splitRecord(text);
      if (!cells) log.reject(file.label, next + start, 'a misplaced or unclosed quote');
      else if (text !== '') records.push({ cells, line: next + start });
      start = cells && end !== undefined ? end : start + 1;
    }
    held = pending.slice(start);
    next += start;
    return records;
  };
  for await (const { lines } of readLines(file)) yield read(lines, false);
  yield read([], true);
}

/** Finds the requested columns in the header. @param hint what a file without them is not */
export function findPlaces(file: InputFile, columns: readonly string[], heading: readonly string[], hint = '') {
  return columns.map((column): [string, number] => {
    const place = heading.indexOf(column);
    if (place < 0) throw new ImportError(`${file.label} has no column ${column}${hint}`);
    return [column, place];
  });
}

/**
 * Reads a CSV file (UTF-8) with a header in portions of rows. A record with fewer or more cells, or with wrong quotes,
 * is rejected.
 * @param columns the required columns, by their names in the header
 * @throws ImportError if a column is missing, or the file cannot be read to its end or ends in mid-record
 */
export async function* readCsv<const Column extends string>(
  file: InputFile,
  columns: readonly Column[],
  log: ImportLog,
): AsyncGenerator<readonly CsvRow<Column>[]> {
  let places: [string, number][] | undefined;
  let width = 0;
  let isShort = false;
  for await (const records of readRecords(file, log)) {
    const rows: CsvRow<Column>[] = [];
    for (const { cells, line } of records) {
      if (!places) {
        places = findPlaces(file, columns, cells);
        width = cells.length;
        continue;
      }
      isShort = cells.length < width;
      if (cells.length === width) {
        const named = Object.fromEntries(places.map(([column, place]) => [column, cells[place] ?? '']));
        rows.push({ cells: named as Record<Column, string>, line });
      } else {
        log.reject(file.label, line, `${cells.length} cells instead of ${width}`);
      }
    }
    log.read(records.length);
    yield rows;
  }
  if (!places) throw new ImportError(`${file.label} is empty`);
  if (isShort) throw new ImportError(`${file.label} stops in mid-record: truncated`);
}
