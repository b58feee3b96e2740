import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'csv-parse/sync';
import type { Complaint } from './source.js';

/** Names of the row schemas in resources/schemas/library-rows.json. */
export type RowKind = 'publisher' | 'publisherText' | 'article' | 'articleText' | 'mapping' | 'crosswalk';
export type Row = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Columns that hold several values, divided by `|`. */
const LIST_COLUMNS = new Set([
  'age_groups',
  'also_called',
  'reviewers',
  'related_topics',
  'patient_instructions',
  'images',
]);
const LIST_DIVIDER = '|';

/** Reads a CSV file's rows under a schema; a bad row becomes a complaint and is left out. */
export type RowReader = (
  file: string,
  label: string,
  kind: RowKind,
  take: (row: Row, line: number) => string | undefined,
) => Complaint[];

function toRow(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(record)) {
    const text = cell.trim();
    if (text === '') continue;
    row[column] = LIST_COLUMNS.has(column) ? text.split(LIST_DIVIDER).map((part) => part.trim()) : text;
  }
  return row;
}

interface ParsedLine {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** Makes a reader of CSV rows under the schemas of `resourcesDir`. */
export function createRowReader(resourcesDir: string): RowReader {
  const ajv = new Ajv({ coerceTypes: true, allErrors: false, strict: false });
  formats.default(ajv);
  ajv.addSchema(JSON.parse(readFileSync(`${resourcesDir}/schemas/library-rows.json`, 'utf8')) as object);
  const validatorOf = (kind: RowKind) => ajv.compile({ $ref: `library-rows#/definitions/${kind}` });

  return (file, label, kind, take) => {
    const validate = validatorOf(kind);
    const complaints: Complaint[] = [];
    let lines: readonly ParsedLine[];
    try {
      const options = {
        columns: true,
        bom: true,
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
      } as const;
      lines = parse(readFileSync(file, 'utf8'), options) as unknown as ParsedLine[];
    } catch (error) {
      return [{ file: label, line: 0, reason: `not readable as CSV: ${(error as Error).message}` }];
    }
    for (const { record, info } of lines) {
      const row = toRow(record);
      const reason = validate(row)
        ? take(row as Row, info.lines)
        : `${validate.errors?.[0]?.instancePath ?? ''} ${validate.errors?.[0]?.message ?? 'is not as the schema asks'}`.trim();
      if (reason !== undefined) complaints.push({ file: label, line: info.lines, reason });
    }
    return complaints;
  };
}
