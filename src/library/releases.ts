import Database from 'better-sqlite3';
import type { CodeSystemId } from '../core/code-systems.js';
import type { OpenOptions } from './open.js';
import { WRITE_LOCK_WAIT_MS, buildLibraryFile, onFile } from './open.js';
import type { LibraryRows } from './source.js';
import type { StoredRelease } from './sqlite/release-store.js';
import {
  activate,
  activeReleaseOf,
  deactivate,
  listReleases,
  pruneReleases,
  replacedBy,
} from './sqlite/release-store.js';
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
  /** The release's name: the asked one, with a number behind it where a release of that name was here before. */
  readonly name: string;
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

  /** Whether an article has a text, apart from what `source` has imported: that is what its next import replaces. */
  hasArticle(source: string, id: string): boolean {
    const others = "SELECT release FROM active_release WHERE NOT (layer = 'imported' AND source = ?)";
    const text = this.#db.prepare(`SELECT 1 FROM article_text WHERE article = ? AND release IN (${others})`);
    return text.get(id, source) !== undefined;
  }

  /**
   * A name that no release has had: rollbacks go by it, and answers are kept by it, so that one version imported again
   * must not be taken for what was imported first.
   */
  #unusedName(name: string): string {
    const used = new Set(this.list().map((release) => release.name));
    let unused = name;
    for (let count = 2; used.has(unused); count += 1) unused = `${name}.${count}`;
    return unused;
  }

  /** Begins an import; it becomes active when it is finished. */
  begin({ source, name: asked, builtOn }: ImportIdentity): ImportTarget {
    const { writer } = this.#options;
    pruneReleases(this.#db, writer.isDead, this.#now());
    const name = this.#unusedName(asked);
    const identity = { layer: 'imported', source, name, digest: '', builtOn, writer: writer.name } as const;
    const release = new ReleaseWriter(this.#db, identity, this.#now());
    return {
      name,
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

  /** The releases of an imported source that hold their rows. */
  #wholeOf(source: string): StoredRelease[] {
    if (source === 'starter' || source === 'local') {
      throw new ReleaseError(`${source} is built from its files: there is nothing to go back to but other files`);
    }
    const ofSource = this.list().filter((release) => release.layer === 'imported' && release.source === source);
    return ofSource.filter(({ state }) => state === 'ready');
  }

  /**
   * Returns a source to the release that its active one replaced, or to the one named.
   * @returns the release that is active now
   * @throws ReleaseError
   */
  rollback(source: string, to?: string): StoredRelease {
    const whole = this.#wholeOf(source);
    const active = whole.find(({ isActive }) => isActive);
    const others = whole.filter(({ isActive }) => !isActive).map(({ name }) => name);
    const kept = others.length > 0 ? `kept and to be had by --to: ${others.join(', ')}` : 'no other is kept';
    if (to === active?.name && to !== undefined) throw new ReleaseError(`${to} is in use already`);
    if (to === undefined && !active) throw new ReleaseError(`no release of ${source} is in use; ${kept}`);
    const target = to === undefined ? active && replacedBy(whole, active) : whole.find(({ name }) => name === to);
    if (target) {
      this.#db
        .transaction(() => {
          activate(this.#db, target, this.#now());
        })
        .immediate();
      return target;
    }
    if (to !== undefined) throw new ReleaseError(`there is no release ${to} of ${source} to go back to; ${kept}`);
    const name = active?.name ?? source;
    throw new ReleaseError(
      `there is no release before ${name} to go back to; ${kept}; --remove takes ${source} out of the library`,
    );
  }

  /**
   * Takes a source out of the library; its last releases are kept to come back to.
   * @throws ReleaseError
   */
  remove(source: string): void {
    if (!this.#wholeOf(source).some(({ isActive }) => isActive)) {
      throw new ReleaseError(`no release of ${source} is in use`);
    }
    this.#db
      .transaction(() => {
        deactivate(this.#db, 'imported', source, this.#now());
      })
      .immediate();
  }

  close(): void {
    // What was written goes from the log into the file, so that the log does not stay as large as the import.
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
    this.#db.close();
  }
}
