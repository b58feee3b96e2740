import type { InputFile } from './import-source.js';
import { ImportError } from './import-source.js';

export interface LinePortion {
  readonly lines: readonly string[];
  /** Line number of the first, from 1. */
  readonly first: number;
}

/** Longer than any line of any official file. */
const MAX_LINE_CHARS = 1_000_000;

/**
 * Reads a text file (UTF-8) in portions of whole lines, without their line ends.
 * @throws ImportError where it cannot be read to its end
 */
export async function* readLines(file: InputFile): AsyncGenerator<LinePortion> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let first = 1;
  try {
    for await (const chunk of await file.open()) {
      const text = rest + decoder.decode(chunk as Buffer, { stream: true });
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE_CHARS) throw new ImportError(`${file.label}: line ${first + lines.length} never ends`);
      yield { lines, first };
      first += lines.length;
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`${file.label} cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
  rest = (rest + decoder.decode()).replace(/\r$/, '');
  if (rest !== '') yield { lines: [rest], first };
}
