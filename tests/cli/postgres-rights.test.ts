import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { importRelease } from '../../src/cli/import.js';
import { describeFailure } from '../../src/cli/reports/command.js';
import { listAllReleases, rollback } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import { buildLibraryFile } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { keptStreams, seededConfig } from './seeded-config.js';

const server = suitePostgres();
beforeAll(async () => {
  await server().administer('CREATE ROLE clerk LOGIN');
});

let folder: ReturnType<typeof temporaryFolder>;
let url: string;
let config: Config;
beforeEach(async () => {
  folder = temporaryFolder();
  url = await server().createDatabase();
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

describe('what a role may not do is told in one line with the code of the database', () => {
  beforeEach(async () => {
    await buildLibraryFile({ ...config, readOnly: false });
    await administer('GRANT CREATE ON SCHEMA public TO clerk');
    await administer('GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk');
  });

  /** Imports a list of one vaccine. */
  async function importVaccine(as: Config, release: string) {
    const place = join(folder.path, 'cvx.txt');
    writeFileSync(place, '01|A vaccine|||Active|False|2026/08/03\n');
    const { streams, written } = keptStreams();
    return { exit: await importRelease(as, 'cvx', place, { release }, streams), ...written() };
  }

  test('an import', async () => {
    await administer('REVOKE INSERT ON release_part FROM clerk');
    expect(await importVaccine(asClerk(), '1')).toEqual({
      exit: 1,
      stdout: '',
      stderr:
        'import cvx: rejected, nothing has changed: the database says: permission denied for table release_part (42501)\n',
    });
  });

  test('a rollback', async () => {
    for (const release of ['1', '2']) expect(await importVaccine(config, release)).toMatchObject({ exit: 0 });
    await administer('REVOKE UPDATE ON active_release FROM clerk');
    const failure: unknown = await rollback(asClerk(), 'cvx', {}, keptStreams().streams).catch(
      (error: unknown) => error,
    );
    expect(describeFailure(failure)).toBe('the database says: permission denied for table active_release (42501)');
    expect(describeFailure(new Error('ours'))).toBeUndefined();
  });

  test('what an import has replaced and may not clear away does not make it one that was refused', async () => {
    for (const release of ['1', '2']) await importVaccine(config, release);
    await administer('REVOKE DELETE ON release_part FROM clerk');
    expect(await importVaccine(asClerk(), '3')).toMatchObject({ exit: 0, stderr: '' });
  });
});
