import { copyFileSync, existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { TOKEN, handout } from '../protocols/fhir/written.js';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder, testConfig } from '../support/connector.js';
import { openFile } from '../support/library-file.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { run, runHere } from './run-cli.js';

const CODE = 'N53.14';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

const folder = temporaryFolder();
const LIBRARY_PATH = join(folder.path, 'library.db');
const BACKUP = join(folder.path, 'backup.db');
afterAll(() => {
  folder.remove();
});

/** A server over a library file. */
const serve = (path: string): Promise<TestConnector> =>
  startConnector({ env: { LIBRARY_PATH: path, LOG_LEVEL: 'silent', WRITE_TOKENS: TOKEN } });

const idOf = (number: number): string => `local-sheet-${number}`;

function writeSheet(url: string, number: number): Promise<Reply> {
  const id = `${idOf(number)}-en`;
  return ask(url, `/fhir/DocumentReference/${id}`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ ...handout({ title: `Sheet ${number}` }), id }),
  });
}

/** Writes handouts in turn until it is stopped, and reads between them. */
function writeOn(url: string): {
  acknowledged: () => number;
  until: (count: number) => Promise<void>;
  stop: () => Promise<void>;
} {
  let [acknowledged, isStopped] = [0, false];
  const writing = (async () => {
    while (!isStopped) {
      expect((await writeSheet(url, acknowledged)).status).toBe(201);
      acknowledged += 1;
      expect((await ask(url, `/fhir/DocumentReference?event=${ICD}|${CODE}`)).status).toBe(200);
    }
  })();
  return {
    acknowledged: () => acknowledged,
    until: async (count) => {
      while (acknowledged < count) await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 5))]);
    },
    stop: () => {
      isStopped = true;
      return writing;
    },
  };
}

/** The handouts that answer by their id and by a code. */
async function findSheets(url: string): Promise<string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = `/fhir/DocumentReference?event=${ICD}|${CODE}&_count=200&_elements=id`; next;) {
    const { entry = [], link = [] } = JSON.parse((await ask(url, next)).text) as Bundle;
    ids.push(...entry.flatMap(({ resource }) => resource?.id ?? []).filter((id) => id.startsWith('local-sheet-')));
    next = link.find(({ relation }) => relation === 'next')?.url.replace(url, '');
  }
  return ids.sort();
}

test('a backup made under load holds all that was acknowledged before, and serves elsewhere', async () => {
  await putShippedLibrary(testConfig(folder.path));
  const connector = await serve(LIBRARY_PATH);
  const load = writeOn(connector.url);
  await load.until(3);
  const before = load.acknowledged();
  try {
    // A process of its own: what is written goes on meanwhile.
    expect(await run('cli', ['backup', BACKUP], { LIBRARY_PATH })).toMatchObject({ code: 0, stderr: '' });
    await load.until(load.acknowledged() + 1);
    await load.stop();
  } finally {
    await connector.stop();
  }
  expect(load.acknowledged()).toBeGreaterThan(before);
  const elsewhere = join(folder.path, 'elsewhere', 'library.db');
  expect(await runHere(['restore', BACKUP], { LIBRARY_PATH: elsewhere })).toMatchObject({ code: 0, stderr: '' });
  const restored = await serve(elsewhere);
  try {
    const sheets = await findSheets(restored.url);
    expect(sheets.length).toBeGreaterThanOrEqual(before);
    expect(sheets.length).toBeLessThanOrEqual(load.acknowledged());
    // They were written in turn: those that are there are the first.
    expect(sheets).toEqual([...sheets.keys()].map((number) => `${idOf(number)}-en`).sort());
    expect((await writeSheet(restored.url, sheets.length)).status).toBe(201);
  } finally {
    await restored.stop();
  }
});

describe('restore', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let path: string;
  beforeAll(async () => {
    if (!existsSync(BACKUP)) {
      await putShippedLibrary(testConfig(folder.path));
      expect((await runHere(['backup', BACKUP], { LIBRARY_PATH })).code).toBe(0);
    }
  });
  beforeEach(() => {
    place = temporaryFolder();
    path = join(place.path, 'library.db');
  });
  afterEach(() => {
    place.remove();
  });

  test('is refused while a process has the library open, and keeps the file that was there', async () => {
    await putShippedLibrary(testConfig(place.path));
    const other = openFile(path);
    other.exec("PRAGMA journal_mode = WAL; CREATE TABLE mine AS SELECT 'mine' AS whose");
    const before = readFileSync(path);
    const refused = await runHere(['restore', BACKUP], { LIBRARY_PATH: path });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^another process has .*library\.db open: stop .*; nothing has changed\n$/);
    expect(readFileSync(path).equals(before)).toBe(true);
    other.close();
    const done = await runHere(['restore', BACKUP], { LIBRARY_PATH: path });
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path).equals(readFileSync(BACKUP))).toBe(true);
    const kept = /is now (\S+)\n$/.exec(done.stdout)?.[1] ?? '';
    const old = openFile(kept);
    expect(old.prepare('SELECT whose FROM mine').all()).toEqual([{ whose: 'mine' }]);
    old.close();
    const names = [path, kept].map((one) => one.slice(place.path.length + 1));
    expect(readdirSync(place.path).sort()).toEqual(['library-releases', ...names].sort());
  });

  test('replaces a damaged library, with the log that lies beside it', async () => {
    writeFileSync(path, 'damaged '.repeat(1000));
    writeFileSync(`${path}-wal`, 'a log of the damaged file');
    expect(await runHere(['restore', BACKUP], { LIBRARY_PATH: path })).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path).equals(readFileSync(BACKUP))).toBe(true);
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(readdirSync(place.path)).toHaveLength(3);
  });

  test.each([
    ['that is not there', (_file: string) => undefined, /there is no file/],
    [
      'of something else',
      (file: string) => {
        writeFileSync(file, 'notes '.repeat(1000));
      },
      /no library that can be used: /,
    ],
    [
      'that is another program’s database',
      (file: string) => {
        openFile(file).exec('CREATE TABLE a (b)');
      },
      /it is a database of something else/,
    ],
    [
      'of a later version of the program',
      (file: string) => {
        copyFileSync(BACKUP, file);
        openFile(file).exec('PRAGMA user_version = 99');
      },
      /later version/,
    ],
    [
      'that is cut short',
      (file: string) => {
        copyFileSync(BACKUP, file);
        truncateSync(file, 9_000_000);
      },
      /no library that can be used: /,
    ],
  ])('rejects a backup %s, and changes nothing', async (_what, make, says) => {
    const file = join(place.path, 'other.db');
    make(file);
    const refused = await runHere(['restore', file], { LIBRARY_PATH: path });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(says);
    expect(readdirSync(place.path).filter((name) => name !== 'other.db')).toEqual([]);
  });
});

test('neither overwrites a file, and over PostgreSQL both name its own tools', async () => {
  const refused = await runHere(['backup', LIBRARY_PATH], { LIBRARY_PATH });
  expect([refused.code, refused.stderr]).toEqual([1, `${LIBRARY_PATH} is there already; nothing has changed\n`]);
  const nowhere = await runHere(['backup', join(folder.path, 'b.db')], { LIBRARY_PATH: join(folder.path, 'none.db') });
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('there is no library at')]);
  for (const command of ['backup', 'restore']) {
    const told = await runHere([command, BACKUP], { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/library' });
    expect([told.code, told.stderr]).toEqual([
      2,
      expect.stringMatching(/pg_dump --format=custom.*\n.*pg_restore --clean/),
    ]);
    expect(told.stderr).not.toContain('secret');
  }
});

test('a backup does not wait for a writer, however long it writes', async () => {
  await putShippedLibrary(testConfig(folder.path));
  const writer = openFile(LIBRARY_PATH);
  writer.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  expect(await runHere(['backup', join(folder.path, 'beside.db')], { LIBRARY_PATH })).toMatchObject({ code: 0 });
  writer.exec('ROLLBACK');
  writer.close();
});
