import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { Readable } from 'node:stream';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { ImportError, isBesideFiles, type InputFile } from '../import-source.js';

/** Many times the largest label with its pictures, packed, and its document, unpacked. */
const MAX_PACKED_BYTES = 200_000_000;
const MAX_DOCUMENT_BYTES = 60_000_000;
/** More files than a label has pictures. */
const MAX_ENTRIES = 5000;

const isZip = (name: string): boolean => /\.zip$/i.test(name);
const isXml = (name: string): boolean => /\.xml$/i.test(name) && !isBesideFiles(name);

/** True if a file of an import may be a label, or hold one: DailyMed's release is a zip with a zip of each label and its pictures. */
export const mayHoldLabel = ({ name }: InputFile): boolean => isZip(name) || isXml(name);

/** Reads a stream to its end. @throws RangeError beyond a maximum of bytes */
async function readAll(stream: Readable, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > mostBytes) throw new RangeError(`it is larger than ${mostBytes} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const bytes = await readAll(await zip.openReadStreamPromise(entry), MAX_DOCUMENT_BYTES);
  if (crc32(bytes) !== entry.crc32) throw new RangeError('it is damaged (wrong checksum)');
  return bytes;
}

/** The XML documents of a label's own zip. */
async function readPacked(file: InputFile): Promise<InputFile[]> {
  const zip = await fromBufferPromise(await readAll(await file.open(), MAX_PACKED_BYTES), { lazyEntries: true });
  if (zip.entryCount > MAX_ENTRIES) throw new RangeError(`it has more than ${MAX_ENTRIES} files`);
  const documents: InputFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName);
    if (!isXml(name)) continue;
    const bytes = await readEntry(zip, entry);
    documents.push({
      ...file,
      name,
      label: `${file.label}/${entry.fileName}`,
      open: async () => Readable.from([bytes]),
    });
  }
  return documents;
}

/**
 * Lists the documents of a file of an import: the file itself, or those of a label's own zip.
 * @throws ImportError if the zip is damaged or has no document
 */
export async function listDocuments(file: InputFile): Promise<InputFile[]> {
  if (!isZip(file.name)) return [file];
  let documents: InputFile[];
  try {
    documents = await readPacked(file);
  } catch (cause) {
    throw new ImportError(`${file.label} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (documents.length === 0) throw new ImportError(`${file.label} has no label`);
  return documents;
}
