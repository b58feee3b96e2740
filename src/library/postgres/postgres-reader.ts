import type { Pool, QueryConfig } from 'pg';
import { RequestError } from '../../core/errors.js';
import type { DatabaseConnections } from '../../core/library.js';
import { LIMITS } from '../../limits.js';
import type { LibraryReader, StatementName, Value } from '../stored/connection.js';
import { STATEMENTS, WRITTEN_STATEMENTS } from '../stored/connection.js';
import type { OnAvailable } from './availability.js';
import { Availability } from './availability.js';
import { isAway, isCrowded, isLost, isWaitForOthers } from './failures.js';
import { readStatement } from './statements.js';
import { toJson, toParameter } from './value.js';

/**
 * The active releases and how each is indexed, as one text. It is another after every swap, after a later version of the
 * program has indexed anew, and where a database that was restored has given the number of a release once more.
 */
const VERSION = `
  SELECT string_agg(concat_ws(' ', a.layer, a.source, a.release, r.activated_at, coalesce(i.version, 0)), ','
    ORDER BY a.layer, a.source) AS version
  FROM active_release a
  JOIN release r ON r.id = a.release
  LEFT JOIN search_index i ON i.release = a.release`;
/** A server that has not said so within this time is taken to be away. */
const LOOK_TIMEOUT_MS = 2000;
/** A server that gives no further connection is asked again for so long, and then not for more than there are. */
const CROWDED_TRIES = 10;
const CROWDED_PAUSE_MS = 100;
const CROWDED_FOR_MS = 10_000;

/** A server that hangs says no farewell. */
const CLOSE_WAIT_MS = 2000;

/** The driver takes a time limit with each query, though its types do not say so. */
type Query = QueryConfig & { readonly query_timeout?: number };

/** Reads a library in PostgreSQL by prepared statements, over a pool of connections. */
export class PostgresReader implements LibraryReader {
  readonly #pool: Pool;
  readonly #statements: ReadonlyMap<StatementName, string>;
  readonly #availability: Availability;
  readonly tellUnread: LibraryReader['tellUnread'];
  readonly #mostConnections: number;

  /** @param pool the reader closes it */
  constructor(pool: Pool, resourcesDir: string, onAvailable: OnAvailable = () => undefined) {
    this.#pool = pool;
    this.#mostConnections = pool.options.max;
    this.#statements = new Map(
      [...STATEMENTS, ...WRITTEN_STATEMENTS].map((name) => [name, readStatement(resourcesDir, name)]),
    );
    this.#availability = new Availability(() => this.version(), onAvailable);
    this.tellUnread = (isRead, reason) => {
      const words = `what it holds now cannot be read: ${reason instanceof Error ? reason.message : ''}`;
      onAvailable(isRead, isRead ? undefined : new Error(words));
    };
  }

  async all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return this.#ask<Row>({ text: sql, values: values.map(toParameter) });
  }

  async read<Row>(name: StatementName, argument: unknown): Promise<Row[]> {
    try {
      return await this.#ask<Row>({ name, text: this.#statements.get(name) ?? '', values: [toJson(argument)] });
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  /** That the server is away was told once (availability.ts), and is no news with every question. */
  unavailable(error: unknown): RequestError {
    if (error instanceof RequestError) return error;
    return new RequestError('library-unavailable', {}, this.#isFoundAway(error) ? undefined : error);
  }

  async #ask<Row>(query: Query): Promise<Row[]> {
    await this.#availability.pass();
    // Each waits no longer than the pool lets it.
    if (this.#pool.waitingCount >= LIMITS.databaseQueue) throw new RequestError('library-unavailable');
    try {
      return await this.#try<Row>(query);
    } catch (error) {
      if (this.#isFoundAway(error)) this.#availability.missed(error);
      throw error;
    }
  }

  /** Whether the server is away; a question that waited in vain for a connection that others had says nothing of it. */
  #isFoundAway(error: unknown): boolean {
    return isAway(error) && !isWaitForOthers(error);
  }

  /**
   * A connection that was lost while it lay idle is replaced once: reading twice does no harm. Where the server gives no
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

  /** Also asked while the server is away: it is by this that its coming back is noticed. */
  async version(): Promise<unknown> {
    try {
      const query = { name: 'version', text: VERSION, query_timeout: LOOK_TIMEOUT_MS };
      const [row] = await this.#try<{ version: string }>(query);
      this.#availability.found();
      return row?.version;
    } catch (error) {
      if (!isWaitForOthers(error)) this.#availability.missed(error);
      throw error;
    }
  }

  /** Where all connections are busy with what takes long, nothing says that the server is away. */
  async check(): Promise<void> {
    await this.#availability.pass();
    await this.version().catch((error: unknown) => {
      if (!isWaitForOthers(error)) throw error;
    });
  }

  /** A server that cannot be reached comes back with what it held: until then what is in memory is served. */
  isPassing(): boolean {
    return true;
  }

  connections(): DatabaseConnections {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    // As it was set up, and not what a crowded server lets it be for some seconds: that fewer are open, the others tell.
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: this.#mostConnections };
  }

  async close(): Promise<void> {
    if (this.#pool.ending) return;
    await Promise.race([this.#pool.end(), new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())]);
  }
}
