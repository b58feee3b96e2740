import { ImportError, type InputFile } from '../import-source.js';

/** How to detect a file's encoding if it has no byte order mark. */
export interface TextOptions {
  /** Encoding of a file that is not UTF-8, by its name in the Encoding Standard. */
  readonly orElse?: string;
  /** Whether an XML declaration may name the encoding. */
  readonly isXml?: boolean;
  /** Decodes invalid bytes to U+FFFD: a log contains whatever was sent. */
  readonly isLenient?: boolean;
}

/** More characters than any file that must be read as one text. */
const MAX_WHOLE_CHARS = 200_000_000;
const XML_ENCODING = /^<\?xml\s[^>]*encoding\s*=\s*["']([^"']+)["']/;
/** A declaration that can be read byte by byte is not in UTF-16, whatever it states. */
const TWO_BYTES = /^utf-16/;

const openChunks = async (file: InputFile): Promise<AsyncIterable<Buffer>> =>
  (await file.open()) as AsyncIterable<Buffer>;

/** CDC publishes its lists sometimes in UTF-8, sometimes in UTF-16, with a byte order mark. */
function findMarkedEncoding([first, second]: Buffer): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

function findDeclaredEncoding(file: InputFile, start: Buffer): string | undefined {
  const declared = XML_ENCODING.exec(start.subarray(0, 200).toString('latin1').replace(/^ï»¿/, ''))?.[1];
  if (declared === undefined) return undefined;
  try {
    const { encoding } = new TextDecoder(declared);
    return TWO_BYTES.test(encoding) ? undefined : encoding;
  } catch (error) {
    throw new ImportError(`${file.label} is encoded in ${declared}, which is not supported`, { cause: error });
  }
}

/** Whether the whole file is valid UTF-8. */
async function isUtf8(file: InputFile): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Buffer): boolean => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of await openChunks(file)) if (!decode(chunk)) return false;
  return decode();
}

/** Decodes a stream; invalid bytes are an error and never replaced silently. */
function createDecoder({ label }: InputFile, encoding: string, isLenient: boolean): (chunk?: Buffer) => string {
  const decoder = new TextDecoder(encoding, { fatal: !isLenient });
  return (chunk) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new ImportError(`${label} is not valid ${decoder.encoding.toUpperCase()}: save it as UTF-8`, { cause });
    }
  };
}

/**
 * Reads a file's text in portions of any size, without its byte order mark.
 * @throws ImportError if it cannot be read to its end (a truncated gz or zip), or is in another encoding
 */
export async function* readText(
  file: InputFile,
  { orElse, isXml, isLenient = false }: TextOptions = {},
): AsyncGenerator<string> {
  let decode: ((chunk?: Buffer) => string) | undefined;
  try {
    const fallback = orElse === undefined || (await isUtf8(file)) ? 'utf-8' : orElse;
    for await (const chunk of await openChunks(file)) {
      if (!decode) {
        const declared = findMarkedEncoding(chunk) ?? (isXml ? findDeclaredEncoding(file, chunk) : undefined);
        decode = createDecoder(file, declared ?? fallback, isLenient);
      }
      yield decode(chunk);
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`${file.label} cannot be read to its end: ${(error as Error).message}`, { cause: error });
  }
  yield decode?.() ?? '';
}

/**
 * Reads a file as a whole.
 * @throws ImportError as `readText` does, and if the file is larger than any of its kind
 */
export async function readWhole(file: InputFile, mostChars = MAX_WHOLE_CHARS): Promise<string> {
  const parts: string[] = [];
  let chars = 0;
  for await (const part of readText(file)) {
    chars += part.length;
    if (chars > mostChars) throw new ImportError(`${file.label} is too large`);
    parts.push(part);
  }
  return parts.join('');
}

/** A copy of a cell that does not keep the larger text in memory. */
export const copyCell = (cell: string): string => Buffer.from(cell).toString();
