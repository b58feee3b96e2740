import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { CsvError, parse } from 'csv-parse/sync';
import { stripMark } from '../core/csv.js';
import { getOrAdd } from '../core/remember.js';
import { basename } from 'node:path';
import type { Complaint } from './source.js';

/** Names of the row schemas in resources/schemas/library-rows.json. */
export type RowKind =
  | 'publisher'
  | 'publisherText'
  | 'article'
  | 'articleText'
  | 'languageLink'
  | 'mapping'
  | 'crosswalk'
  | 'concept'
  | 'synonym';
export type Row = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Columns with several values, separated by `|`. */
const LIST_COLUMNS = new Set([
  'age_groups',
  'also_called',
  'reviewers',
  'related_topics',
  'patient_instructions',
  'images',
  'names',
]);
const LIST_DIVIDER = '|';

/** Accepts a row that is valid by its schema, or returns its fault. */
export type TakeRow = (row: Row, line: number) => string | undefined;

function toRow(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(record)) {
    const text = cell.trim();
    if (text === '') continue;
    row[column] = LIST_COLUMNS.has(column) ? text.split(LIST_DIVIDER).map((part) => part.trim()) : text;
  }
  return row;
}

interface ParsedRecord {
  readonly record: Readonly<Record<string, string>>;
  /** The line on which it begins, from 1. */
  readonly line: number;
  /** Why it is invalid. */
  readonly fault?: string;
}

/**
 * Parses a file's records. A record with wrong quotes costs only its first line: parsing continues after it, so that an
 * unclosed quote does not swallow the rest of the file.
 */
export function parseRecords(text: string): ParsedRecord[] {
  const records: ParsedRecord[] = [];
  forEachRecord(text, (record) => records.push(record));
  return records;
}

const QUOTE = '"';
const WRONG_QUOTE = 'a misplaced or unclosed quote';

/**
 * Lines parsed at once after a wrong quote. A file may have one on every line: parsing the whole rest each time would
 * take hours.
 */
const LINES_BEHIND_FAULT = 16;

interface Reading {
  readonly delimiter?: string;
  /** Parsing stops after this many wrong quotes, with a last fault; undefined: no maximum. */
  readonly mostWrongQuotes?: number;
}

/** Like `parseRecords`, for very long files: records are passed on one by one and not retained. */
export function forEachRecord(
  text: string,
  take: (record: ParsedRecord) => void,
  { delimiter = ',', mostWrongQuotes = Infinity }: Reading = {},
): void {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  let columns: string[] | undefined;
  // Index of the first unread line.
  let next = 0;
  // Lines with quotes parsed at once: all, until a quote is wrong; then few, doubled after each success.
  let atOnce = lines.length;
  // Lines that the next cell takes at least.
  let least = 1;
  let wrongQuotes = 0;
  const onCells = (cells: string[]): void => {
    if (columns) take({ ...toRecord(columns, cells), line: next + 1 });
    else columns = cells.map((name) => name.trim());
  };
  const skipEmpty = (): void => {
    while (lines[next] === '') next += 1;
  };
  while (next < lines.length) {
    const start = next;
    const line = lines[start] ?? '';
    // A line without quotes is its cells: most lines are, and to parse them takes several times as long.
    if (!line.includes(QUOTE)) {
      if (line !== '') onCells(line.split(delimiter));
      next += 1;
      continue;
    }
    const onRecord = (cells: string[], info: { readonly lines: number }): null => {
      skipEmpty();
      onCells(cells);
      next = start + info.lines;
      return null;
    };
    let end = start + 1;
    while (end < lines.length && (end < start + least || (end < start + atOnce && lines[end]?.includes(QUOTE))))
      end += 1;
    try {
      const part = lines.slice(start, end).join('\n');
      parse(part, { delimiter, skip_empty_lines: true, relax_column_count: true, on_record: onRecord });
      next = end;
      atOnce *= 2;
      least = 1;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      // A cell may continue after the parsed lines.
      if (error.code === 'CSV_QUOTE_NOT_CLOSED' && end < lines.length) {
        least = 2 * (end - next);
        continue;
      }
      skipEmpty();
      next += 1;
      least = 1;
      atOnce = LINES_BEHIND_FAULT;
      wrongQuotes += 1;
      const isLast = wrongQuotes >= mostWrongQuotes;
      take({
        record: {},
        line: next,
        fault: isLast ? `${WRONG_QUOTE}; too many: reading stops here` : WRONG_QUOTE,
      });
      // Without column names the cells have no meaning.
      if (isLast || columns === undefined) break;
    }
  }
}

function toRecord(columns: readonly string[], cells: readonly string[]): Omit<ParsedRecord, 'line'> {
  if (cells.length > columns.length) return { record: {}, fault: 'more cells than columns' };
  const record: Record<string, string> = {};
  for (let index = 0; index < cells.length; index += 1) record[columns[index] ?? ''] = stripMark(cells[index] ?? '');
  return { record };
}

/** Schemas by folder of resources, read once per process. */
const schemas = new Map<string, Ajv>();
/** Schemas by their text: those of folders with the same one are compiled once, each kind when its first file is read. */
const compiled = new Map<string, Ajv>();

function readSchemas(resourcesDir: string): Ajv {
  return getOrAdd(schemas, resourcesDir, () => {
    const text = readFileSync(`${resourcesDir}/schemas/library-rows.json`, 'utf8');
    return getOrAdd(compiled, text, () => {
      const ajv = new Ajv({ coerceTypes: true, allErrors: false, strict: false, validateSchema: false });
      formats.default(ajv);
      ajv.addSchema(JSON.parse(text) as object);
      return ajv;
    });
  });
}

function findValidator(resourcesDir: string, kind: RowKind): ValidateFunction {
  const validate = readSchemas(resourcesDir).getSchema(`library-rows#/definitions/${kind}`);
  if (!validate) throw new Error(`no schema of ${kind}`);
  return validate;
}

/** Place of a library's files: the disk, or memory while they are imported. */
export interface SourceFiles {
  has(path: string): boolean;
  /** @throws Error if it cannot be read */
  read(path: string): string;
  /** Names of the files of a folder; none if there is no folder. */
  list(folder: string): string[];
}

export const ON_DISK: SourceFiles = {
  has: existsSync,
  read: (path) => readFileSync(path, 'utf8'),
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
};

/** Reads the CSV files of folders with the schemas of `resourcesDir`; a bad row or file becomes a complaint and is left out. */
export class RowReader {
  readonly complaints: Complaint[] = [];
  readonly #resourcesDir: string;
  readonly #files: SourceFiles;

  constructor(resourcesDir: string, files = ON_DISK) {
    this.#resourcesDir = resourcesDir;
    this.#files = files;
  }

  /** Names of the CSV files of a folder, sorted. */
  list(folder: string): string[] {
    return this.#files
      .list(folder)
      .filter((name) => name.endsWith('.csv'))
      .sort();
  }

  /** Notes a file that is none of these. */
  reject(file: string, reason: string, line = 0): void {
    this.complaints.push({ file, line, reason });
  }

  /**
   * Reads a file's rows and validates them against a schema. An `id` identifies one row of its file: a second
   * one is left out.
   */
  read(file: string, kind: RowKind, take: TakeRow): void {
    const validate = findValidator(this.#resourcesDir, kind);
    const ids = new Set<unknown>();
    const findFault = (row: Record<string, unknown>, line: number): string | undefined => {
      if (!validate(row)) {
        const error = validate.errors?.[0];
        return `${error?.instancePath ?? ''} ${error?.message ?? 'does not match the schema'}`.trim();
      }
      if (ids.has(row['id'])) return `${String(row['id'])} has a row already`;
      const fault = take(row as Row, line);
      if (fault === undefined && row['id'] !== undefined) ids.add(row['id']);
      return fault;
    };
    let records: readonly ParsedRecord[];
    try {
      records = parseRecords(this.#files.read(file));
    } catch (error) {
      this.reject(basename(file), `not readable: ${(error as Error).message}`);
      return;
    }
    for (const { record, line, fault } of records) {
      const reason = fault ?? findFault(toRow(record), line);
      if (reason !== undefined) this.reject(basename(file), reason, line);
    }
  }

  /** The same for a file that may be absent. */
  readIfThere(file: string, kind: RowKind, take: TakeRow): void {
    if (this.#files.has(file)) this.read(file, kind, take);
  }
}
