import type { InputFile } from './import-source.js';
import { ImportError } from './import-source.js';
import { readText } from './read-text.js';

export interface LinePortion {
  readonly lines: readonly string[];
  /** Line number of the first, from 1. */
  readonly first: number;
}

/** Longer than any line of any official file. */
const MAX_LINE_CHARS = 1_000_000;

/**
 * Reads a text file in portions of whole lines, without their line ends.
 * @param encoding of a file that is not UTF-8
 * @throws ImportError where it cannot be read to its end, or stops in mid-line: official files end their last line too
 */
export async function* readLines(file: InputFile, encoding?: string): AsyncGenerator<LinePortion> {
  let rest = '';
  let first = 1;
  for await (const text of readText(file, encoding)) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) throw new ImportError(`${file.label}: line ${first + lines.length} never ends`);
    yield { lines, first };
    first += lines.length;
  }
  if (rest.endsWith('\r')) yield { lines: [rest.slice(0, -1)], first };
  else if (rest !== '')
    throw new ImportError(`${file.label} stops in line ${first}, before the line's end: half a file`);
}
