import { RequestError } from '../../core/errors.js';
import type { DatabaseConnections, StoreLag } from '../../core/model/library.js';
import { LIMITS } from '../../limits.js';
import type { Connection, HistoryStatementName, StoreReader, Value, WrittenStatementName } from '../connection.js';
import { HISTORY_STATEMENTS } from '../connection.js';
import type { ReleaseFolder } from '../release-folder.js';
import type { StoredRelease } from '../release-store.js';
import { copyStore } from './copy-store.js';
import type { ServerPool } from './server-pool.js';
import { readStatement } from './statements.js';
import { toJson } from './value.js';

/** A look under way has so long to end when the reader is closed. */
const LAST_LOOK_MS = 1000;

/** Called once when the copy cannot be brought up to date though the server answers, with the reason, and once when it can again. */
export type OnCopied = (isUpToDate: boolean, reason?: unknown) => void;

export interface CopiedParts {
  /** The server; the reader closes it. */
  readonly server: ServerPool;
  /** Reads the copy; the reader closes it. */
  readonly local: StoreReader;
  /** Writes to the copy; the reader closes it. */
  readonly copy: Connection;
  readonly resourcesDir: string;
  readonly onCopied: OnCopied | undefined;
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
  readonly #place: CopiedParts;
  readonly #statements: ReadonlyMap<HistoryStatementName, string>;
  /** The server's state that the copy holds; undefined: not known. */
  #copied: string | undefined;
  /** The releases of that state. */
  #releases: readonly StoredRelease[] = [];
  #following: Promise<void> | undefined;
  #behindSince: Date | undefined;
  #isClosed = false;

  constructor(place: CopiedParts) {
    this.#place = place;
    this.#statements = new Map(HISTORY_STATEMENTS.map((name) => [name, readStatement(place.resourcesDir, name)]));
  }

  lag(): StoreLag | undefined {
    const { awaySince } = this.#place.server;
    if (awaySince) return { reason: 'away', since: awaySince };
    return this.#behindSince && { reason: 'behind', since: this.#behindSince };
  }

  /** Brings the copy up to date with the server; several callers at a time share one look. Rejects where it cannot. */
  follow(): Promise<void> {
    this.#following ??= this.#followOnce().finally(() => {
      this.#following = undefined;
    });
    return this.#following;
  }

  async #followOnce(): Promise<void> {
    const { server, copy } = this.#place;
    const version = await server.version().catch((error: unknown) => this.#fail(error));
    if (version !== undefined && version === this.#copied && this.#hasFiles()) return;
    try {
      if (version === undefined) await this.#requireEmpty();
      this.#releases = await server.inSnapshot((snapshot) => copyStore(snapshot, copy));
    } catch (error) {
      this.#fail(error);
    }
    this.#copied = version;
    this.#note(true);
  }

  /** Whether the files of all releases are still here: whoever else works on this machine may have taken one away. */
  #hasFiles(): boolean {
    const { releases } = this.#place.local;
    return this.#releases.every((release) => release.state !== 'ready' || releases.has(release));
  }

  /** A database that was made anew under a running group is filled by the next start: until then the copy stays as it is. */
  async #requireEmpty(): Promise<void> {
    const held = await this.#place.copy.all('SELECT 1 FROM active_release');
    if (held.length > 0) throw new Error('the database holds no library');
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

  /** @throws RequestError `library-unavailable` where the copy does not hold within two seconds what the server holds now */
  async catchUp(): Promise<void> {
    const follow = async (): Promise<void> => {
      // A look under way may have begun before what is waited for was written.
      await this.#following?.catch(() => undefined);
      await this.follow();
    };
    if (!(await isDoneWithin(follow(), LIMITS.catchUpMs))) throw new RequestError('library-unavailable');
  }

  /** Something that is another after the copy has changed; the next change is looked for meanwhile. */
  version(): Promise<unknown> {
    if (!this.#isClosed) this.follow().catch(() => undefined);
    return this.#place.local.version();
  }

  all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#place.local.all<Row>(sql, ...values);
  }

  read<Row>(name: WrittenStatementName, argument: unknown): Row[] {
    return this.#place.local.read<Row>(name, argument);
  }

  async readHistory<Row>(name: HistoryStatementName, argument: unknown): Promise<Row[]> {
    const { server } = this.#place;
    try {
      return await server.all<Row>(this.#statements.get(name) ?? '', toJson(argument));
    } catch (error) {
      throw server.unavailable(error);
    }
  }

  get releases(): ReleaseFolder {
    return this.#place.local.releases;
  }

  unavailable(error: unknown): RequestError {
    return this.#place.local.unavailable(error);
  }

  check(): Promise<void> {
    return this.#place.local.check();
  }

  isPassing(error: unknown): boolean {
    return this.#place.local.isPassing(error);
  }

  connections(): DatabaseConnections {
    return this.#place.server.connections();
  }

  async close(): Promise<void> {
    const { server, local, copy } = this.#place;
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A look that waits for a connection of a pool that has ended would wait until it gives up.
    await isDoneWithin(this.#following ?? Promise.resolve(), LAST_LOOK_MS);
    // What is still under way ends with its connection.
    await server.close();
    await this.#following?.catch(() => undefined);
    await copy.close();
    await local.close();
  }
}
