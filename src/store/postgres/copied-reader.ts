import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import { HISTORY_STATEMENTS, type Connection, type StoreReader } from '../connection.js';
import { hasFile, type StoredRelease } from '../release-store.js';
import { WRITTEN } from '../written-log.js';
import { copyLog, copyReleases, holdsLibrary } from './copy-store.js';
import type { ServerPool } from './server-pool.js';
import { createSharedRun } from './shared-run.js';
import { readPostgresStatement } from '../read-statement.js';
import { toJson } from './value.js';

/** A look under way has so long to end when the reader is closed. */
const LAST_LOOK_MS = 1000;

/** Called once when the copy cannot be updated though the server answers, with the reason, and once when it can again. */
export type OnCopied = (isUpToDate: boolean, reason?: unknown) => void;

interface CopiedParts {
  /** The server; the reader closes it. */
  readonly server: ServerPool;
  /** Reads the copy; the reader closes it. */
  readonly local: StoreReader;
  /** Writes to the copy; the reader closes it. */
  readonly copy: Connection;
  readonly resourcesDir: string;
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

/** Reads a library in PostgreSQL from a copy on this machine, which follows the server. */
export interface CopiedReader extends StoreReader {
  /**
   * Updates the copy from the server: first the site's writes, then the releases, whose files are fetched. The log does not wait for a
   * fetch under way. Rejects if the copy cannot be updated.
   */
  readonly follow: () => Promise<void>;
}

/**
 * Reads a library in PostgreSQL from a copy on this machine, which follows the server: no request waits for the server, and
 * all that was read before is answered while it is away.
 */
export function createCopiedReader({ server, local, copy, resourcesDir, onCopied }: CopiedParts): CopiedReader {
  const statements = new Map(HISTORY_STATEMENTS.map((name) => [name, readPostgresStatement(resourcesDir, name)]));
  /** The server's version as last seen, and those of the log and of the releases that the copy has; undefined: not known. */
  let seen: ServerVersion | undefined;
  let copiedLog: string | undefined;
  let copiedReleases: string | undefined;
  let releases: readonly StoredRelease[] = [];
  /** The last piece of writing to the copy. */
  let lastWrite: Promise<unknown> = Promise.resolve();
  let behindSince: Date | undefined;
  let isClosed = false;

  const note = (isUpToDate: boolean, reason?: unknown): void => {
    if ((behindSince === undefined) === isUpToDate) return;
    behindSince = isUpToDate ? undefined : new Date();
    onCopied?.(isUpToDate, reason);
  };
  const noteFailure = (error: unknown): void => {
    if (server.awaySince === undefined && !isClosed) note(false, error);
  };
  /** Writes to the copy, one piece of work after the other: they share its connection. */
  const inTurn = async (write: () => Promise<void>): Promise<void> => {
    const done = lastWrite.then(write);
    lastWrite = done.catch(() => undefined);
    await done;
  };
  /** Whether the files of all releases are still here: another process on this machine may have removed one. */
  const hasFiles = (): boolean => releases.every((release) => !hasFile(release) || local.releases.has(release));

  const log = createSharedRun(async () => {
    try {
      const version = await server.version();
      // A database that was created anew under a running group is filled by the next start: until then the copy stays as it is.
      if (version === undefined && (await holdsLibrary(copy))) throw new Error('the database holds no library');
      seen = toVersion(version);
      const wanted = seen.log;
      if (wanted === copiedLog) return;
      await server.inSnapshot((snapshot) => inTurn(() => copyLog(snapshot, copy)));
      copiedLog = wanted;
    } catch (error) {
      noteFailure(error);
      throw error;
    }
  });
  const list = createSharedRun(async () => {
    const { releases: wanted = '' } = seen ?? {};
    if (wanted === copiedReleases && hasFiles()) return;
    try {
      releases = await server.inSnapshot((snapshot) => copyReleases(snapshot, copy, inTurn));
      copiedReleases = wanted;
    } catch (error) {
      noteFailure(error);
      throw error;
    }
  });
  const follow = async (): Promise<void> => {
    await log.join();
    await list.join();
    note(true);
  };

  return {
    // What the copy answers by itself.
    all: local.all.bind(local),
    read: local.read.bind(local),
    check: local.check.bind(local),
    isPassing: local.isPassing.bind(local),
    unavailable: local.unavailable.bind(local),
    releases: local.releases,
    follow,
    lag: () => {
      if (server.awaySince) return { reason: 'away', since: server.awaySince };
      return behindSince && { reason: 'behind', since: behindSince };
    },
    catchUp: async () => {
      if (!(await isDoneWithin(log.again(), LIMITS.catchUpMs))) throw new RequestError('library-unavailable');
    },
    /** Something that is another after the copy has changed; the next change is looked for meanwhile. */
    version: () => {
      if (!isClosed) follow().catch(() => undefined);
      return local.version();
    },
    readHistory: async (name, argument) => {
      try {
        return await server.all(statements.get(name) ?? '', toJson(argument));
      } catch (error) {
        throw server.unavailable(error);
      }
    },
    connections: () => server.connections(),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      // A look that waits for a connection of a pool that has ended would wait until it gives up.
      const ended = async (): Promise<void> => {
        await log.ended();
        await list.ended();
      };
      await isDoneWithin(ended(), LAST_LOOK_MS);
      // What is still under way ends with its connection.
      await server.close();
      await ended();
      await copy.close();
      await local.close();
    },
  };
}
