import { RequestError } from '../../core/errors.js';
import type { DatabaseConnections, StoreLag } from '../../core/model/library.js';
import { LIMITS } from '../../limits.js';
import type { Connection, StoreReader, Value } from '../connection.js';
import type { ReleaseFolder } from '../release-folder.js';
import { hasFile, type StoredRelease } from '../release-store.js';
import { WRITTEN } from '../written-log.js';
import { copyLog, copyReleases, holdsLibrary } from './copy-store.js';
import type { SqliteReader } from '../sqlite/sqlite-reader.js';
import type { ServerPool, ServerSnapshot } from './server-pool.js';

/** Work of which at most one run is under way. */
function createSharedRun(work: () => Promise<void>) {
  let running: Promise<void> | undefined;
  /** Resolves when the run under way ends, successful or not. */
  const ended = async (): Promise<void> => {
    await running?.catch(() => undefined);
  };
  /** Joins the run under way, or starts one. */
  const join = (): Promise<void> => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
  /** Starts a run after the one under way, which may have begun before what the caller waits for; callers share it. */
  const again = async (): Promise<void> => {
    await ended();
    await join();
  };
  return { ended, join, again };
}

/** A look under way has so long to end when the reader is closed. */
const LAST_LOOK_MS = 1000;

/** Called once when the copy cannot be updated though the server answers, with the reason, and once when it can again. */
export type OnCopied = (isUpToDate: boolean, reason?: unknown) => void;

export interface CopiedParts {
  /** The server; the reader closes it. */
  readonly server: ServerPool;
  /** Reads the copy; the reader closes it. */
  readonly local: SqliteReader;
  /** Writes to the copy; the reader closes it. */
  readonly copy: Connection;
  readonly onCopied: OnCopied | undefined;
}

/** The releases in use, by what brings them to the copy. */
interface ServerVersion {
  readonly log: string;
  readonly releases: string;
}

/** @param version as ServerPool returns it */
function toVersion(version = ''): ServerVersion {
  const isOfLog = (entry: string): boolean => entry.startsWith(`${WRITTEN.layer} ${WRITTEN.source} `);
  const entries = version.split(',');
  return {
    log: entries.filter(isOfLog).join(','),
    releases: entries.filter((entry) => !isOfLog(entry)).join(','),
  };
}

/** Resolves with whether a promise was fulfilled within so many milliseconds. */
async function isDoneWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, ms, false)));
  const done = work.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads a library in PostgreSQL from a copy on this machine, which follows the server: no request waits for the server, and
 * all that was read before is answered while it is away.
 */
export class CopiedReader implements StoreReader {
  /** Reads that the copy answers by itself. */
  readonly all: StoreReader['all'];
  readonly read: StoreReader['read'];
  readonly check: StoreReader['check'];
  readonly isPassing: StoreReader['isPassing'];
  readonly unavailable: StoreReader['unavailable'];
  readonly releases: ReleaseFolder;
  readonly resourcesDir: string;
  readonly #place: CopiedParts;
  readonly #log = createSharedRun(() => this.#followLog());
  readonly #list = createSharedRun(() => this.#followReleases());
  /** The server's version as last seen, and those of the log and of the releases that the copy has; undefined: not known. */
  #seen: ServerVersion | undefined;
  #copiedLog: string | undefined;
  #copiedReleases: string | undefined;
  #releases: readonly StoredRelease[] = [];
  /** The last piece of writing to the copy. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #behindSince: Date | undefined;
  #isClosed = false;

  constructor(place: CopiedParts) {
    const { local } = place;
    this.#place = place;
    this.all = local.all.bind(local);
    this.read = local.read.bind(local);
    // A copy that was deleted is read and updated on while it is open: the store is not in it, and a start makes another.
    this.check = async () => {
      await local.version();
      local.checkReads();
    };
    this.isPassing = local.isPassing.bind(local);
    this.unavailable = local.unavailable.bind(local);
    this.releases = local.releases;
    this.resourcesDir = local.resourcesDir;
  }

  lag(): StoreLag | undefined {
    const { awaySince } = this.#place.server;
    if (awaySince) return { reason: 'away', since: awaySince };
    return this.#behindSince && { reason: 'behind', since: this.#behindSince };
  }

  /**
   * Updates the copy from the server: first the site's writes, then the releases, whose files are fetched. The log does not wait for a
   * fetch under way. Rejects if the copy cannot be updated.
   */
  async follow(): Promise<void> {
    await this.#log.join();
    await this.#list.join();
    this.#note(true);
  }

  async #followLog(): Promise<void> {
    const { server, copy } = this.#place;
    try {
      const version = await server.version();
      // A database that was created anew under a running group is filled by the next start: until then the copy stays as it is.
      if (version === undefined && (await holdsLibrary(copy))) throw new Error('the database holds no library');
      this.#seen = toVersion(version);
      const { log } = this.#seen;
      if (log === this.#copiedLog) return;
      await server.inSnapshot((snapshot) => this.#inTurn(() => copyLog(snapshot, copy)));
      this.#copiedLog = log;
    } catch (error) {
      this.#fail(error);
    }
  }

  async #followReleases(): Promise<void> {
    const { server, copy } = this.#place;
    const { releases = '' } = this.#seen ?? {};
    if (releases === this.#copiedReleases && this.#hasFiles()) return;
    try {
      const copyList = (snapshot: ServerSnapshot) => copyReleases(snapshot, copy, (write) => this.#inTurn(write));
      this.#releases = await server.inSnapshot(copyList);
      this.#copiedReleases = releases;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes to the copy, one piece of work after the other: they share its connection. */
  async #inTurn(write: () => Promise<void>): Promise<void> {
    const done = this.#lastWrite.then(write);
    this.#lastWrite = done.catch(() => undefined);
    await done;
  }

  /** Whether the files of all releases are still here: another process on this machine may have removed one. */
  #hasFiles(): boolean {
    const { releases } = this.#place.local;
    return this.#releases.every((release) => !hasFile(release) || releases.has(release));
  }

  #fail(error: unknown): never {
    if (this.#place.server.awaySince === undefined && !this.#isClosed) this.#note(false, error);
    throw error;
  }

  #note(isUpToDate: boolean, reason?: unknown): void {
    if ((this.#behindSince === undefined) === isUpToDate) return;
    this.#behindSince = isUpToDate ? undefined : new Date();
    this.#place.onCopied?.(isUpToDate, reason);
  }

  /** @throws RequestError `library-unavailable` if the copy does not have within two seconds what the site has written by now */
  async catchUp(): Promise<void> {
    if (!(await isDoneWithin(this.#log.again(), LIMITS.catchUpMs))) throw new RequestError('library-unavailable');
  }

  /** A value that changes with the copy; the next change is checked for meanwhile. */
  version(): Promise<unknown> {
    if (!this.#isClosed) this.follow().catch(() => undefined);
    return this.#place.local.version();
  }

  async readStored<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    const { server } = this.#place;
    try {
      return await server.all<Row>(sql, ...values);
    } catch (error) {
      throw server.unavailable(error);
    }
  }

  connections(): DatabaseConnections {
    return this.#place.server.connections();
  }

  async close(): Promise<void> {
    const { server, local, copy } = this.#place;
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A look that waits for a connection of a pool that has ended would wait until it gives up.
    const ended = async (): Promise<void> => {
      await this.#log.ended();
      await this.#list.ended();
    };
    await isDoneWithin(ended(), LAST_LOOK_MS);
    // Work that is still under way ends with its connection.
    await server.close();
    await ended();
    await copy.close();
    await local.close();
  }
}
