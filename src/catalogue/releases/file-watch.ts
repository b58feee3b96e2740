import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ReleaseFolder } from '../../store/release-folder.js';
import type { ReleaseFile } from './release-file.js';

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
export class FileWatch {
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
