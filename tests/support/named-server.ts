import { hash } from 'node:crypto';
import pg from 'pg';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';

/**
 * Address of a PostgreSQL, or of an engine like it, over which the suites are to run that otherwise run over a library file, as a
 * role that may create databases: `TEST_DATABASE_URL=postgres://… npm test -- tests/golden`.
 */
export const NAMED_SERVER = process.env['TEST_DATABASE_URL'];

const SHIPPED = 'education_connect_shipped';
/** One makes the database of the shipped library, and others wait. */
const LOCK = 7463;

function addressOf(database: string): string {
  const url = new URL(NAMED_SERVER ?? '');
  url.pathname = `/${database}`;
  return url.href;
}

/** The address of the database that stands in for the library file of a folder. */
export const databaseFor = (folder: string): string =>
  addressOf(`education_connect_${hash('sha1', folder).slice(0, 20)}`);

async function administer<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(NAMED_SERVER);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

const nameIn = (address: string): string => new URL(address).pathname.slice(1);
const nameOf = ({ database }: Config): string => nameIn(database?.url ?? '');

/** Whether a configuration names a database that stands in for a library file. */
export const isNamed = ({ database }: Config): boolean =>
  NAMED_SERVER !== undefined && database !== undefined && nameIn(database.url).startsWith('education_connect_');

/** Makes the database of a configuration, with the shipped library in it, unless it is there, and takes a site's folder in. */
export async function makeDatabase(config: Config): Promise<void> {
  await administer(async (client) => {
    const isThere = async (name: string): Promise<boolean> =>
      (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rows.length > 0;
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    if (await isThere(nameOf(config))) return;
    if (!(await isThere(SHIPPED))) {
      await client.query(`CREATE DATABASE ${SHIPPED}`);
      const database = { url: addressOf(SHIPPED), maxConnections: 2 };
      await buildLibraryFile({ ...config, database, localLibrary: undefined, readOnly: false });
    }
    await client.query(`CREATE DATABASE ${nameOf(config)} TEMPLATE ${SHIPPED}`);
  });
  // A file takes it in when it is opened; a database that several share is told to (`import local`).
  if (config.localLibrary !== undefined && !config.libraryReadOnly)
    await buildLibraryFile({ ...config, readOnly: false }, false, ['starter', 'local']);
}

/** Takes the database of a configuration away again. */
export const dropDatabase = (config: Config): Promise<unknown> =>
  administer((client) => client.query(`DROP DATABASE IF EXISTS ${nameOf(config)} WITH (FORCE)`));
