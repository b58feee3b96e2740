import type { InputFile } from './import-source.js';
import { ImportError } from './import-source.js';

/**
 * Reads a file's text in portions of any size.
 * @param encoding of a file that is not UTF-8, as the Encoding Standard calls it
 * @throws ImportError where it cannot be read to its end: a gz or a zip that is cut short
 */
export async function* readText(file: InputFile, encoding = 'utf-8'): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of (await file.open()) as AsyncIterable<Buffer>) {
      // CDC publishes its lists now in UTF-8, now in UTF-16; a byte order mark tells.
      decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : encoding);
      yield decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw new ImportError(`${file.label} cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
  yield decoder?.decode() ?? '';
}

/** A cell that may be kept without the text that it is a view into. */
export const keepCell = (cell: string): string => Buffer.from(cell).toString();
