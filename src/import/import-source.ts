import type { Readable } from 'node:stream';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import type { LibraryRows } from '../build/source.js';
import type { PagesOfRow } from './read/concept-graph.js';

/** One file of an official release: a plain file, or one decompressed from a zip or gz as it is read. */
export interface InputFile {
  /** File name without folders, and without `.gz` if it was compressed. */
  readonly name: string;
  /** Path for messages to the person who imports: `release.zip/Snapshot/sct2_….txt`. */
  readonly label: string;
  /** ISO 8601 day of its last change, for releases without a date of their own. */
  readonly modifiedOn: string;
  /** Opens its bytes from the beginning; may be called again. */
  open(): Promise<Readable>;
  /** Accept it although it looks truncated. */
  readonly isForced?: boolean;
}

/** Facts that an importer learns about the release; values from the command line override them. */
export interface ImportFacts {
  /** Version as its publisher writes it: `2026`, `2.78`, `20260301`; undefined if the files state none. */
  readonly version: string | undefined;
  /** ISO 8601 day; undefined if the files state none. */
  readonly date?: string;
  /** Code systems of which the release has every code. */
  readonly complete: readonly CodeSystemId[];
  /** Number of rows stated in the files: fewer mean a truncated file. */
  readonly announced?: number;
}

/** How an importer reports its progress. */
export interface ImportLog {
  /** Rows read since the last call. */
  read(rows: number): void;
  /** Reports a rejected row with its file's label, its line (0: none) and the reason. */
  reject(file: string, line: number, reason: string): void;
  release(facts: ImportFacts): void;
}

/** For files that are read more than once: only one reading reports. */
export const SILENT_LOG: ImportLog = { read: () => undefined, reject: () => undefined, release: () => undefined };

/** Rows of the library in portions of any size. */
export type RowPortions = AsyncGenerator<Partial<LibraryRows>>;

/** Settings of an importer besides its files. */
export interface ImportSetting {
  /** The folder of schemas. */
  readonly resourcesDir: string;
  /** Whether rows of another source answer a code, by itself or by one that includes it. */
  readonly isMapped: (coding: Coding) => boolean;
  /** Finds to which kind of page a SNOMED CT code's rows lead; undefined: no code inherits another's page. */
  readonly findRow?: ((code: string) => PagesOfRow) | undefined;
}

/** An official release, or a site's own files, that the library can import. */
export interface ImportSource {
  /** Its name on the command line, and the source of its releases. */
  readonly name: string;
  /** One line of help. */
  readonly description: string;
  /**
   * Reads the files that it knows among those supplied and yields rows in portions of any size. Calls `log.release`
   * once.
   * @throws ImportError if its files are missing or truncated
   */
  read(files: readonly InputFile[], log: ImportLog, setting: ImportSetting): AsyncIterable<Partial<LibraryRows>>;
  /**
   * Finds the publisher's newest file, if there is a known address: the import then needs no place. @throws ImportError
   */
  readonly findNewest?: (addresses: PublisherAddresses, today: string) => Promise<NewestFile>;
}

/** Addresses of publishers' files, as configured by the site. */
export interface PublisherAddresses {
  readonly medlinePlusXmlUrl: string;
}

/** A file offered by a publisher. */
export interface NewestFile {
  readonly address: string;
  /** ISO 8601 day of its content, used as its release's version. */
  readonly date: string;
}

/** An unknown, damaged or truncated file: the import ends and changes nothing. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

/** The one file with a matching name, or that a test accepts; an error that names the wanted file if there is none, or more than one. */
export function findOneFile(
  files: readonly InputFile[],
  pattern: RegExp | ((file: InputFile) => boolean),
  wanted: string,
): InputFile {
  const found = files.filter((file) => (typeof pattern === 'function' ? pattern(file) : pattern.test(file.name)));
  const [file] = found;
  if (file && found.length === 1) return file;
  const names = (found.length > 1 ? found : files).map(({ label }) => label).slice(0, 5);
  const fault = found.length > 1 ? `more than one file may be ${wanted}` : `none of the files is ${wanted}`;
  throw new ImportError(`${fault}: ${names.join(', ') || 'there are no files'}`);
}

/** The one file with a matching name, or undefined; more than one is an error that names the wanted file. */
export function findOptionalFile(files: readonly InputFile[], pattern: RegExp, wanted: string): InputFile | undefined {
  return files.some(({ name }) => pattern.test(name)) ? findOneFile(files, pattern, wanted) : undefined;
}

/** The newest of the files' days, for a release without a date of its own. */
export function findNewestDay(files: readonly InputFile[]): string {
  return files.map(({ modifiedOn }) => modifiedOn).reduce((newest, day) => (day > newest ? day : newest), '');
}

/** Whether a file may accompany a release without being part of it: `.DS_Store`, a README. */
export function isBesideFiles(name: string): boolean {
  return /^\.|^readme(\.|$)/i.test(name);
}
