import { LIMITS } from '../../limits.js';
import { ImportError, type ImportLog, type InputFile } from '../import-source.js';
import { readText, type TextOptions } from './read-text.js';

export interface LinePortion {
  readonly lines: readonly string[];
  /** Line number of the first line, from 1. */
  readonly first: number;
}

/** Empty, or DOS's end-of-file mark. */
export const isBlank = (line: string): boolean => line.replaceAll('\x1A', '').trim() === '';

/** Holds blank lines back until another line follows: those at the end are dropped. */
function createPortions(label: string): (lines: readonly string[], first: number) => LinePortion {
  let blanks: string[] = [];
  return (lines, first) => {
    const end = lines.findLastIndex((line) => !isBlank(line)) + 1;
    const start = first - blanks.length;
    const held = blanks;
    if (end > 0) {
      blanks = lines.slice(end);
      return { lines: [...held, ...lines.slice(0, end)], first: start };
    }
    const most = LIMITS.importBlankLines;
    if (held.length + lines.length > most)
      throw new ImportError(`${label}: more than ${most} blank lines from line ${start}`);
    for (const line of lines) held.push(line);
    return { lines: [], first };
  };
}

/**
 * Reads a text file in portions of whole lines, without line ends and without blank lines at its end.
 * @param encoding for a file that may not be UTF-8
 * @throws ImportError if it cannot be read to its end, or ends in mid-line: official files end their last line too
 */
export async function* readLines(file: InputFile, encoding?: TextOptions): AsyncGenerator<LinePortion> {
  const toPortion = createPortions(file.label);
  let rest = '';
  let first = 1;
  for await (const text of readText(file, encoding)) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > LIMITS.importLineChars)
      throw new ImportError(`${file.label}: line ${first + lines.length} never ends`);
    yield toPortion(lines, first);
    first += lines.length;
  }
  if (isBlank(rest)) return;
  if (!rest.endsWith('\r') && !file.isForced) {
    const where = `${file.label} stops in line ${first}, before the line's end`;
    throw new ImportError(`${where}: truncated?; --force imports it anyway`);
  }
  yield toPortion([rest.replace(/\r$/, '')], first);
}

/** Reads and counts the lines of a file, each with its number. */
export async function* readNumbered(
  file: InputFile,
  log: ImportLog,
  encoding?: TextOptions,
): AsyncGenerator<readonly { readonly text: string; readonly line: number }[]> {
  for await (const { lines, first } of readLines(file, encoding)) {
    log.read(lines.length);
    yield lines.map((text, index) => ({ text, line: first + index }));
  }
}
