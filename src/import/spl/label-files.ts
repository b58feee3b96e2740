import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { ImportError, isBesideFiles, type InputFile } from '../import-source.js';
import { limitStream, openEntry } from '../read/input-files.js';

/** Many times the largest label with its pictures, packed, and its document, unpacked. */
const MAX_PACKED_BYTES = 200_000_000;
const MAX_DOCUMENT_BYTES = 60_000_000;
/** More files than a label has pictures. */
const MAX_ENTRIES = 5000;

const isZip = (name: string): boolean => /\.zip$/i.test(name);
const isXml = (name: string): boolean => /\.xml$/i.test(name) && !isBesideFiles(name);

/** True if a file of an import may be a label, or hold one: DailyMed's release is a zip with a zip of each label and its pictures. */
export const mayHoldLabel = ({ name }: InputFile): boolean => isZip(name) || isXml(name);

/** The XML documents of a label's own zip. */
async function readPacked(file: InputFile): Promise<InputFile[]> {
  const packed = await buffer(limitStream(await file.open(), MAX_PACKED_BYTES));
  const zip = await fromBufferPromise(packed, { autoClose: false, lazyEntries: true });
  if (zip.entryCount > MAX_ENTRIES) throw new RangeError(`it has more than ${MAX_ENTRIES} files`);
  const documents: InputFile[] = [];
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName);
    if (!isXml(name)) continue;
    // Its bytes were counted with those of its zip.
    const open = (): Promise<Readable> => openEntry(zip, entry, () => undefined, MAX_DOCUMENT_BYTES);
    documents.push({ ...file, name, label: `${file.label}/${entry.fileName}`, open });
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
