import { ImportError, type ImportLog, type InputFile } from '../import-source.js';
import { readNumbered } from './read-lines.js';

/** Layout of a file whose cells are separated by one character and never quoted. */
export interface ColumnLayout {
  /** RF2: tab; RRF: `|`. */
  readonly separator: string;
  /** Cells per row; one more if the last cell is followed by a separator, as in RRF. */
  readonly width: number;
  /** The first line's cells, if it names the columns. */
  readonly heading?: readonly string[];
}

export interface ColumnRow {
  /** Substrings that keep the larger text in memory. */
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
}

/**
 * Reads a file of separated cells in portions of rows. A row with fewer or more cells is rejected.
 * @throws ImportError if the file has another header, cannot be read to its end, or ends in mid-line
 */
export async function* readColumns(
  file: InputFile,
  { separator, width, heading }: ColumnLayout,
  log: ImportLog,
): AsyncGenerator<readonly ColumnRow[]> {
  const named = heading?.join(separator);
  let isHeadingDue = named !== undefined;
  for await (const lines of readNumbered(file, log)) {
    const rows: ColumnRow[] = [];
    for (const { text, line } of lines) {
      const cells = text.split(separator);
      if (isHeadingDue) {
        if (text !== named) throw new ImportError(`${file.label} does not have the expected columns`);
        isHeadingDue = false;
      } else if (cells.length === width) rows.push({ cells, line });
      else log.reject(file.label, line, `${cells.length} columns instead of ${width}`);
    }
    yield rows;
  }
  if (isHeadingDue) throw new ImportError(`${file.label} is empty`);
}
