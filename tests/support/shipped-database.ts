import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { loadConfig } from '../../src/config/config.js';
import { createDatabase } from '../../src/library/open.js';
import { activate, addRelease, listActiveReleases } from '../../src/store/release-store.js';
import { temporaryFolder } from './connector.js';
import { linkOrCopy } from './library-file.js';
import { onceARun } from './once-a-run.js';
import type { PostgresDatabases, PostgresServer } from './postgres-server.js';
import { startPostgres } from './postgres-server.js';
import { runPostgres } from './run-postgres.js';
import { putShippedLibrary } from './shipped-library.js';

/**
 * Puts the library of the shipped files into a new database of a server, and returns the name of it. Its release is that of the run's
 * library file: the same files give the same bytes, and to build them once more takes seconds.
 */
async function putShipped(server: PostgresDatabases): Promise<string> {
  const url = await server.createDatabase();
  const folder = temporaryFolder();
  const config = { ...loadConfig({}), libraryPath: join(folder.path, 'library.db') };
  await putShippedLibrary(config);
  const from = await createDatabase(config).connect();
  const to = await createDatabase({ ...config, database: { url, maxConnections: 2 } }).connect();
  mkdirSync(to.releases.path);
  for (const release of await listActiveReleases(from)) {
    linkOrCopy(from.releases.buildPath(release.file), to.releases.buildPath(release.file));
    const content = JSON.parse(release.content) as object;
    await activate(to, await addRelease(to, { ...release, content }), config.writer.clock());
  }
  await Promise.all([from.close(), to.close()]);
  folder.remove();
  return new URL(url).pathname.slice(1);
}

/** Creates a database on the run's server that holds the library of the shipped files, which is put there once a run. */
export async function createShippedDatabase(): Promise<string> {
  const server = await runPostgres();
  const name = await onceARun('shipped-database', () => putShipped(server));
  return server.createDatabase(`TEMPLATE ${name}`);
}

/**
 * Has the server log where the numbers of releases stand: of a database made from a template it would forget that when it is
 * killed, and give a number twice.
 */
async function noteSequence(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("SELECT setval(pg_get_serial_sequence('release', 'id'), max(id)) FROM release");
  await client.end();
}

/** A server of a suite's own with a database, `template`, that holds the library of the shipped files, and a copy of it at `url`. */
export async function startShippedPostgres(): Promise<{ server: PostgresServer; url: string; template: string }> {
  const { data, name } = await onceARun('shipped-server', async (run) => {
    const first = await startPostgres();
    const made = { data: join(run, 'shipped-data'), name: await putShipped(first) };
    await first.copyData(made.data);
    await first.remove();
    return made;
  });
  const server = await startPostgres(data);
  const url = await server.createDatabase(`TEMPLATE ${name}`);
  await noteSequence(url);
  return { server, url, template: name };
}
