import type pg from 'pg';
import type { Client } from 'pg';
import type { Connection, Value } from '../connection.js';
import type { ReleaseFolder } from '../release-folder.js';
import { isAway } from './failures.js';

/** Characters of a text that PostgreSQL cannot store: the character 0, and half of a pair of surrogates. */
const NO_TEXT = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Stands for it, as it does wherever UTF-8 cannot say something. */
const REPLACEMENT = '\ufffd';

const asText = (text: string): string => text.replace(NO_TEXT, REPLACEMENT);

/** A value as the driver takes it. */
export function toParameter(value: Value): Value {
  if (typeof value === 'string') return asText(value);
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

const INT8 = 20;

/** Counts and times are numbers here: none of them is beyond what a number can hold. */
export function createTypes({ TypeOverrides }: typeof pg): pg.CustomTypesConfig {
  const types = new TypeOverrides();
  types.setTypeParser(INT8, Number);
  return types;
}

/** One writer at a time: the transactions of all that write to a library take this advisory lock ("educ" in ASCII). */
const WRITE_LOCK = 0x65647563;

/** A server that hangs does not confirm the end of a connection. */
const CLOSE_WAIT_MS = 1000;

/** A connection of a writer to PostgreSQL. */
export class PostgresConnection implements Connection {
  readonly releases: ReleaseFolder;
  readonly dialect = 'postgres';
  readonly storesFiles = true;
  readonly #client: Client;
  readonly #check: (db: Connection) => Promise<void>;
  #isInTransaction = false;
  #isOpen = true;

  /**
   * @param client the connection closes it
   * @param check rejects if nothing may be written now; called in each transaction, under the writers' lock
   */
  constructor(
    client: Client,
    releases: ReleaseFolder,
    check: (db: Connection) => Promise<void> = async () => undefined,
  ) {
    this.#client = client;
    this.#check = check;
    this.releases = releases;
    for (const event of ['error', 'end'] as const) {
      client.on(event, () => {
        this.#isOpen = false;
      });
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async all<Row>(sql: string, ...values: Value[]): Promise<Row[]> {
    return (await this.#client.query(sql, values.map(toParameter))).rows as Row[];
  }

  async now(): Promise<Date> {
    const [row] = await this.all<{ now: Date }>('SELECT clock_timestamp() AS now');
    return row?.now ?? new Date(0);
  }

  async run(sql: string, ...values: Value[]): Promise<number> {
    return (await this.#client.query(sql, values.map(toParameter))).rowCount ?? 0;
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isInTransaction) return work();
    // Overrides the site's default: a stricter level would fix what is seen before the lock is acquired.
    await this.#client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    this.#isInTransaction = true;
    try {
      await this.#client.query('SELECT pg_advisory_xact_lock($1)', [WRITE_LOCK]);
      await this.#check(this);
      const result = await work();
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      // The server rolls back a lost connection; one that does not answer gets no further statement.
      if (isAway(error)) void this.close();
      else await this.#client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** Updates the statistics by which the server chooses how it runs a statement. */
  async settle(): Promise<void> {
    await this.#client.query('ANALYZE release, active_release, release_part');
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.race([this.#client.end(), new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())]);
  }
}
