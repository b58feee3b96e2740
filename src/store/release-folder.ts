import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  statfsSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DiskFullError } from './failures.js';
import { findObstacle } from './sqlite/find-obstacle.js';

const FINISHED = /^([\da-f]{64})\.db$/;
const UNFINISHED = '.unfinished';
/** A file that is being written and was not touched for so long is a dead writer's. */
const DEAD_AFTER_MS = 600_000;
/** Room that an import leaves on the disk: a site's writes need room too. */
const RESERVED_BYTES = 16 * 1024 * 1024;

/** A finished file of a release. */
export interface FinishedFile {
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly file: string;
  readonly bytes: number;
}

/** Waits until what was written to a file, or to a folder, is on the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The folder of release files on this machine. Each file bears the digest of its bytes as its name and is never written again, so
 * processes share the folder without locks. It must be on a local disk.
 */
export class ReleaseFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  buildPath(file: string): string {
    return join(this.path, `${file}.db`);
  }

  /** The digests of the finished files. */
  list(): string[] {
    return this.#names().flatMap((name) => FINISHED.exec(name)?.[1] ?? []);
  }

  /** Whether a file of this name and size is there; its bytes are not read. */
  has({ file, bytes }: FinishedFile): boolean {
    const path = this.buildPath(file);
    return existsSync(path) && statSync(path).size === bytes;
  }

  /** Returns how a file differs from its name and size; undefined where it is whole. It reads all of it. */
  async findDamage({ file, bytes }: FinishedFile): Promise<string | undefined> {
    const path = this.buildPath(file);
    if (!existsSync(path)) return 'it is missing';
    const { size } = statSync(path);
    if (size !== bytes) return `it has ${size} bytes in place of ${bytes}`;
    try {
      return (await this.measure(path)).file === file ? undefined : 'its bytes do not have its digest';
    } catch (error) {
      return `it cannot be read: ${(error as Error).message}`;
    }
  }

  /** A place for a file that is yet to be written. @throws NodeJS.ErrnoException, with the way out, where nothing can be written */
  newPath(): string {
    const path = join(this.path, `${randomUUID()}${UNFINISHED}`);
    const obstacle = findObstacle(path);
    if (obstacle !== undefined) {
      const message = `the files of releases cannot be kept: ${obstacle}`;
      throw Object.assign(new Error(message), { code: 'EACCES', syscall: 'open' });
    }
    mkdirSync(this.path, { recursive: true });
    return path;
  }

  /** The digest and size of a file. */
  async measure(path: string): Promise<FinishedFile> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { file: hash.digest('hex'), bytes };
  }

  /** The bytes of a file, in pieces of at most so many. */
  read(file: string, bytes: number): AsyncIterable<Buffer> {
    return createReadStream(this.buildPath(file), { highWaterMark: bytes }) as AsyncIterable<Buffer>;
  }

  /** Gives a written file the name of its digest, once it is on the disk. */
  async put(written: string, { file }: FinishedFile): Promise<void> {
    await sync(written);
    renameSync(written, this.buildPath(file));
    await sync(this.path);
  }

  /** @throws DiskFullError where an import would take the room that other writes need */
  checkRoom(): void {
    mkdirSync(this.path, { recursive: true });
    const { bavail, bsize } = statfsSync(this.path);
    if (bavail * bsize < RESERVED_BYTES) throw new DiskFullError('its disk has no room for an import');
  }

  /**
   * Removes all other files, and what dead writers left.
   * @param graceMs newer files stay: another process may have fetched one that this one does not know yet
   */
  prune(retained: ReadonlySet<string>, graceMs = 0): void {
    for (const name of this.#names()) {
      const [, file] = FINISHED.exec(name) ?? [];
      const isWasted =
        file === undefined
          ? name.includes(UNFINISHED) && this.#isOlder(name, DEAD_AFTER_MS)
          : !retained.has(file) && this.#isOlder(name, graceMs);
      // A system that does not remove what another process has open leaves it for the next time.
      if (isWasted) rmSync(join(this.path, name), { force: true });
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.path);
    } catch {
      return [];
    }
  }

  #isOlder(name: string, ms: number): boolean {
    const facts = statSync(join(this.path, name), { throwIfNoEntry: false });
    return facts !== undefined && Date.now() - facts.mtimeMs >= ms;
  }

  /** The folder that belongs to a library file. */
  static beside(libraryPath: string): ReleaseFolder {
    const name = libraryPath.slice(dirname(libraryPath).length + 1).replace(/\.db$/, '');
    return new ReleaseFolder(join(dirname(libraryPath), `${name}-releases`));
  }
}
