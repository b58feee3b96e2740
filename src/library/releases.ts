import Database from 'better-sqlite3';
import type { CodeSystemId } from '../core/code-systems.js';
import type { OpenOptions } from './open.js';
import { WRITE_LOCK_WAIT_MS, buildLibraryFile, onFile } from './open.js';
import type { LibraryRows } from './source.js';
import type { StoredRelease } from './sqlite/release-store.js';
import { activate, activeReleaseOf, deactivate, listReleases, pruneReleases } from './sqlite/release-store.js';
import type { ReleaseContent } from './sqlite/release-writer.js';
import { ReleaseWriter } from './sqlite/release-writer.js';

/** What an import's release is called. */
export interface ImportIdentity {
  readonly source: string;
  readonly name: string;
  /** ISO 8601 day. */
  readonly builtOn: string;
}

/** Where an import is written: an inactive release, then the swap. Nothing of it is seen before `finish`. */
export interface ImportTarget {
  write(rows: LibraryRows): void;
  finish(complete: readonly CodeSystemId[]): ReleaseContent;
  abort(): void;
}

/** A rollback that cannot be done, and why. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** The releases of a library file, for those who import, look and roll back. */
export class Releases {
  readonly #db: Database.Database;
  readonly #options: OpenOptions;

  /**
   * Opens the file for writing, built first where its files have changed.
   * @throws LibraryFileError
   */
  constructor(options: OpenOptions) {
    this.#options = options;
    buildLibraryFile(options);
    this.#db = onFile(options.libraryPath, () => new Database(options.libraryPath, { timeout: WRITE_LOCK_WAIT_MS }));
    this.#db.pragma('synchronous = FULL');
  }

  #now(): Date {
    return this.#options.writer.clock();
  }

  /** Every release, the latest first, with those that are gone. */
  list(): StoredRelease[] {
    return listReleases(this.#db);
  }

  /** Rows of a source's active import; undefined where it has none. */
  rowsOf(source: string): number | undefined {
    const active = activeReleaseOf(this.#db, 'imported', source);
    if (!active) return undefined;
    const { rows } = JSON.parse(active.content) as ReleaseContent;
    return Object.values(rows).reduce((sum, count) => sum + count, 0);
  }

  /** Begins an import; it becomes active when it is finished. */
  begin({ source, name, builtOn }: ImportIdentity): ImportTarget {
    const { writer } = this.#options;
    const identity = { layer: 'imported', source, name, digest: '', builtOn, writer: writer.name } as const;
    pruneReleases(this.#db, writer.isDead, this.#now());
    const release = new ReleaseWriter(this.#db, identity, this.#now());
    return {
      write: (rows) => {
        release.write(rows, this.#now());
      },
      finish: (complete) => {
        const content = release.finish(complete, this.#now());
        pruneReleases(this.#db, writer.isDead, this.#now());
        return content;
      },
      abort: () => {
        release.abort();
      },
    };
  }

  /**
   * Returns a source to the release before its active one, or to the one named; the first import of a source is taken out.
   * @returns the release that is active now; undefined where none of the source is
   * @throws ReleaseError
   */
  rollback(source: string, to?: string): StoredRelease | undefined {
    const ofSource = this.list().filter((release) => release.layer === 'imported' && release.source === source);
    const active = ofSource.find(({ isActive }) => isActive);
    if (!active) throw new ReleaseError(`no release of ${source} is in use`);
    const whole = ofSource.filter(({ state, isActive }) => state === 'ready' && !isActive);
    const target = to === undefined ? whole.find(({ id }) => id < active.id) : whole.find(({ name }) => name === to);
    if (target) activate(this.#db, target.id, this.#now());
    else if (to === undefined) deactivate(this.#db, 'imported', source);
    else throw new ReleaseError(`there is no release ${to} of ${source} to go back to`);
    return target;
  }

  close(): void {
    // What was written goes from the log into the file, so that the log does not stay as large as the import.
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }
}
