import { toCodeSet, type CodeRow } from '../build/changed-codes.js';
import type { CodeSet } from '../core/codes/code-changes.js';
import { listTruncations } from '../core/codes/code-hierarchy.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import type { Language } from '../core/model/language.js';
import type { Layer } from '../core/model/library.js';
import { buildLibraryFile, createDatabase, onDatabase, type OpenOptions } from './open.js';
import { isMachineError } from './damage.js';
import { describeRejection } from '../store/postgres/failures.js';
import type { LibraryRows, TextFacts } from '../build/source.js';
import type { Connection } from '../store/connection.js';
import { readContent, type ReleaseContent } from '../store/release-content.js';
import {
  type StoredRelease,
  activate,
  findActiveRelease,
  deactivate,
  listReleases,
  pruneReleases,
  findReplaced,
} from '../store/release-store.js';
import {
  articlesWithText,
  codesWithRows,
  listRowPages,
  nameCode,
  onReleaseFile,
  type RowPage,
} from '../build/articles-with-text.js';
import { ReleaseWriter } from '../build/release-writer.js';

/** Name of an import's release. */
export interface ImportIdentity {
  readonly source: string;
  readonly name: string;
  /** ISO 8601 day. */
  readonly builtOn: string;
}

/** Target of an import: an inactive release, then the swap. Nothing of it is seen before `finish`. */
export interface ImportTarget {
  /** The release's name: the requested one, with a number behind it if an earlier release had that name. */
  readonly name: string;
  write(rows: LibraryRows): Promise<void>;
  finish(complete: readonly CodeSystemId[]): Promise<ReleaseContent>;
  abort(): Promise<void>;
}

/** A rollback that cannot be done, and why. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

/** A site's own folder is its own layer; every other source of a command is imported. */
const findLayer = (source: string): Layer => (source === 'local' ? 'local' : 'imported');

/**
 * Every release of a library, the latest first, with those that are gone. It is only read: the user may have no right to more, and
 * the user's own settings must not cause a build for all.
 * @throws LibraryFileError
 */
export function readReleases(options: OpenOptions): Promise<StoredRelease[]> {
  const database = createDatabase(options);
  return onDatabase(database, async () => {
    const queries = await database.openQueries();
    try {
      return await listReleases(queries);
    } finally {
      await queries.close();
    }
  });
}

/** The releases of a library, for those who import and roll back. */
export class Releases {
  readonly #db: Connection;
  readonly #options: OpenOptions;

  private constructor(db: Connection, options: OpenOptions) {
    this.#db = db;
    this.#options = options;
  }

  /**
   * Opens the library for writing, built first where its files have changed.
   * @throws LibraryFileError
   */
  static async open(options: OpenOptions): Promise<Releases> {
    await buildLibraryFile(options);
    const database = createDatabase(options);
    return new Releases(await onDatabase(database, () => database.connect()), options);
  }

  #now(): Date {
    return this.#options.writer.clock();
  }

  /** Every release, the latest first, with those that are gone. */
  list(): Promise<StoredRelease[]> {
    return listReleases(this.#db);
  }

  /** Rows of a source's active import; undefined where it has none, or does not say. */
  async countRows(source: string): Promise<number | undefined> {
    const active = await findActiveRelease(this.#db, 'imported', source);
    if (!active) return undefined;
    const { rows } = readContent(active);
    return rows && Object.values(rows).reduce((sum, count) => sum + count, 0);
  }

  /**
   * The texts that an import of a source would replace: those of its active release; where it has none, those of the shipped files.
   * @returns with whether the source has an active release
   */
  async readTextsBefore(
    source: string,
  ): Promise<{ readonly texts: readonly TextFacts[]; readonly isImported: boolean }> {
    const imported = await findActiveRelease(this.#db, 'imported', source);
    const release = imported ?? (await findActiveRelease(this.#db, 'starter', 'starter'));
    if (!release) return { texts: [], isImported: false };
    type TextRow = { readonly id: string; readonly language: Language; readonly facts: string };
    const rows = await onReleaseFile(this.#db, release, (file) => file.read<TextRow>('texts'));
    const texts = rows.map(({ id, language, facts }) => {
      return { ...(JSON.parse(facts) as Omit<TextFacts, 'article' | 'language'>), article: id, language };
    });
    return { texts, isImported: imported !== undefined };
  }

  /** The codes of a source's active import, in systems in which a code inherits rows; undefined where it has none. */
  async readCodesBefore(source: string): Promise<CodeSet | undefined> {
    const active = await findActiveRelease(this.#db, 'imported', source);
    return active && onReleaseFile(this.#db, active, (file) => toCodeSet(file.read<CodeRow>('truncatedCodes')));
  }

  /** The name of a source's active release; undefined where it has none. */
  async activeName(source: string): Promise<string | undefined> {
    return (await findActiveRelease(this.#db, 'imported', source))?.name;
  }

  /** The articles that have a text, apart from what `source` has imported: that is what its next import replaces. */
  findArticles(source: string): Promise<ReadonlySet<string>> {
    return articlesWithText(this.#db, (release) => release.layer !== 'imported' || release.source !== source);
  }

  /** Finds whether rows answer a code, by itself or by one that includes it, apart from those that `source` has imported. */
  async findMapped(source: string): Promise<(coding: Coding) => boolean> {
    const known = await codesWithRows(this.#db, (release) => release.layer !== 'imported' || release.source !== source);
    return (coding) => listTruncations(coding).some((one) => known.has(nameCode(one)));
  }

  /** Lists the articles that rows of a system's codes lead to, apart from rows that `source` has imported. */
  listRowPages(system: CodeSystemId, source: string): Promise<ReadonlyMap<string, readonly RowPage[]>> {
    return listRowPages(this.#db, system, (release) => release.layer !== 'imported' || release.source !== source);
  }

  /**
   * Returns a name that no release has had: rollbacks and caches use it as a key, so that a version imported again needs another name.
   */
  async #unusedName(name: string): Promise<string> {
    const used = new Set((await this.list()).map((release) => release.name));
    let unused = name;
    for (let count = 2; used.has(unused); count += 1) unused = `${name}.${count}`;
    return unused;
  }

  /** Begins an import; it becomes active when it is finished. */
  async begin({ source, name: wantedName, builtOn }: ImportIdentity): Promise<ImportTarget> {
    await pruneReleases(this.#db);
    let name = await this.#unusedName(wantedName);
    const identity = { layer: 'imported', source, name, digest: '', builtOn } as const;
    const release = new ReleaseWriter(this.#db, identity, this.#options.resourcesDir);
    const { releases } = this.#db;
    return {
      get name() {
        return name;
      },
      write: async (rows) => {
        releases.checkRoom();
        await release.write(rows);
      },
      finish: async (complete) => {
        releases.checkRoom();
        // Another import may have used the name meanwhile.
        const nameNow = async (): Promise<string> => (name = await this.#unusedName(wantedName));
        const content = await release.finish(complete, this.#now(), nameNow);
        try {
          await pruneReleases(this.#db);
        } catch (error) {
          // It is in use: what it has replaced can be cleared away another time.
          if (!isMachineError(error) && describeRejection(error) === undefined) throw error;
        }
        return content;
      },
      abort: async () => {
        release.abort();
      },
    };
  }

  /** The releases of an imported source that hold their rows. */
  async #listWhole(source: string): Promise<StoredRelease[]> {
    if (source === 'starter' || (source === 'local' && !this.#options.database)) {
      throw new ReleaseError(`${source} is built from its files: there is nothing to go back to but other files`);
    }
    const ofSource = (await this.list()).filter(
      (release) => release.layer === findLayer(source) && release.source === source,
    );
    return ofSource.filter(({ state }) => state === 'ready');
  }

  /**
   * Returns a source to the release that its active one replaced, or to the one named. It is chosen under the writers' lock:
   * otherwise it could undo, or report, what another process activates meanwhile.
   * @returns the release that is active now
   * @throws ReleaseError, ReleaseLostError
   */
  rollback(source: string, to?: string): Promise<StoredRelease> {
    return this.#db.transaction(async () => {
      const target = await this.#findTarget(source, to);
      await activate(this.#db, target, this.#now());
      return target;
    });
  }

  /** Release to which a rollback returns. @throws ReleaseError */
  async #findTarget(source: string, to: string | undefined): Promise<StoredRelease> {
    const whole = await this.#listWhole(source);
    const active = whole.find(({ isActive }) => isActive);
    const others = whole.filter(({ isActive }) => !isActive).map(({ name }) => name);
    const retained = others.length > 0 ? `kept and to be had by --to: ${others.join(', ')}` : 'no other is kept';
    if (to === active?.name && to !== undefined) throw new ReleaseError(`${to} is in use already`);
    if (to === undefined && !active) throw new ReleaseError(`no release of ${source} is in use; ${retained}`);
    const target = to === undefined ? active && findReplaced(whole, active) : whole.find(({ name }) => name === to);
    if (target) return target;
    if (to !== undefined) throw new ReleaseError(`there is no release ${to} of ${source} to go back to; ${retained}`);
    const name = active?.name ?? source;
    throw new ReleaseError(
      `there is no release before ${name} to go back to; ${retained}; --remove takes ${source} out of the library`,
    );
  }

  /**
   * Removes a source from the library; its last releases are retained for a rollback.
   * @throws ReleaseError
   */
  remove(source: string): Promise<void> {
    return this.#db.transaction(async () => {
      if (!(await this.#listWhole(source)).some(({ isActive }) => isActive)) {
        throw new ReleaseError(`no release of ${source} is in use`);
      }
      await deactivate(this.#db, findLayer(source), source, this.#now());
    });
  }

  async close(): Promise<void> {
    try {
      await this.#db.settle();
    } catch (error) {
      // On a full disk the log stays; the earlier error is the one to report.
      if (!isMachineError(error)) throw error;
    } finally {
      await this.#db.close();
    }
  }
}
