import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { NO_ROWS } from '../../src/build/source.js';
import type { Library } from '../../src/core/model/library.js';
import type { OpenOptions, OpenedLibrary } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { kill, seedPlaces, stallElsewhere } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import type { SmallDisk } from '../support/small-disk.js';
import { canMount, mountSmallDisk } from '../support/small-disk.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { startProxy } from '../support/tcp-proxy.js';

// A machine that fetches the files of releases from PostgreSQL while its disk is full, its connection breaks, or they are damaged.

const server = suitePostgres();

let folder: ReturnType<typeof temporaryFolder>;
let there: OpenOptions;
let disk: SmallDisk | undefined;
let opened: OpenedLibrary | undefined;
beforeEach(async () => {
  folder = temporaryFolder();
  there = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 3 } };
  await buildLibraryFile(there);
});
afterEach(async () => {
  await opened?.written.close();
  await opened?.library.close();
  opened = undefined;
  disk?.unmount();
  disk = undefined;
  folder.remove();
});

/** Brings a release of many megabytes into use, on another machine. */
async function importMuch(name: string): Promise<void> {
  const releases = await Releases.open(there);
  const target = await releases.begin({ source: 'cvx', name, builtOn: '2026-01-02' });
  const shared = { system: 'cvx', parent: undefined, billable: undefined, active: true, names: [] } as const;
  const titled = (code: string, title: string) => ({ ...shared, code, title });
  // Content that cannot be packed.
  const much = Array.from({ length: 40 }, (_one, at) => titled(`1${at}`, randomBytes(50_000).toString('hex')));
  await target.write({ ...NO_ROWS, concepts: [titled('01', name), ...much] });
  await target.finish([]);
  await releases.close();
}

const titleIn = (library: Library): string | undefined =>
  library.findConcepts([{ system: 'cvx', code: '01' }])[0]?.title;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const canHaveDisks = canMount(join(tmpdir(), `education-connect-disk-${process.pid}`));
if (!canHaveDisks) process.stdout.write('a full disk in a fetch is not tested: mounting a small one takes root\n');

(canHaveDisks ? test : test.skip)(
  'a disk that is full in the middle of a fetch: what was served goes on, and the release comes when there is room',
  async () => {
    await importMuch('cvx-1');
    disk = mountSmallDisk(join(folder.path, 'disk'), 32);
    const place = disk?.path ?? '';
    opened = await openLibrary({ ...there, libraryPath: join(place, 'library.db') });
    const { library } = opened;
    expect(titleIn(library)).toBe('cvx-1');
    disk?.fill(2_500_000);
    await importMuch('cvx-2');
    await until(() => library.storeLag()?.reason === 'behind');
    expect([titleIn(library), await library.ready()]).toEqual(['cvx-1', true]);
    expect(library.findArticles(['topic-asthma'])).toHaveLength(1);
    disk?.free();
    await until(() => titleIn(library) === 'cvx-2');
    await until(() => library.storeLag() === undefined);
    const [files = ''] = readdirSync(place).filter((name) => name.endsWith('-releases'));
    expect(readdirSync(join(place, files)).filter((name) => !name.endsWith('.db'))).toEqual([]);
  },
);

/** The folder of the files that the machine here has fetched. */
function filesHere(): string {
  const [files = ''] = readdirSync(join(folder.path, 'here')).filter((name) => name.endsWith('-releases'));
  return join(folder.path, 'here', files);
}
const isFetching = (): boolean => readdirSync(filesHere()).some((name) => name.endsWith('.unfinished'));

test('a connection that breaks in the middle of a fetch: what was served goes on, and the release comes whole', async () => {
  await importMuch('cvx-1');
  const { url = '', maxConnections = 0 } = there.database ?? {};
  const proxy = await startProxy(Number(new URL(url).port));
  const through = new URL(url);
  through.port = String(proxy.port);
  const database = { url: through.href, maxConnections };
  opened = await openLibrary({ ...there, database, libraryPath: join(folder.path, 'here', 'library.db') });
  const { library } = opened;
  let isTorn = false;
  let number = 1;
  // On a busy machine a file may be there before it is noticed: then another follows.
  while (!isTorn) {
    number += 1;
    await importMuch(`cvx-${number}`);
    await until(() => isFetching() || titleIn(library) === `cvx-${number}`);
    const held = proxy.hold();
    await held;
    isTorn = isFetching();
    proxy.cut();
    if (isTorn) expect(titleIn(library)).toBe(`cvx-${number - 1}`);
    proxy.pass();
    await until(() => titleIn(library) === `cvx-${number}`);
  }
  await until(() => library.storeLag() === undefined);
  for (const name of readdirSync(filesHere())) {
    const digest = createHash('sha256').update(readFileSync(join(filesHere(), name)));
    expect(name).toBe(`${digest.digest('hex')}.db`);
  }
  await proxy.close();
});

test('a release that is damaged in the store is used by no machine: one that runs, or starts, serves the one before', async () => {
  const here = { ...there, libraryPath: join(folder.path, 'here', 'library.db') };
  await importMuch('cvx-1');
  opened = await openLibrary(here);
  const client = new pg.Client(there.database?.url);
  await client.connect();
  // The last byte of each part is another from now on.
  await client.query(`
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      NEW.bytes := set_byte(NEW.bytes, length(NEW.bytes) - 1, 255 - get_byte(NEW.bytes, length(NEW.bytes) - 1));
      RETURN NEW;
    END $$;
    CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON release_part FOR EACH ROW EXECUTE FUNCTION spoil()`);
  await importMuch('cvx-2');
  await until(() => opened?.library.storeLag()?.reason === 'behind');
  expect([titleIn(opened.library), await opened.library.ready()]).toEqual(['cvx-1', true]);
  await opened.written.close();
  await opened.library.close();
  opened = await openLibrary(here);
  expect([titleIn(opened.library), opened.library.storeLag()?.reason]).toEqual(['cvx-1', 'behind']);
  // The same once more: the bytes are what they were.
  await client.query(
    'UPDATE release_part SET bytes = bytes WHERE file NOT IN (SELECT file FROM release WHERE name = $1)',
    ['cvx-1'],
  );
  await client.end();
  await until(() => opened !== undefined && titleIn(opened.library) === 'cvx-2');
  await until(() => opened?.library.storeLag() === undefined);
});

test('kill -9 in the middle of a fetch: nothing half is there under a finished name, and the next start fetches all', async () => {
  await importMuch('cvx-1');
  const here = { ...there, libraryPath: join(folder.path, 'here', 'library.db') };
  await kill(await stallElsewhere(here, 'fetch'));
  const [files = ''] = readdirSync(join(folder.path, 'here')).filter((name) => name.endsWith('-releases'));
  const left = readdirSync(join(folder.path, 'here', files));
  expect(left.filter((name) => name.endsWith('.unfinished'))).toHaveLength(1);
  opened = await openLibrary(here);
  expect(titleIn(opened.library)).toBe('cvx-1');
  expect(opened.library.findArticles(['topic-asthma'])).toHaveLength(1);
});

test('what a site writes is served, and written, by a machine that waits for the file of a release', async () => {
  const first = await openLibrary(there);
  opened = await openLibrary({ ...there, libraryPath: join(folder.path, 'here', 'library.db') });
  const { library, written } = opened;
  const client = new pg.Client(there.database?.url);
  await client.connect();
  await client.query('BEGIN; LOCK TABLE release_part IN ACCESS EXCLUSIVE MODE');
  const [files = ''] = readdirSync(join(folder.path, 'here')).filter((name) => name.endsWith('-releases'));
  for (const name of readdirSync(join(folder.path, 'here', files))) rmSync(join(folder.path, 'here', files, name));
  const countWaiting = async (): Promise<number> => {
    const waiting = "SELECT 1 FROM pg_locks WHERE relation = 'release_part'::regclass AND NOT granted";
    return (await client.query(waiting)).rows.length;
  };
  while ((await countWaiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await first.written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  await until(() => library.findArticles(['local-a']).length === 1);
  expect(await written.apply([put('a', handoutRows('local-a', 'W20'), { expected: 1 })], NOW)).toMatchObject([
    { version: 2 },
  ]);
  expect(library.findArticleIds({ system: 'icd-10-cm', code: 'W20' })).toEqual(['local-a']);
  expect(await countWaiting()).toBe(1);
  await client.query('ROLLBACK');
  await client.end();
  const folderHere = join(folder.path, 'here', files);
  await until(() => readdirSync(folderHere).some((name) => name.endsWith('.db')));
  await first.written.close();
  await first.library.close();
});
