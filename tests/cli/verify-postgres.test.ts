import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { build } from '../../src/cli/build.js';
import { verify } from '../../src/cli/verify.js';
import type { Config } from '../../src/config/config.js';
import { openLibrary } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { keptStreams, seededConfig, type Written } from './seeded-config.js';

const server = suitePostgres();

let folder: ReturnType<typeof temporaryFolder>;
let config: Config & { readonly readOnly: false };
beforeEach(async () => {
  folder = temporaryFolder();
  const url = await server().createDatabase();
  config = { ...seededConfig(folder.path), database: { url, maxConnections: 2 }, readOnly: false };
  await open();
});
afterEach(() => {
  folder.remove();
});

/** Opens the library once: this machine has a copy of it afterwards. */
async function open(): Promise<number> {
  const { library, written } = await openLibrary(config);
  const { articles } = library.status();
  await written.close();
  await library.close();
  return articles;
}

async function verified(): Promise<Written & { readonly code: number }> {
  const { streams, written } = keptStreams();
  return { code: await verify(config, undefined, streams), ...written() };
}

/** Spoils the one release file of this machine, which keeps its size. */
function spoilHere(): string {
  const [copy = ''] = readdirSync(folder.path).filter((name) => /^copy-.*-releases$/.test(name));
  const [name = ''] = readdirSync(join(folder.path, copy));
  const path = join(folder.path, copy, name);
  const bytes = readFileSync(path).fill(0xa5, 0, 100);
  rmSync(path);
  writeFileSync(path, bytes);
  return path;
}

async function spoilServer(): Promise<void> {
  const client = new pg.Client(config.database?.url);
  await client.connect();
  await client.query("UPDATE release_part SET bytes = overlay(bytes PLACING 'spoilt'::bytea FROM 5000)");
  await client.end();
}

test('a damaged file of a machine’s copy is named, and fetched again by a start that cannot open it, or by `build`', async () => {
  const articles = await open();
  expect(await verified()).toMatchObject({ code: 0, stdout: '3 parts are whole\n' });
  const path = spoilHere();
  expect(await verified()).toMatchObject({ code: 1, stdout: expect.stringContaining(`${path}: release starter-`) });
  expect(await open()).toBe(articles);
  expect(await verified()).toMatchObject({ code: 0 });
  spoilHere();
  expect(await build(config, {}, keptStreams().streams)).toBe(0);
  expect(await verified()).toMatchObject({ code: 0 });
});

test('a release that is damaged in the database is named', async () => {
  await spoilServer();
  const { code, stdout } = await verified();
  expect([code, stdout]).toEqual([
    1,
    expect.stringMatching(
      /^the library in PostgreSQL at \S+: release starter-\S+ is damaged: .*\n1 of 3 parts are damaged\n$/,
    ),
  ]);
});
