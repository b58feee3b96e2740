import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { Readable, Transform, pipeline as pipe, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createGunzip } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { ImportError, type InputFile } from '../import-source.js';
import { LIMITS } from '../../limits.js';
import { fetchOutside } from '../../upstream/outbound.js';

/** The files of an import, and a function that releases what was opened or fetched for it. */
export interface Input {
  readonly files: readonly InputFile[];
  close(): void;
}

/** Receives the total bytes on disk, and the bytes as they are read. */
export interface InputProgress {
  total(bytes: number): void;
  bytes(count: number): void;
}

/** Receives the number of bytes read from disk. */
type OnBytes = (bytes: number) => void;

/** Pipes a stream into another: an error of the first destroys the second, and closing the second closes the first. */
function compose(stream: Readable, next: Transform): Readable {
  return pipe(stream, next, () => undefined);
}

/** Passes a stream on, with its errors. @param look sees each chunk, and undefined at the end; a fault that it returns destroys the stream */
function watch(stream: Readable, look: (chunk: Buffer | undefined) => string | undefined): Readable {
  const pass = (chunk: Buffer | undefined, done: TransformCallback): void => {
    const fault = look(chunk);
    if (fault === undefined) done(null, chunk);
    else done(new Error(fault));
  };
  const transform = (chunk: Buffer, _encoding: string, done: TransformCallback): void => {
    pass(chunk, done);
  };
  const flush = (done: TransformCallback): void => {
    pass(undefined, done);
  };
  return compose(stream, new Transform({ transform, flush }));
}

/** Destroys a stream beyond a maximum: a small archive may decompress to any size, and a download may have no end. */
export function limitStream(stream: Readable, mostBytes: number): Readable {
  let size = 0;
  return watch(stream, (chunk) => {
    size += chunk?.length ?? 0;
    return size > mostBytes ? `it is larger than ${mostBytes} bytes` : undefined;
  });
}

const formatDay = (date: Date): string => date.toISOString().slice(0, 10);

const GZIP = '1f8b';
const ZIP = '504b';

/** The first two bytes of a file in hexadecimal: they tell a packed file, whatever its name is. */
function readMagic(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(2);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0)).toString('hex');
  } finally {
    closeSync(file);
  }
}

function createPlainFile(path: string, label: string, onBytes: OnBytes, mostBytes: number): InputFile {
  const isPacked = readMagic(path) === GZIP;
  const open = async (): Promise<Readable> => {
    const bytes = watch(createReadStream(path), (chunk) => {
      if (chunk) onBytes(chunk.length);
      return undefined;
    });
    return isPacked ? limitStream(compose(bytes, createGunzip()), mostBytes) : bytes;
  };
  return { name: basename(path).replace(/\.gz$/i, ''), label, modifiedOn: formatDay(statSync(path).mtime), open };
}

/** Opens a file of a zip; counts its compressed bytes, and verifies the CRC-32 stated in the zip. */
export async function openEntry(zip: ZipFile, entry: Entry, onBytes: OnBytes, mostBytes: number): Promise<Readable> {
  const share = entry.uncompressedSize === 0 ? 0 : entry.compressedSize / entry.uncompressedSize;
  let sum = 0;
  const checked = watch(await zip.openReadStreamPromise(entry), (chunk) => {
    if (!chunk) return sum === entry.crc32 ? undefined : 'it is damaged (wrong checksum)';
    sum = crc32(chunk, sum);
    onBytes(chunk.length * share);
    return undefined;
  });
  return limitStream(checked, mostBytes);
}

/** Reads a zip's index; its files are decompressed when they are read. */
async function openZip(path: string, label: string, onBytes: OnBytes, mostBytes: number): Promise<Input> {
  try {
    const zip = await openPromise(path, { autoClose: false, lazyEntries: true });
    const files: InputFile[] = [];
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      files.push({
        name: basename(entry.fileName),
        label: `${label}/${entry.fileName}`,
        modifiedOn: formatDay(entry.getLastModDate({ timezone: 'UTC' })),
        open: () => openEntry(zip, entry, onBytes, mostBytes),
      });
    }
    return {
      files,
      close: () => {
        zip.close();
      },
    };
  } catch (error) {
    throw new ImportError(`${label} is not a zip file, or is truncated: ${(error as Error).message}`, { cause: error });
  }
}

/** Addresses that an import may be fetched from: https, or this machine itself. */
const FETCHABLE = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1)[:/])/i;

/**
 * Downloads an address into a temporary folder and returns the file's path.
 * @throws ImportError if it is not there or truncated
 */
async function fetchFile(address: string, folder: string, mostBytes: number): Promise<string> {
  if (!FETCHABLE.test(address)) throw new ImportError('the address must begin with https://');
  let response: Response;
  try {
    response = await fetchOutside(address, { redirect: 'follow' });
  } catch (error) {
    throw new ImportError(`${address} cannot be reached`, { cause: error });
  }
  if (!FETCHABLE.test(response.url))
    throw new ImportError(`${address} redirects to ${response.url}, which is not https`);
  if (!response.ok || !response.body) throw new ImportError(`${address} answers ${response.status}`);
  const path = join(folder, basename(new URL(response.url).pathname) || 'download');
  try {
    const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
    await pipeline(limitStream(body, mostBytes), createWriteStream(path));
  } catch (error) {
    throw new ImportError(`${address} was truncated`, { cause: error });
  }
  // A release without a date of its own gets its file's date, not that of the download.
  const changed = new Date(response.headers.get('last-modified') ?? '');
  if (!Number.isNaN(changed.getTime())) utimesSync(path, changed, changed);
  return path;
}

async function openFilesAt(path: string, label: string, onBytes: OnBytes, mostBytes: number): Promise<Input> {
  if (/\.zip$/i.test(path) || readMagic(path) === ZIP) return openZip(path, label, onBytes, mostBytes);
  return { files: [createPlainFile(path, label, onBytes, mostBytes)], close: () => undefined };
}

function listPaths(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => join(place, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .sort();
}

/**
 * Opens what is to be imported: a file, a gz, a zip, a folder of these, or an https address of one.
 * @param mostBytes maximum of one file, decompressed or downloaded
 * @throws ImportError
 */
export async function openInput(
  place: string,
  progress?: InputProgress,
  mostBytes: number = LIMITS.importFileBytes,
): Promise<Input> {
  const onBytes: OnBytes = (count) => progress?.bytes(count);
  const isAddress = /^[a-z]+:\/\//i.test(place);
  const folder = isAddress ? mkdtempSync(join(tmpdir(), 'education-connect-')) : undefined;
  const opened: Input[] = [];
  const close = (): void => {
    for (const input of opened) input.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const start = folder ? await fetchFile(place, folder, mostBytes) : place;
    let paths: string[];
    try {
      paths = listPaths(start);
    } catch (error) {
      throw new ImportError(`there is no file or folder ${place}`, { cause: error });
    }
    progress?.total(paths.reduce((sum, path) => sum + statSync(path).size, 0));
    for (const path of paths) opened.push(await openFilesAt(path, relative(dirname(start), path), onBytes, mostBytes));
    return { files: opened.flatMap(({ files }) => files), close };
  } catch (error) {
    close();
    throw error;
  }
}
