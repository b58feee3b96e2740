import type { Readable } from 'node:stream';
import type { CodeSystemId } from '../core/code-systems.js';
import type { LibraryRows } from '../build/source.js';

/** One file of an official release: a plain file, or one unpacked from a zip or gz as it is read. */
export interface InputFile {
  /** File name without folders; without `.gz` where it was packed so. */
  readonly name: string;
  /** Path as the person who imports knows it, for messages: `release.zip/Snapshot/sct2_….txt`. */
  readonly label: string;
  /** ISO 8601 day on which it was last changed, for releases that carry no date of their own. */
  readonly modifiedOn: string;
  /** Opens its bytes from the beginning; may be called again. */
  open(): Promise<Readable>;
  /** It is to be taken though it looks like half a file. */
  readonly isForced?: boolean;
}

/** What an importer learns of the release on its way; a value from the command line goes before it. */
export interface ReleaseFacts {
  /** Version as its publisher writes it: `2026`, `2.78`, `20260301`; undefined where the files do not say. */
  readonly version: string | undefined;
  /** ISO 8601 day; undefined where the files do not say. */
  readonly date?: string;
  /** Code systems of which the release holds every code. */
  readonly complete: readonly CodeSystemId[];
  /** Rows that the files themselves say they hold: fewer are half a file. */
  readonly announced?: number;
}

/** How an importer tells what it does. */
export interface ImportLog {
  /** Rows read since the last call. */
  read(rows: number): void;
  /** A row that is left out, with its file's label and line (0: none) and the reason. */
  reject(file: string, line: number, reason: string): void;
  release(facts: ReleaseFacts): void;
}

/** For files that are read more than once: what is told of them is told in one reading. */
export const SILENT_LOG: ImportLog = { read: () => undefined, reject: () => undefined, release: () => undefined };

/** What an importer may need of the program beside its files. */
export interface ImportSetting {
  /** The folder of schemas. */
  readonly resourcesDir: string;
}

/** An official release, or a site's own files, as the library takes it. */
export interface ImportSource {
  /** What the command line calls it, and the source of its releases. */
  readonly name: string;
  /** One line of help. */
  readonly description: string;
  /**
   * Reads the files that it knows among those given and yields rows in any portions. Calls `log.release` once.
   * @throws ImportError where its files are not there, or end too early
   */
  read(files: readonly InputFile[], log: ImportLog, setting: ImportSetting): AsyncIterable<Partial<LibraryRows>>;
  /** Finds what its publisher offers last, where that has an address: the import then needs no place. @throws ImportError */
  readonly findNewest?: (addresses: PublisherAddresses, today: string) => Promise<NewestFile>;
}

/** Where publishers offer their files, as the site sets it. */
export interface PublisherAddresses {
  readonly medlinePlusXmlUrl: string;
}

/** A file that a publisher offers. */
export interface NewestFile {
  readonly address: string;
  /** ISO 8601 day of its content, which is its release's version. */
  readonly date: string;
}

/** A file that is unknown, damaged or only half there: the import ends and changes nothing. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** The one file whose name fits; an error that says what was looked for where there is none, or more than one. */
export function oneFile(files: readonly InputFile[], pattern: RegExp, wanted: string): InputFile {
  const found = files.filter(({ name }) => pattern.test(name));
  const [file] = found;
  if (file && found.length === 1) return file;
  const names = (found.length > 1 ? found : files).map(({ label }) => label).slice(0, 5);
  const what = found.length > 1 ? `more than one file could be ${wanted}` : `none of the files is ${wanted}`;
  throw new ImportError(`${what}: ${names.join(', ') || 'there are no files'}`);
}

/** The one file whose name fits, where there is one; more than one is an error that says what was looked for. */
export function fileIfThere(files: readonly InputFile[], pattern: RegExp, wanted: string): InputFile | undefined {
  return files.some(({ name }) => pattern.test(name)) ? oneFile(files, pattern, wanted) : undefined;
}

/** The newest of the files' days, for a release that carries no date of its own. */
export function newestDayOf(files: readonly InputFile[]): string {
  return files.map(({ modifiedOn }) => modifiedOn).reduce((newest, day) => (day > newest ? day : newest), '');
}

/** Whether a file only lies beside those of a release: `.DS_Store`, a README. */
export function isBesideFiles(name: string): boolean {
  return /^\.|^readme(\.|$)/i.test(name);
}
