import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { importRelease } from '../../src/cli/import.js';
import type { RollbackOptions } from '../../src/cli/releases.js';
import { listAllReleases, rollback } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import { createDatabase, openLibrary } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { keptStreams, seededConfig } from './seeded-config.js';

let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
beforeEach(() => {
  folder = temporaryFolder();
  config = seededConfig(folder.path);
});
afterEach(() => {
  folder.remove();
});

/** Imports a list of one vaccine. */
async function importVaccine(title: string, release: string): Promise<void> {
  const path = join(folder.path, 'cvx.txt');
  writeFileSync(path, `01|${title}|||Active|False|2026/08/03\n`);
  expect(await importRelease(config, 'cvx', path, { release }, keptStreams().streams)).toBe(0);
}

async function list(): Promise<string[]> {
  const { streams, written } = keptStreams();
  expect(await listAllReleases(config, streams)).toBe(0);
  return written().stdout.trim().split('\n');
}

function back(to?: string, source = 'cvx') {
  return roll(to === undefined ? {} : { to }, source);
}

async function roll(options: RollbackOptions, source = 'cvx') {
  const { streams, written } = keptStreams();
  return { exit: await rollback(config, source, options, streams), ...written() };
}

async function titleNow(): Promise<string | undefined> {
  const { library } = await openLibrary({ ...config, readOnly: false });
  try {
    return library.findConcepts([{ system: 'cvx', code: '01' }])[0]?.title;
  } finally {
    await library.close();
  }
}

test('releases are listed the latest first: in use, kept for a rollback, gone', async () => {
  for (const version of ['1', '2', '3']) await importVaccine(`Title ${version}`, version);
  const [third, second, first, starter] = await list();
  expect(third).toMatch(/^in use +imported +cvx +2026-08-03 \S+Z cvx-3$/);
  expect(second).toMatch(/^kept +imported +cvx +.* cvx-2$/);
  expect(first).toMatch(/^gone +imported +cvx +.* cvx-1$/);
  expect(starter).toMatch(/^in use +starter +starter +/);
});

test('listing changes nothing, whatever the settings ask for', async () => {
  const { streams, written } = keptStreams();
  await expect(listAllReleases(config, streams)).rejects.toThrow(/^cannot open the library at /);
  expect(existsSync(config.libraryPath)).toBe(false);
  await importVaccine('Old', '1');
  const before = await list();
  expect(await listAllReleases({ ...config, omitCodeSystems: ['icd-9-cm'] }, streams)).toBe(0);
  expect(written().stdout.trim().split('\n')).toEqual(before);
});

test('a rollback returns to the release before, and forward again by name', async () => {
  await importVaccine('Old', '1');
  await importVaccine('New', '2');
  expect(await titleNow()).toBe('New');
  expect(await back()).toEqual({ exit: 0, stdout: 'cvx-1 is in use again\n', stderr: '' });
  expect(await titleNow()).toBe('Old');
  expect(await back('cvx-2')).toMatchObject({ exit: 0, stdout: 'cvx-2 is in use again\n' });
  expect(await titleNow()).toBe('New');
});

test('a rollback returns to what was in use before the swap, not to what was imported before', async () => {
  await importVaccine('Good', '1');
  await importVaccine('Bad', '2');
  await back();
  await importVaccine('Next', '3');
  expect(
    (await list()).slice(0, 3).map((line) => line.split(/\s+/).filter((word) => /^(in|kept|gone|cvx-.)$/.test(word))),
  ).toEqual([
    ['in', 'cvx-3'],
    ['gone', 'cvx-2'],
    ['kept', 'cvx-1'],
  ]);
  expect(await back()).toMatchObject({ exit: 0, stdout: 'cvx-1 is in use again\n' });
  expect(await titleNow()).toBe('Good');
});

test('a rollback with nothing before is refused and names what is kept; --remove takes the source out', async () => {
  await importVaccine('Old', '1');
  const only =
    'there is no release before cvx-1 to go back to; no other is kept; --remove takes cvx out of the library\n';
  expect(await back()).toEqual({ exit: 1, stdout: '', stderr: only });
  await importVaccine('New', '2');
  await back();
  const kept = only.replace('no other is kept', 'kept and to be had by --to: cvx-2');
  expect(await back()).toEqual({ exit: 1, stdout: '', stderr: kept });
  expect(await titleNow()).toBe('Old');
  expect(await roll({ remove: true })).toEqual({ exit: 0, stdout: 'cvx is no longer in the library\n', stderr: '' });
  expect(await titleNow()).toBeUndefined();
});

test('a source that was taken out comes back by name, and nothing of it is cleared away meanwhile', async () => {
  await importVaccine('Old', '1');
  await importVaccine('New', '2');
  expect(await roll({ remove: true, to: 'cvx-1' })).toMatchObject({ exit: 2 });
  await roll({ remove: true });
  expect((await list()).filter((line) => line.startsWith('kept'))).toHaveLength(2);
  expect(await back()).toEqual({
    exit: 1,
    stdout: '',
    stderr: 'no release of cvx is in use; kept and to be had by --to: cvx-2, cvx-1\n',
  });
  expect(await roll({ remove: true })).toMatchObject({ exit: 1, stderr: 'no release of cvx is in use\n' });
  expect(await back('cvx-1')).toMatchObject({ exit: 0, stdout: 'cvx-1 is in use again\n' });
  expect(await titleNow()).toBe('Old');
});

test('where there is nothing to go back from or to, nothing changes; exit code 1', async () => {
  expect(await back()).toEqual({ exit: 1, stdout: '', stderr: 'no release of cvx is in use; no other is kept\n' });
  expect(await back(undefined, 'starter')).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(/^starter is built from/),
  });
  for (const version of ['1', '2', '3']) await importVaccine(`Title ${version}`, version);
  for (const name of ['cvx-1', 'cvx-9']) {
    const { exit, stderr } = await back(name);
    expect({ exit, stderr }).toEqual({
      exit: 1,
      stderr: `there is no release ${name} of cvx to go back to; kept and to be had by --to: cvx-2\n`,
    });
  }
  expect(await back('cvx-3')).toMatchObject({ exit: 1, stderr: 'cvx-3 is in use already\n' });
  expect(await titleNow()).toBe('Title 3');
});

test('a release that does not come into use is not told as one that did; exit code 1', async () => {
  await importVaccine('Old', '1');
  await importVaccine('New', '2');
  const db = await createDatabase(config).connect();
  await db.run('CREATE TRIGGER stays BEFORE INSERT ON active_release BEGIN SELECT RAISE(IGNORE); END');
  await db.close();
  expect(await back()).toEqual({ exit: 1, stdout: '', stderr: 'release cvx-1 is no longer there\n' });
  expect(await titleNow()).toBe('New');
});
