import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OpenOptions } from '../../src/library/open.js';
import { createDatabase } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import type { Connection } from '../../src/store/connection.js';
import type { StoredRelease } from '../../src/store/release-store.js';
import { activate, deactivate, listReleases } from '../../src/store/release-store.js';
import { ReleaseWriter } from '../../src/build/release-writer.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

const server = suitePostgres();

const NOW = new Date('2026-11-28T12:00:00Z');
const DATABASES = {
  SQLite: async () => undefined,
  PostgreSQL: async () => ({ url: await server().createDatabase(), maxConnections: 2 }),
};
const concept = { parent: undefined, billable: undefined, active: true, names: [] };
const ROWS = { ...NO_ROWS, concepts: [{ system: 'cvx', code: '01', title: 'A vaccine', ...concept } as const] };
/** Longer than a decision takes that waits for nobody. */
const WHILE_MS = 300;

describe.each(Object.entries(DATABASES))('two people at the releases of one library, over %s', (_name, database) => {
  let folder: ReturnType<typeof temporaryFolder>;
  let releases: Releases;
  let other: Connection;
  beforeEach(async () => {
    folder = temporaryFolder();
    const options: OpenOptions = { ...seedPlaces(folder.path), database: await database() };
    releases = await Releases.open(options);
    other = await createDatabase(options).connect();
    for (const name of ['test-1', 'test-2']) {
      const target = await releases.begin({ source: 'test', name, builtOn: '2026-01-02' });
      await target.write(ROWS);
      await target.finish([]);
    }
  });
  afterEach(async () => {
    await releases.close();
    await other.close();
    folder.remove();
  });

  /** Does something while the other is in the midst of its own writing, and answers what came of it. */
  async function meanwhile(work: () => Promise<unknown>, othersWork: () => Promise<unknown>): Promise<unknown> {
    let result: Promise<unknown> | undefined;
    await other.transaction(async () => {
      result = work().catch((error: unknown) => (error as Error).message);
      await new Promise((resolve) => setTimeout(resolve, WHILE_MS));
      await othersWork();
    });
    return result;
  }
  const inUse = async (): Promise<string | undefined> =>
    (await releases.list()).find(({ isActive, source }) => isActive && source === 'test')?.name;

  const firstRelease = async (): Promise<StoredRelease> => {
    const first = (await listReleases(other)).find(({ name }) => name === 'test-1');
    if (!first) throw new Error('the first release is not there');
    return first;
  };

  test('a rollback goes back from what came into use before its turn', async () => {
    const identity = { layer: 'imported', source: 'test', name: 'test-3', digest: '', builtOn: '2026-01-02' } as const;
    const third = new ReleaseWriter(other, identity, 'resources');
    await third.write(ROWS);
    const back = await meanwhile(
      () => releases.rollback('test'),
      () => third.finish([], NOW),
    );
    expect(back).toMatchObject({ name: 'test-2' });
    expect(await inUse()).toBe('test-2');
  });

  test('what another has done before its turn is not told as done by it', async () => {
    const first = await firstRelease();
    const back = await meanwhile(
      () => releases.rollback('test'),
      () => activate(other, first, NOW),
    );
    expect(back).toMatch(/^there is no release before test-1 to go back to/);
    const removed = await meanwhile(
      () => releases.remove('test'),
      () => deactivate(other, 'imported', 'test', NOW),
    );
    expect(removed).toBe('no release of test is in use');
  });

  test('a release that is no longer whole does not come into use', async () => {
    const first = await firstRelease();
    await other.run("UPDATE release SET state = 'gone' WHERE name = 'test-1'");
    await expect(activate(other, first, NOW)).rejects.toThrow('release test-1 is no longer there');
    expect(await inUse()).toBe('test-2');
  });
});
