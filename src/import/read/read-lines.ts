import { LIMITS } from '../../limits.js';
import { ImportError, type InputFile } from '../import-source.js';
import { readText, type TextOptions } from './read-text.js';

export interface LinePortion {
  readonly lines: readonly string[];
  /** Line number of the first line, from 1. */
  readonly first: number;
}

/** Empty, or DOS's end-of-file mark. */
export const isBlank = (line: string): boolean => line.replaceAll('\x1A', '').trim() === '';

/** Holds blank lines back until another line follows: those at the end are dropped. */
class BlanksHeld {
  readonly #label: string;
  #blanks: string[] = [];

  constructor(label: string) {
    this.#label = label;
  }

  /** @param first line number of the first of these lines */
  portion(lines: readonly string[], first: number): LinePortion {
    const isWritten = (line: string): boolean => !isBlank(line);
    const end = lines.findLastIndex(isWritten) + 1;
    const held = this.#blanks;
    if (end === 0) {
      if (held.length + lines.length > LIMITS.importBlankLines)
        throw new ImportError(
          `${this.#label}: more than ${LIMITS.importBlankLines} blank lines from line ${first - held.length}`,
        );
      for (const line of lines) held.push(line);
      return { lines: [], first };
    }
    this.#blanks = lines.slice(end);
    return { lines: [...held, ...lines.slice(0, end)], first: first - held.length };
  }
}

/**
 * Reads a text file in portions of whole lines, without line ends and without blank lines at its end.
 * @param encoding for a file that may not be UTF-8
 * @throws ImportError if it cannot be read to its end, or ends in mid-line: official files end their last line too
 */
export async function* readLines(file: InputFile, encoding?: TextOptions): AsyncGenerator<LinePortion> {
  const held = new BlanksHeld(file.label);
  let rest = '';
  let first = 1;
  for await (const text of readText(file, encoding)) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > LIMITS.importLineChars)
      throw new ImportError(`${file.label}: line ${first + lines.length} never ends`);
    yield held.portion(lines, first);
    first += lines.length;
  }
  if (isBlank(rest)) return;
  if (!rest.endsWith('\r') && !file.isForced) {
    const where = `${file.label} stops in line ${first}, before the line's end`;
    throw new ImportError(`${where}: truncated?; --force imports it anyway`);
  }
  yield held.portion([rest.replace(/\r$/, '')], first);
}
