import type { Pool } from 'pg';
import { RequestError } from '../../core/errors.js';
import type { DatabaseConnections } from '../../core/library.js';
import type { LibraryReader, StatementName, Value } from '../stored/connection.js';
import { STATEMENTS, WRITTEN_STATEMENTS } from '../stored/connection.js';
import { readStatement } from './statements.js';
import { toJson, toParameter } from './value.js';

/**
 * The active releases and how each is indexed, as one text. It is another after every swap, and after a later version of
 * the program has indexed anew.
 */
const VERSION = `
  SELECT string_agg(a.layer || ' ' || a.source || ' ' || a.release || ' ' || coalesce(i.version, 0), ','
    ORDER BY a.layer, a.source) AS version
  FROM active_release a LEFT JOIN search_index i ON i.release = a.release`;

/** What ends a connection and says nothing of the statement: an idle one of the pool may be gone since it was last used. */
const LOST = /^(57P0[123]|08|ECONNRESET|EPIPE)|^Connection terminated|connection error/;

function isLost(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return LOST.test(code) || LOST.test(message);
}

/** Reads a library in PostgreSQL by prepared statements, over a pool of connections. */
export class PostgresReader implements LibraryReader {
  readonly #pool: Pool;
  readonly #statements: ReadonlyMap<StatementName, string>;

  /** @param pool the reader closes it */
  constructor(pool: Pool, resourcesDir: string) {
    this.#pool = pool;
    this.#statements = new Map(
      [...STATEMENTS, ...WRITTEN_STATEMENTS].map((name) => [name, readStatement(resourcesDir, name)]),
    );
  }

  async all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return (await this.#pool.query(sql, values.map(toParameter))).rows as Row[];
  }

  /** A connection that was lost while it lay idle is replaced once: reading twice does no harm. */
  async read<Row>(name: StatementName, argument: unknown): Promise<Row[]> {
    const query = { name, text: this.#statements.get(name) ?? '', values: [toJson(argument)] };
    try {
      return (await this.#pool.query(query)).rows as Row[];
    } catch (error) {
      if (!isLost(error)) throw new RequestError('library-unavailable', {}, error);
    }
    try {
      return (await this.#pool.query(query)).rows as Row[];
    } catch (error) {
      throw new RequestError('library-unavailable', {}, error);
    }
  }

  async version(): Promise<unknown> {
    return (await this.#pool.query<{ version: string }>({ name: 'version', text: VERSION })).rows[0]?.version;
  }

  /** A server that cannot be reached comes back with what it held: until then what is in memory is served. */
  isPassing(): boolean {
    return true;
  }

  connections(): DatabaseConnections {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: options.max };
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }
}
