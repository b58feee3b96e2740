import type { Pool, PoolClient, QueryConfig } from 'pg';
import { RequestError } from '../../core/errors.js';
import type { DatabaseConnections } from '../../core/model/library.js';
import { LIMITS } from '../../limits.js';
import type { Queries, Value } from '../connection.js';
import { createAvailability, type OnAvailable } from './availability.js';
import { isAway, isCrowded, isLost, isWaitForOthers } from './failures.js';
import { toParameter } from './postgres-connection.js';

/**
 * The active releases with their files, as one text. It is another after every swap, and where a database that was restored has given
 * the number of a release once more.
 */
const VERSION = `
  SELECT string_agg(concat_ws(' ', a.layer, a.source, a.release, r.activated_at, r.file), ','
    ORDER BY a.layer, a.source) AS version
  FROM active_release a
  JOIN release r ON r.id = a.release`;
/** A server that has not answered the version within this time counts as away. */
const LOOK_TIMEOUT_MS = 2000;
/** A server without a free connection is tried again for this time; then no more connections are opened than exist. */
const CROWDED_TRIES = 10;
const CROWDED_PAUSE_MS = 100;
const CROWDED_FOR_MS = 10_000;
/** A server that hangs does not confirm the end of a connection. */
const CLOSE_WAIT_MS = 2000;

const ignore = (): void => undefined;

/** The driver accepts a time limit with each query, though its types do not say so. */
type Query = QueryConfig & { readonly query_timeout?: number };

/** One state of the database: every query sees the same, whatever is written meanwhile. */
export interface ServerSnapshot extends Queries {
  /** The rows of a query as arrays, in batches of at most `size`. */
  batches(size: number, sql: string, ...values: Value[]): AsyncGenerator<Value[][]>;
}

async function* readBatches(
  client: PoolClient,
  size: number,
  sql: string,
  values: readonly Value[],
): AsyncGenerator<Value[][]> {
  await client.query(`DECLARE batches NO SCROLL CURSOR FOR ${sql}`, values.map(toParameter));
  for (;;) {
    const { rows } = await client.query<Value[]>({ text: `FETCH ${size} FROM batches`, rowMode: 'array' });
    if (rows.length > 0) yield rows;
    if (rows.length < size) break;
  }
  await client.query('CLOSE batches');
}

/** The connections of this process to the server that holds the library, and whether it answers. */
export class ServerPool implements Queries {
  readonly #pool: Pool;
  readonly #availability: ReturnType<typeof createAvailability>;
  readonly #mostConnections: number;

  /** @param pool this object closes it */
  constructor(pool: Pool, onAvailable: OnAvailable = () => undefined) {
    this.#pool = pool;
    this.#mostConnections = pool.options.max;
    this.#availability = createAvailability(() => this.version(), onAvailable);
  }

  /** When the server was found to be away; undefined while it answers. */
  get awaySince(): Date | undefined {
    return this.#availability.awaySince();
  }

  /** @throws RequestError `library-unavailable` where the server is known to be away */
  async all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    await this.#availability.pass();
    // The pool limits how long each of them waits.
    if (this.#pool.waitingCount >= LIMITS.databaseQueue) throw new RequestError('library-unavailable');
    try {
      return await this.#try<Row>({ text: sql, values: values.map(toParameter) });
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** Error for a query that failed. An unavailable server is logged once (availability.ts), not with every query. */
  unavailable(error: unknown): RequestError {
    if (error instanceof RequestError) return error;
    return new RequestError('library-unavailable', {}, this.#isFoundAway(error) ? undefined : error);
  }

  /** A query that found no free connection does not mean that the server is away. */
  #isFoundAway(error: unknown): boolean {
    return isAway(error) && !isWaitForOthers(error);
  }

  #note(error: unknown): void {
    if (this.#isFoundAway(error)) this.#availability.missed(error);
  }

  /**
   * A connection that was lost while it was idle is replaced once: reading twice does no harm. Where the server gives no
   * further connection, those that are there serve all.
   */
  async #try<Row>(query: Query): Promise<Row[]> {
    let hasLost = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return (await this.#pool.query(query)).rows as Row[];
      } catch (error) {
        if (isCrowded(error) && tries < CROWDED_TRIES) {
          this.#takeNoMore();
          await new Promise((resolve) => setTimeout(resolve, CROWDED_PAUSE_MS));
        } else if (isLost(error) && !hasLost) {
          hasLost = true;
        } else {
          throw error;
        }
      }
    }
  }

  #takeNoMore(): void {
    const { options, totalCount } = this.#pool;
    if (options.max < this.#mostConnections && totalCount >= options.max) return;
    options.max = Math.max(1, totalCount);
    setTimeout(() => {
      options.max = this.#mostConnections;
    }, CROWDED_FOR_MS).unref();
  }

  /** A value that changes with every swap. Also queried while the server is away: this notices that it is back. */
  async version(): Promise<string | undefined> {
    try {
      const query = { name: 'version', text: VERSION, query_timeout: LOOK_TIMEOUT_MS };
      const [row] = await this.#try<{ version: string | null }>(query);
      this.#availability.found();
      return row?.version ?? undefined;
    } catch (error) {
      if (!isWaitForOthers(error)) this.#availability.missed(error);
      throw error;
    }
  }

  /** Reads one state of the database, in one transaction that writes nothing. */
  async inSnapshot<T>(read: (snapshot: ServerSnapshot) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    let failure: Error | undefined;
    try {
      client = await this.#pool.connect();
      const reading = client;
      // A lost connection also rejects the query under way. Without a listener the event would end the process.
      client.on('error', ignore);
      await reading.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const result = await read({
        all: async (sql, ...values) => (await reading.query(sql, values.map(toParameter))).rows as never[],
        batches: (size, sql, ...values) => readBatches(reading, size, sql, values),
      });
      await reading.query('COMMIT');
      return result;
    } catch (error) {
      failure = error as Error;
      this.#note(error);
      throw error;
    } finally {
      client?.off('error', ignore);
      // A connection in an unknown state is closed, which ends its transaction.
      client?.release(failure);
    }
  }

  connections(): DatabaseConnections {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    // The limit as configured, though a crowded server may lower it for some seconds: the other counts show that.
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: this.#mostConnections };
  }

  async close(): Promise<void> {
    if (this.#pool.ending) return;
    await Promise.race([this.#pool.end(), new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())]);
  }
}
