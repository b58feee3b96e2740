import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ReleaseFolder } from '../../store/release-folder.js';
import type { HeldRelease } from './held-release.js';
import { ReleaseFile } from './release-file.js';

/** A file that could not be read may be readable again without a change that its facts show: a disk that is back. */
const READ_AGAIN_MS = 10_000;

/** Last look at a file that was found damaged. */
interface Look {
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
  /** Looks at damaged files. */
  #damaged = new Map<HeldRelease, Look>();

  constructor(releases: ReleaseFolder, tell: (areWhole: boolean, reason?: unknown) => void = () => undefined) {
    this.#releases = releases;
    this.#tell = tell;
  }

  /**
   * Compares files that have failed with their digests; one that is whole is marked as replaced.
   * @returns whether a file was marked
   */
  async check(files: readonly HeldRelease[]): Promise<boolean> {
    const wasDamaged = this.#damaged.size > 0;
    const looks = new Map<HeldRelease, Look>();
    let isOneReplaced = false;
    for (const file of files) {
      const failure = file.failure;
      if (!(file instanceof ReleaseFile) || failure === undefined) continue;
      const look = await this.#look(file);
      if (look === undefined) {
        file.noteReplaced();
        isOneReplaced = true;
        continue;
      }
      looks.set(file, look);
      if (!wasDamaged && looks.size === 1) this.#tell(false, new Error(`${file.place.path}: ${String(failure)}`));
    }
    this.#damaged = looks;
    if (wasDamaged && looks.size === 0) this.#tell(true);
    return isOneReplaced;
  }

  /** Undefined: the file is whole. */
  async #look(file: ReleaseFile): Promise<Look | undefined> {
    const { path } = file.place;
    const look = { facts: describeFile(path), at: performance.now() };
    const last = this.#damaged.get(file);
    if (last?.facts === look.facts && look.at - last.at < READ_AGAIN_MS) return last;
    const found = await this.#releases.measure(path).catch(() => undefined);
    return found?.file === basename(path, '.db') ? undefined : look;
  }
}
