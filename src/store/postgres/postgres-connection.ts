import type { Client } from 'pg';
import type { Connection, Value } from '../connection.js';
import type { TableName, TableShape } from '../tables.js';
import { TABLES, TABLE_NAMES } from '../tables.js';
import { isAway } from './failures.js';
import { toParameter } from './value.js';

/** One writer at a time: the transactions of all that write to a library take this advisory lock ("educ" in ASCII). */
const WRITE_LOCK = 0x65647563;

/** A server that hangs says no farewell. */
const CLOSE_WAIT_MS = 1000;

const TYPE_NAMES = { integer: 'integer', text: 'text', bytes: 'bytea' } as const;

/** Takes a whole batch as one array a column: one statement, however many rows. */
function insertStatement(table: TableName, { columns, key, keepsFirst = false }: TableShape): string {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map((type, index) => `$${index + 1}::${TYPE_NAMES[type]}[]`);
  const others = names.filter((name) => !key.includes(name));
  const replace = `UPDATE SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  return `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})
    ON CONFLICT (${key.join(', ')}) DO ${keepsFirst || others.length === 0 ? 'NOTHING' : replace}`;
}

/** Of rows with one key a single statement takes one. */
function withoutRepeats(rows: readonly (readonly Value[])[], { columns, key, keepsFirst }: TableShape): Value[][] {
  const places = key.map((name) => Object.keys(columns).indexOf(name));
  const byKey = new Map<string, Value[]>();
  for (const row of rows) {
    const values = row.map(toParameter);
    const ofRow = JSON.stringify(places.map((place) => values[place]));
    if (!(keepsFirst && byKey.has(ofRow))) byKey.set(ofRow, values);
  }
  return [...byKey.values()];
}

/** A connection of a writer to PostgreSQL. */
export class PostgresConnection implements Connection {
  readonly nowMs = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';
  readonly #client: Client;
  #isInTransaction = false;
  #isOpen = true;

  /** @param client the connection closes it */
  constructor(client: Client) {
    this.#client = client;
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

  async run(sql: string, ...values: Value[]): Promise<number> {
    return (await this.#client.query(sql, values.map(toParameter))).rowCount ?? 0;
  }

  async insert(table: TableName, rows: readonly (readonly Value[])[]): Promise<void> {
    if (rows.length === 0) return;
    const shape = TABLES[table];
    const taken = withoutRepeats(rows, shape);
    const columns = Object.keys(shape.columns).map((_name, index) => taken.map((row) => row[index]));
    await this.#client.query(insertStatement(table, shape), columns);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isInTransaction) return work();
    // Whatever the site's default is: in any stricter one the waiting for the lock would fix what is seen from then on.
    await this.#client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    this.#isInTransaction = true;
    try {
      await this.#client.query('SELECT pg_advisory_xact_lock($1)', [WRITE_LOCK]);
      const result = await work();
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      // A connection that is lost is rolled back by the server, and by one that does not answer nothing more is asked.
      if (isAway(error)) void this.close();
      else await this.#client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      this.#isInTransaction = false;
    }
  }

  /** How a statement is run is chosen by what the tables hold. */
  async settle(): Promise<void> {
    await this.#client.query(`ANALYZE ${['release', 'active_release', ...TABLE_NAMES].join(', ')}`);
  }

  /** Only the server knows. */
  async hasRoom(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.race([this.#client.end(), new Promise((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref())]);
  }
}
