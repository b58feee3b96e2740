import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { listAllReleases } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { startPostgres } from '../support/postgres-server.js';
import { keptStreams, seededConfig } from './seeded-config.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  await server.administer('CREATE ROLE clerk LOGIN');
}, 60_000);
afterAll(() => server.remove());

let folder: ReturnType<typeof temporaryFolder>;
let url: string;
let config: Config;
beforeEach(async () => {
  folder = temporaryFolder();
  url = await server.createDatabase();
  config = { ...seededConfig(folder.path), database: { url, maxConnections: 2 } };
});
afterEach(() => {
  folder.remove();
});

/** Does something in the database as its owner. */
async function administer(statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(statement);
  await client.end();
  return rows;
}

/** The same library as a role sees it that may do no more than it was given. */
const asClerk = (): Config => ({
  ...config,
  database: { url: url.replace('postgres@', 'clerk@'), maxConnections: 2 },
});

test('whoever may read may list, and an empty database gets no tables by it', async () => {
  const { streams, written } = keptStreams();
  await expect(listAllReleases(config, streams)).rejects.toThrow(/relation "release" does not exist/);
  expect(await administer("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  await buildLibraryFile({ ...config, readOnly: false });
  await administer('GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk');
  expect(await listAllReleases({ ...asClerk(), omitCodeSystems: ['icd-9-cm'] }, streams)).toBe(0);
  expect(written().stdout).toMatch(/^in use +starter +starter +\S+ \S+Z starter-\S+\n$/);
});
