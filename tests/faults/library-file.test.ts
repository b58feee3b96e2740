import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ended, runHere, start } from '../cli/run-cli.js';
import { ask } from '../http/ask.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder, testConfig } from '../support/connector.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { canMount, mountSmallDisk } from '../support/small-disk.js';
import { askUntil, waysToAsk } from './formats.js';
import { openLibrary } from '../../src/library/open.js';
import { copyLibrary, openFile, releaseFileOf } from '../support/library-file.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
const cleaning: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder.path, 'library.db');
  await putShippedLibrary(testConfig(folder.path));
});
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
  folder.remove();
});

async function serving(env: Record<string, string> = {}): Promise<TestConnector> {
  const connector = await startConnector({
    env: {
      LIBRARY_PATH: path,
      LOG_LEVEL: 'silent',
      ...(env['LIBRARY_READ_ONLY'] ? {} : { WRITE_TOKENS: TOKEN }),
      ...env,
    },
  });
  cleaning.push(connector.stop);
  return connector;
}

test('a file that another process keeps to itself: all is served from the releases, and it is told', async () => {
  const { url } = await serving({ LIBRARY_READ_ONLY: 'true' });
  const other = openFile(path);
  other.exec('BEGIN EXCLUSIVE');
  for (const way of waysToAsk('J45.909')) {
    // The site's own writes are in that file: a request for them may be answered 503.
    const allowed = way.path.startsWith('/fhir/') ? [200, 503] : [200];
    expect(allowed).toContain((await ask(url, way.path, way)).status);
  }
  expect((await ask(url, '/readyz')).status).toBe(503);
  other.exec('COMMIT');
  other.close();
  await askUntil(url, '/readyz', ({ status }) => status === 200);
});

/** The address that a server greets with. */
const findAddress = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) =>
    child.stdout?.once('data', (text) => {
      resolve(/ on (http:\S+)/.exec(String(text))?.[1] ?? '');
    }),
  );

test('a server that starts on a file that another keeps to itself serves it once it is given up', async () => {
  const other = openFile(path);
  other.exec('PRAGMA locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE; CREATE TABLE mine (a); COMMIT');
  const child = start('main', [], { LIBRARY_PATH: path, PORT: '0', LOG_LEVEL: 'silent' });
  const end = ended(child);
  const address = await findAddress(child);
  expect((await ask(address, '/readyz')).status).toBe(503);
  other.close();
  await askUntil(address, '/readyz', ({ status }) => status === 200);
  child.kill('SIGTERM');
  expect(await end).toMatchObject({ code: 0 });
});

test('a file in whose place another is put is no longer written to as if it were there, and a new start reads the new one', async () => {
  const { url, library } = await serving();
  copyFileSync(path, `${path}.new`);
  const { reply } = await send(url, 'POST', '/DocumentReference', handout());
  expect(reply.status).toBe(201);
  renameSync(`${path}.new`, path);
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  // Content that was read is served further: no answer is half of the one file and half of the other.
  const { release } = library.status();
  const answer = await ask(url, waysToAsk('S72.001A')[0]?.path ?? '');
  expect([answer.status, answer.headers['x-library-release']]).toEqual([200, release]);
  // A write acknowledged now would go to where no request reads it.
  const refused = (await send(url, 'POST', '/DocumentReference', handout())).reply;
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '2']);
  expect((await ask(url, '/readyz')).status).toBe(503);
  const again = await serving();
  expect((await ask(again.url, '/readyz')).status).toBe(200);
  expect(again.library.status().release).not.toBe(release);
});

test('a file that is taken away is not made anew by a write, and is written to again once it is back', async () => {
  const { url, library } = await serving();
  const { release } = library.status();
  const aside = `${path}.aside`;
  renameSync(path, aside);
  for (let tries = 0; tries < 2; tries += 1)
    expect((await send(url, 'POST', '/DocumentReference', handout())).reply.status).toBe(503);
  expect([existsSync(path), (await ask(url, '/readyz')).status, library.status().release]).toEqual([
    false,
    503,
    release,
  ]);
  renameSync(aside, path);
  await askUntil(url, '/readyz', ({ status }) => status === 200);
  expect((await send(url, 'POST', '/DocumentReference', handout())).reply.status).toBe(201);
});

const canHaveDisk = canMount(join(tmpdir(), `education-connect-disk-${process.pid}`));
if (!canHaveDisk) process.stdout.write('a disk that may not be written to is not tested: mounting one takes root\n');

/** Mounts a disk with a copy of the library on it. */
function mountLibrary() {
  const disk = mountSmallDisk(join(folder.path, 'disk'), 64);
  if (!disk) throw new Error('it was mounted before');
  cleaning.push(async () => {
    disk.unmount();
  });
  const library = join(disk.path, 'library.db');
  copyLibrary(path, library);
  return { disk, library };
}

(canHaveDisk ? test : test.skip)(
  'a library in WAL mode on a disk that may not be written to: one line says what is wrong, and the way out',
  async () => {
    const { disk, library } = mountLibrary();
    const file = openFile(library);
    file.exec('PRAGMA journal_mode = WAL');
    file.close();
    disk.protect(true);
    for (const LIBRARY_READ_ONLY of ['true', 'false']) {
      const config = testConfig(folder.path, { LIBRARY_PATH: library, LIBRARY_READ_ONLY });
      await expect(openLibrary({ ...config, readOnly: config.libraryReadOnly })).rejects.toThrow(
        `cannot open the library at ${library}: it is in WAL mode, and its folder cannot be written to: run \`education-connect build --finish\``,
      );
    }
  },
);

(canHaveDisk ? test : test.skip)(
  'a disk that may not be written to: what is there is read, and writes are told until they may',
  async () => {
    const { disk, library } = mountLibrary();
    disk.protect(true);
    const { url } = await serving({ LIBRARY_PATH: library });
    expect((await ask(url, '/readyz')).status).toBe(200);
    expect((await ask(url, waysToAsk('S72.001A')[0]?.path ?? '')).status).toBe(200);
    const { reply } = await send(url, 'POST', '/DocumentReference', handout());
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
    disk.protect(false);
    expect((await send(url, 'POST', '/DocumentReference', handout())).reply.status).toBe(201);
  },
);

/** Puts a copy of its own in place of a release's file, which other suites read. */
function ownRelease(): { release: string; whole: string } {
  const release = releaseFileOf(path, 'starter');
  const whole = join(folder.path, 'whole.db');
  copyFileSync(release, whole);
  rmSync(release);
  copyFileSync(whole, release);
  return { release, whole };
}

test.each([
  [
    'cut',
    (file: string) => {
      truncateSync(file, 100_000);
    },
  ],
  [
    'overwritten, and of the same size',
    (file: string) => {
      writeFileSync(file, Buffer.alloc(statSync(file).size, 'damaged '));
    },
  ],
])('the file of a release is %s under a server: it is not ready until the file is whole', async (_how, damage) => {
  const { release, whole } = ownRelease();
  const { url } = await serving();
  damage(release);
  expect((await ask(url, '/search?q=asthma')).status).toBe(503);
  expect((await ask(url, '/readyz')).status).toBe(503);
  copyFileSync(whole, release);
  await askUntil(url, '/readyz', ({ status }) => status === 200);
  expect((await ask(url, '/search?q=asthma')).status).toBe(200);
});

test('a server builds the program’s own release anew when its file is damaged, and leaves no log beside the library', async () => {
  const { release } = ownRelease();
  const child = start('main', [], { LIBRARY_PATH: path, PORT: '0', LOG_LEVEL: 'warn', WRITE_TOKENS: TOKEN });
  const end = ended(child);
  const url = await findAddress(child);
  expect((await send(url, 'POST', '/DocumentReference', handout())).reply.status).toBe(201);
  truncateSync(release, 100_000);
  expect((await ask(url, '/readyz')).status).toBe(503);
  await askUntil(url, '/readyz', ({ status }) => status === 200);
  expect((await ask(url, '/search?q=asthma')).status).toBe(200);
  child.kill('SIGTERM');
  const { code, stdout } = await end;
  expect([code, stdout]).toEqual([0, expect.stringContaining('a file of the library is damaged')]);
  expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  expect(await runHere(['verify'], { LIBRARY_PATH: path })).toMatchObject({ code: 0, stdout: '2 parts are whole\n' });
});
