import pg from 'pg';
import { LIMITS } from '../../limits.js';
import type { Connection, LibraryReader, ReleaseChoice } from '../stored/connection.js';
import type { LibraryDatabase, Patience } from '../stored/library-database.js';
import type { OnAvailable } from './availability.js';
import { isPassing, isReadOnly } from './failures.js';
import { PostgresConnection } from './postgres-connection.js';
import { PostgresReader } from './postgres-reader.js';
import { checkSchema, prepareSchema } from './prepare-schema.js';
import { TYPES } from './value.js';

/** How a server is reached: the address, and how many connections one instance may hold. */
export interface PostgresPlace {
  readonly url: string;
  readonly maxConnections: number;
}

/** A server that lives ends a statement that takes too long itself; one that does not say so within this time more is away. */
const SILENCE_MS = 500;

/**
 * A table of the session's own hides the library's: the library is read with this choice of releases. Until it is there
 * its name is that of the library's, in whatever schema the role has it.
 */
async function choose(pool: pg.Pool, { layer, source, release }: ReleaseChoice): Promise<void> {
  await pool.query('CREATE TEMP TABLE active_release AS SELECT layer, source, release FROM active_release');
  // A role may look for the session's own tables last: then they would hide nothing.
  await pool.query("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), false)");
  await pool.query('DELETE FROM pg_temp.active_release WHERE layer = $1 AND source = $2', [layer, source]);
  if (release === undefined) return;
  await pool.query('INSERT INTO pg_temp.active_release VALUES ($1, $2, $3)', [layer, source, release]);
}

/**
 * Of connections that read. What a plan is thought to cost is far more than what it does: to compile it takes longer than
 * to run it, and so does planning a statement anew each time. Every statement of reading looks up keys by an index,
 * whatever they are.
 */
const READING = [
  `statement_timeout = ${LIMITS.databaseStatementMs}`,
  'jit = off',
  'plan_cache_mode = force_generic_plan',
];

/** What a statement takes at most, the waiting for another writer included. */
const mostMs = ({ lockMs, statementMs }: Patience): number => lockMs + statementMs;

/** Longer than a request needs between two statements of one piece of writing, and than a build or a command, which reads files. */
const REQUEST_THINKS_MS = 10_000;
const BUILD_THINKS_MS = 60_000;

/**
 * Of connections that write: one that stands still in the midst of its work (its host is gone, or frozen) is ended by the
 * server, for all others wait for it. How long all else may take is said in any case: what a site sets for its role is
 * meant for questions, and would end a build or the waiting for another's.
 */
const writing = (patience: Patience | undefined): readonly string[] => [
  `idle_in_transaction_session_timeout = ${Math.max(REQUEST_THINKS_MS, patience?.statementMs ?? BUILD_THINKS_MS)}`,
  `statement_timeout = ${patience ? mostMs(patience) : 0}`,
  `lock_timeout = ${patience?.lockMs ?? 0}`,
  'transaction_timeout = 0',
];

/**
 * Sets what holds for a session, by statements: a pooler in between refuses what is set as it is opened. A database that
 * has no such setting needs none; a connection that is lost is told of by what is asked next.
 */
async function prepareSession(client: pg.ClientBase, settings: readonly string[]): Promise<void> {
  for (const setting of settings) await client.query(`SET ${setting}`).catch(() => undefined);
}

/** A library in PostgreSQL, shared by any number of instances. */
export class PostgresDatabase implements LibraryDatabase {
  readonly #place: PostgresPlace;
  readonly #resourcesDir: string;
  readonly #onAvailable: OnAvailable | undefined;

  /** @param onAvailable is told when a server that is read is found to be away, and when it answers again */
  constructor(place: PostgresPlace, resourcesDir: string, onAvailable?: OnAvailable) {
    this.#place = place;
    this.#resourcesDir = resourcesDir;
    this.#onAvailable = onAvailable;
  }

  get name(): string {
    if (!URL.canParse(this.#place.url)) return 'the library in PostgreSQL';
    const { hostname, port, pathname } = new URL(this.#place.url);
    return `the library in PostgreSQL at ${hostname}:${port || '5432'}${pathname}`;
  }

  isThere(): boolean {
    return true;
  }

  connect(patience?: Patience): Promise<Connection> {
    return this.#open(patience, (connection) => prepareSchema(connection, this.#resourcesDir));
  }

  openWriter(patience: Patience): Promise<Connection> {
    return this.#open(patience, checkSchema);
  }

  async #open(patience: Patience | undefined, prepare: (connection: Connection) => Promise<void>): Promise<Connection> {
    const client = new pg.Client({
      connectionString: this.#place.url,
      types: TYPES,
      connectionTimeoutMillis: LIMITS.databaseConnectMs,
      ...(patience ? { query_timeout: mostMs(patience) + SILENCE_MS } : {}),
      application_name: 'education-connect',
    });
    const connection = new PostgresConnection(client);
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

  async openReader(choice?: ReleaseChoice): Promise<LibraryReader> {
    const { url, maxConnections } = this.#place;
    const pool = new pg.Pool({
      connectionString: url,
      types: TYPES,
      // What is chosen holds for one session: it must be the same from the first statement to the last.
      ...(choice ? { max: 1, idleTimeoutMillis: 0 } : { max: maxConnections }),
      connectionTimeoutMillis: LIMITS.databaseConnectMs,
      query_timeout: LIMITS.databaseStatementMs + SILENCE_MS,
      application_name: 'education-connect',
      // The pool waits for what it returns, though the type of the option does not say so.
      onConnect: (client): unknown => prepareSession(client, READING),
    });
    // An idle connection that is lost is replaced by the pool.
    pool.on('error', () => undefined);
    try {
      if (choice) await choose(pool, choice);
      return new PostgresReader(pool, this.#resourcesDir, this.#onAvailable);
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  isPassing(error: unknown): boolean {
    return isPassing(error);
  }

  takesNothing(error: unknown): boolean {
    return isReadOnly(error);
  }

  reasonOf(error: Error): string {
    const { code } = error as { code?: string };
    return error.message || (code ?? 'it cannot be reached');
  }
}
