import type { StoreReader } from '../store/connection.js';
import { readServed, type Served, type ServedOptions } from './read-served.js';
import { MissingFileError, type ReleaseFile } from './releases/release-file.js';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ReleaseFolder } from '../store/release-folder.js';

/** A file that could not be read may be readable again without a change that its facts show: a disk that is back. */
const READ_AGAIN_MS = 10_000;

/** The last check of a file that was found damaged. */
interface Check {
  readonly facts: string;
  readonly at: number;
}

function describeFile(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return '';
  }
}

/** Watches served files that could not be read: each is compared with its digest until it is whole or no longer served. */
class FileWatch {
  readonly #releases: ReleaseFolder;
  readonly #tell: (areWhole: boolean, reason?: unknown) => void;
  /** The damaged files, each with its last check. */
  #damaged = new Map<ReleaseFile, Check>();

  constructor(releases: ReleaseFolder, tell: (areWhole: boolean, reason?: unknown) => void = () => undefined) {
    this.#releases = releases;
    this.#tell = tell;
  }

  /**
   * Compares files that have failed with their digests; one that is whole is marked as replaced.
   * @returns whether a file was marked
   */
  async check(files: readonly ReleaseFile[]): Promise<boolean> {
    const wasDamaged = this.#damaged.size > 0;
    const damaged = new Map<ReleaseFile, Check>();
    let isOneReplaced = false;
    for (const file of files) {
      const failure = file.failure;
      if (failure === undefined) continue;
      const check = await this.#compare(file);
      if (check === undefined) {
        file.noteReplaced();
        isOneReplaced = true;
        continue;
      }
      damaged.set(file, check);
      if (wasDamaged || damaged.size > 1) continue;
      this.#tell(false, new Error(`${file.place.path}: ${failure instanceof Error ? failure.message : 'unreadable'}`));
    }
    this.#damaged = damaged;
    if (wasDamaged && damaged.size === 0) this.#tell(true);
    return isOneReplaced;
  }

  /** Undefined: the file is whole. */
  async #compare(file: ReleaseFile): Promise<Check | undefined> {
    const { path } = file.place;
    const check = { facts: describeFile(path), at: performance.now() };
    const last = this.#damaged.get(file);
    if (last?.facts === check.facts && check.at - last.at < READ_AGAIN_MS) return last;
    const found = await this.#releases.measure(path).catch(() => undefined);
    return found?.file === basename(path, '.db') ? undefined : check;
  }
}

/** Interval at which a swap by another process is looked for. */
const POLL_MS = 250;

/** The releases that a process serves: it follows the store, and replaces them all together when a swap is noticed. */
export class ServedReleases {
  readonly reader: StoreReader;
  readonly #options: ServedOptions;
  readonly #poll: NodeJS.Timeout | undefined;
  /** State that is served now: the same object until a swap is noticed, or the store is lost or comes back. */
  now: Served;
  #version: unknown;
  /** A look for a swap that is under way. */
  #look: Promise<void> | undefined;
  readonly #watch: FileWatch;
  /** A check of failed files that is under way. */
  #watching: Promise<void> | undefined;

  private constructor(reader: StoreReader, options: ServedOptions, first: Served, version: unknown) {
    this.reader = reader;
    this.#options = options;
    this.now = first;
    this.#version = version;
    this.#watch = new FileWatch(reader.releases, options.onFiles);
    if (options.followsByItself === false) return;
    this.#poll = setInterval(() => void this.follow(), POLL_MS);
    this.#poll.unref();
  }

  /** Opens what a store holds; it closes the reader when it is closed. */
  static async open(reader: StoreReader, options: ServedOptions): Promise<ServedReleases> {
    const version = await reader.version();
    return new ServedReleases(reader, options, await readServed(reader, options, undefined), version);
  }

  /**
   * Sees what was written by now.
   * @throws RequestError `library-unavailable` where that takes too long
   */
  async noticeSwap(): Promise<void> {
    await this.reader.catchUp?.();
    await this.#lookAgain();
  }

  /** Checks for a swap and for failed files, unless either check is under way. */
  async follow(): Promise<void> {
    if (!this.#look) await this.#lookAgain();
    await (this.#watching ??= this.#watchFiles());
  }

  /** Checks for a swap. A check that is running may have begun before the swap: it is awaited first. */
  async #lookAgain(): Promise<void> {
    while (this.#look) await this.#look;
    this.#look = this.#lookForSwap();
    await this.#look;
    this.#look = undefined;
  }

  /**
   * Reads which releases are in use where their version has changed. A store that is no longer what it was makes the library
   * unavailable until a later look finds it whole; it never ends the process.
   */
  async #lookForSwap(): Promise<void> {
    const before = this.now;
    try {
      const version = await this.reader.version();
      if (version === this.#version) return;
      const served = await readServed(this.reader, this.#options, before);
      if (served !== before || before.failure !== undefined) this.#serve({ ...served, failure: undefined });
      this.#version = version;
    } catch (error) {
      // A missing file belongs to a state that is over, or is being fetched: the served state stays.
      if (this.reader.isPassing(error) || error instanceof MissingFileError) return;
      // The content in memory is of a library that is no longer there. A library that is still away is nothing new.
      if (before.failure === undefined) this.#serve({ ...before, failure: error });
      // No version is this one: the next look reads everything anew.
      this.#version = undefined;
    }
  }

  /** Opens served files anew that had failed and are whole again. */
  async #watchFiles(): Promise<void> {
    const isOneReplaced = await this.#watch.check(this.now.contents.files);
    this.#watching = undefined;
    if (!isOneReplaced) return;
    // No version is this one: the next look opens them.
    this.#version = undefined;
    await this.#lookAgain();
  }

  /** Serves this from now on; files that are no longer in use are closed. */
  #serve(served: Served): void {
    const before = this.now;
    this.now = served;
    const { failure, contents } = served;
    if (failure !== before.failure) this.reader.tell?.(failure === undefined, failure);
    for (const file of before.contents.files) if (!contents.files.includes(file)) file.close();
  }

  /** Whether the store and the served files can be read, and are what they were. */
  async check(): Promise<boolean> {
    try {
      await this.reader.check();
      const { failure, contents } = this.now;
      return failure === undefined && contents.files.every((file) => file.failure === undefined);
    } catch (error) {
      // After this is reported, nothing is served from memory.
      if (!this.reader.isPassing(error)) await this.#lookAgain();
      return false;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#poll);
    await this.#watching;
    await this.#look;
    await this.reader.close();
    for (const file of this.now.contents.files) file.close();
  }
}
