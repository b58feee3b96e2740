import { hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { LIMITS } from '../../limits.js';
import { isDiskFull } from '../failures.js';
import { DamagedFileError } from '../fetch-release.js';
import { UnreadableReleaseError } from '../release-content.js';
import { DamagedLogError } from '../written-log.js';
import { isSqliteFailure } from '../sqlite/failures.js';
import { SCHEMA_VERSION } from '../sqlite/prepare-schema.js';
import { SqliteDatabase } from '../sqlite/sqlite-database.js';
import { findObstacle, findTemporaryObstacle } from '../sqlite/find-obstacle.js';
import type { Connection, StoreReader } from '../connection.js';
import type { LibraryDatabase, Patience } from '../library-database.js';
import type { OnAvailable } from './availability.js';
import { CopiedReader, type OnCopied } from './copied-reader.js';
import { holdsLibrary } from './copy-store.js';
import { isAway, isCrowded, isPassing, isReadOnly } from './failures.js';
import { PostgresConnection, createTypes } from './postgres-connection.js';
import { checkSchema, prepareSchema } from './prepare-schema.js';
import { ServerPool } from './server-pool.js';
import { ReleaseFolder } from '../release-folder.js';

/** Access to a server: the address, and how many connections one instance may hold. */
export interface PostgresPlace {
  readonly url: string;
  readonly maxConnections: number;
}

interface CopiedPlace extends PostgresPlace {
  /** The folder of the copy that this machine reads. */
  readonly copyFolder: string;
}

/** Called when something changes about the server that is read. */
interface StoreNews {
  /** Callback for the server being found away, or answering again. */
  readonly onAvailable?: OnAvailable | undefined;
  readonly onCopied?: OnCopied | undefined;
}

/** A server that lives ends a statement that takes too long itself; one that does not say so within this time more is away. */
const SILENCE_MS = 500;

/** Settings of connections that read: what a site sets for its role is meant for others' questions. */
const READING = [`statement_timeout = ${LIMITS.databaseStatementMs}`];

/** Another process that brings the same copy up to date is waited for this long. */
const COPY_LOCK_MS = 60_000;

/** Longest duration of a statement, the waiting for another writer included. */
const mostMs = ({ lockMs, statementMs }: Patience): number => lockMs + statementMs;

/** Longer than a request needs between two statements of one piece of writing, and than a build or a command, which reads files. */
const REQUEST_THINKS_MS = 10_000;
const BUILD_THINKS_MS = 60_000;

/**
 * Settings of connections that write. The server ends one that is idle in a transaction (its host is gone, or frozen), since
 * all others wait for it. The other limits are always set: those of the site's role are meant for queries, and would end a build or the
 * wait for another writer.
 */
const writing = (patience: Patience | undefined): readonly string[] => [
  `idle_in_transaction_session_timeout = ${Math.max(REQUEST_THINKS_MS, patience?.statementMs ?? BUILD_THINKS_MS)}`,
  `statement_timeout = ${patience ? mostMs(patience) : 0}`,
  `lock_timeout = ${patience?.lockMs ?? 0}`,
  'transaction_timeout = 0',
];

/**
 * Whether a start serves the copy of an earlier one if the copy cannot be updated for this reason, as a server that runs does. A wrong
 * password or name, or a missing right, ends the start.
 */
const mayServeCopy = (error: unknown): boolean =>
  isPassing(error) ||
  isDiskFull(error) ||
  error instanceof DamagedFileError ||
  error instanceof DamagedLogError ||
  error instanceof UnreadableReleaseError;

/** Loads the driver with the first connection: a library in a file has none. */
const loadDriver = async (): Promise<typeof pg> => (await import('pg')).default;

/**
 * Applies settings to a session by statements: a pooler in between rejects settings in the connection's start. A database without such a
 * setting needs none; a lost connection is noticed by the next query.
 */
async function prepareSession(client: pg.ClientBase, settings: readonly string[]): Promise<void> {
  for (const setting of settings) await client.query(`SET ${setting}`).catch(() => undefined);
}

/** A library in PostgreSQL, shared by any number of instances. */
export class PostgresDatabase implements LibraryDatabase {
  readonly #place: CopiedPlace;
  readonly #resourcesDir: string;
  readonly #news: StoreNews;

  constructor(place: CopiedPlace, resourcesDir: string, news: StoreNews = {}) {
    this.#place = place;
    this.#resourcesDir = resourcesDir;
    this.#news = news;
  }

  get name(): string {
    if (!URL.canParse(this.#place.url)) return 'the library in PostgreSQL';
    const { hostname, port, pathname } = new URL(this.#place.url);
    return `the library in PostgreSQL at ${hostname}:${port || '5432'}${pathname}`;
  }

  get localPath(): string {
    return this.#copyPath();
  }

  isThere(): boolean {
    return true;
  }

  connect(patience?: Patience): Promise<Connection> {
    return this.#open(patience, (connection) => prepareSchema(connection, this.#resourcesDir));
  }

  openWriter(patience: Patience): Promise<Connection> {
    return this.#open(patience, checkSchema, checkSchema);
  }

  async #open(
    patience: Patience | undefined,
    prepare: (connection: Connection) => Promise<void>,
    check?: (connection: Connection) => Promise<void>,
  ): Promise<Connection> {
    const driver = await loadDriver();
    const client = new driver.Client({
      connectionString: this.#place.url,
      types: createTypes(driver),
      connectionTimeoutMillis: LIMITS.databaseConnectMs,
      ...(patience ? { query_timeout: mostMs(patience) + SILENCE_MS } : {}),
      application_name: 'education-connect',
    });
    const connection = new PostgresConnection(client, ReleaseFolder.beside(this.#copyPath()), check);
    try {
      await client.connect();
      await prepareSession(client, writing(patience));
      await prepare(connection);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  async openQueries(): Promise<ServerPool> {
    return this.#openServer(this.#news.onAvailable);
  }

  async #openServer(onAvailable: OnAvailable | undefined): Promise<ServerPool> {
    const { url, maxConnections } = this.#place;
    const driver = await loadDriver();
    const pool = new driver.Pool({
      connectionString: url,
      types: createTypes(driver),
      max: maxConnections,
      connectionTimeoutMillis: LIMITS.databaseConnectMs,
      query_timeout: LIMITS.databaseStatementMs + SILENCE_MS,
      application_name: 'education-connect',
      // The pool waits for what it returns, though the type of the option does not say so.
      onConnect: (client): unknown => prepareSession(client, READING),
    });
    // An idle connection that is lost is replaced by the pool.
    pool.on('error', () => undefined);
    return new ServerPool(pool, onAvailable);
  }

  /** The copy of this server's library. Copies of other servers, and of other versions of the program, have other names. */
  #copyPath(): string {
    const { host, pathname } = new URL(this.#place.url);
    return join(this.#place.copyFolder, `copy-${SCHEMA_VERSION}-${hash('sha256', host + pathname).slice(0, 16)}.db`);
  }

  /**
   * Opens the copy of the library on this machine, updated. If the server is away, the copy of an earlier start is read.
   */
  async openReader(): Promise<StoreReader> {
    const file = new SqliteDatabase(this.#copyPath(), this.#resourcesDir);
    const copy = await this.#openCopy(file);
    // A server that is away is news once something is served without it.
    let away: { readonly reason: unknown } | undefined;
    let isOpen = false;
    const onAvailable: OnAvailable = (isAvailable, reason) => {
      if (isOpen) this.#news.onAvailable?.(isAvailable, reason);
      else away = isAvailable ? undefined : { reason };
    };
    const server = await this.#openServer(onAvailable);
    try {
      // After a power cut the copy may lack the latest changes, and copies them again.
      await copy.run('PRAGMA synchronous = NORMAL');
      const local = await file.openReader();
      const reader = new CopiedReader({
        server,
        local,
        copy,
        onCopied: this.#news.onCopied,
      });
      await this.#followFirst(reader, copy);
      isOpen = true;
      if (away) onAvailable(false, away.reason);
      return reader;
    } catch (error) {
      await server.close();
      await copy.close();
      throw error;
    }
  }

  /** A copy that is damaged is made anew. */
  async #openCopy(file: SqliteDatabase): Promise<Connection> {
    const connect = (): Promise<Connection> => file.connect({ lockMs: COPY_LOCK_MS, statementMs: 0 });
    try {
      return await connect().catch((error: unknown) => {
        if (!isSqliteFailure(error, 'corrupt', 'notADatabase')) throw error;
        for (const end of ['', '-wal', '-shm']) rmSync(`${this.#copyPath()}${end}`, { force: true });
        return connect();
      });
    } catch (cause) {
      const reason = file.describeError(cause as Error);
      throw new Error(`its copy ${this.#copyPath()} cannot be opened: ${reason}`, { cause });
    }
  }

  async #followFirst(reader: CopiedReader, copy: Connection): Promise<void> {
    try {
      await reader.follow();
    } catch (error) {
      if (!mayServeCopy(error) || !(await holdsLibrary(copy))) {
        await reader.close();
        throw error;
      }
    }
  }

  /** Whether the server, or the disk of the copy, may be well again without a change of the configuration. */
  isPassing(error: unknown): boolean {
    return isPassing(error) || isDiskFull(error) || isDiskFull((error as Error).cause);
  }

  readonly rejectsWrites = isReadOnly;

  isAway(error: unknown): boolean {
    return isAway(error) || isCrowded(error);
  }

  describeError(error: Error): string {
    const { code } = error as { code?: string };
    const obstacle = isSqliteFailure(error, 'readOnly', 'cannotOpen') ? findObstacle(this.#copyPath()) : undefined;
    if (obstacle !== undefined) return `its copy cannot be updated: ${obstacle}`;
    const temporary = findTemporaryObstacle(error);
    if (temporary !== undefined) return temporary;
    return error.message || (code ?? 'it cannot be reached');
  }
}
