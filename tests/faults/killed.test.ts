import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importRelease } from '../../src/cli/import.js';
import type { Config } from '../../src/config/config.js';
import type { OpenedLibrary } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { openHandedOver } from '../../src/library/open-records.js';
import { Releases } from '../../src/library/releases.js';
import { keptStreams, seededConfig } from '../cli/seeded-config.js';
import { numberedId } from '../contract/given-entries.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { SEED, kill, stallElsewhere, writeUntilKilled } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { scriptOf } from '../support/program.js';
import { ownPostgres } from '../support/suite-postgres.js';
import { wholeOf } from './whole-library.js';

const IMPORTER = fileURLToPath(new URL('../import/child.mjs', import.meta.url));

const server = ownPostgres();

let folder: ReturnType<typeof temporaryFolder>;
let config: Config & { readonly readOnly: false };
let children: ChildProcess[] = [];
const open: OpenedLibrary[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) await kill(child);
  for (const { written, library } of open.splice(0)) {
    await written.close();
    await library.close();
  }
  folder.remove();
});

async function prepare(database: Config['database']): Promise<void> {
  await server().start();
  folder = temporaryFolder();
  children = [];
  config = { ...seededConfig(folder.path), database, readOnly: false };
  await buildLibraryFile(config);
}
const onServer = async (): Promise<Config['database']> => ({ url: await server().createDatabase(), maxConnections: 4 });

async function opened(): Promise<OpenedLibrary> {
  const one = await openLibrary(config);
  open.push(one);
  return one;
}

/** More topics than one batch takes. */
function topics(title: string, count = 2600): string {
  const path = join(folder.path, 'mplus_topics.xml');
  const all = Array.from(
    { length: count },
    (_one, id) =>
      `<health-topic title="${title} ${id}" url="https://medlineplus.gov/t${id}.html" id="${id}" language="English"/>`,
  );
  writeFileSync(
    path,
    `<health-topics total="${all.length}" date-generated="11/21/2026 02:30:47">\n${all.join('\n')}\n</health-topics>`,
  );
  return path;
}

const imported = (path: string, streams = keptStreams().streams): Promise<number> =>
  importRelease(config, 'medlineplus', path, {}, streams);

/** Imports in a process of its own, which stops at a place and says so. */
function importElsewhere(path: string, where: 'batch' | 'swap'): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...scriptOf(IMPORTER), 'medlineplus', path, JSON.stringify(config), where], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve(child);
    });
    child.once('exit', () => {
      reject(new Error(complaints));
    });
  });
}

/** The folder of release files that the configuration has. */
function releasesHere(): string {
  const found = readdirSync(dirname(config.libraryPath)).filter((name) => name.endsWith('-releases'));
  const [own = ''] = found.filter((name) => name.startsWith(config.database ? 'copy-' : 'library'));
  return join(dirname(config.libraryPath), own);
}

const titleOf = ({ library }: OpenedLibrary, id: string): string | undefined =>
  library.findArticles([id])[0]?.texts.en?.title;

describe.each([
  ['a library file', async (): Promise<Config['database']> => undefined],
  ['PostgreSQL', onServer],
])('kill -9, over %s', (_name, place) => {
  beforeEach(async () => {
    await prepare(await place());
  });

  test.each(['batch', 'swap'] as const)('in the middle of an import: of its %s', async (where) => {
    expect(await imported(topics('Old'))).toBe(0);
    const before = await wholeOf(config);
    await kill(await importElsewhere(topics('New'), where));
    expect(await wholeOf(config)).toEqual(before);
    expect(titleOf(await opened(), 'topic-t7')).toBe('Old 7');
    expect(await imported(topics('New'))).toBe(0);
    expect(titleOf(await opened(), 'topic-t7')).toBe('New 7');
    const releases = await Releases.open(config);
    const states = (await releases.list()).filter(({ layer }) => layer === 'imported').map(({ state }) => state);
    await releases.close();
    expect(states).toEqual(['ready', 'ready']);
  });

  test('an import that died leaves a file, which is cleared away when nobody has touched it for ten minutes', async () => {
    await kill(await importElsewhere(topics('New'), 'batch'));
    const left = (): string[] => readdirSync(releasesHere()).filter((name) => name.endsWith('.unfinished'));
    const prune = async (): Promise<void> => {
      const releases = await Releases.open(config);
      await (await releases.begin({ source: 'medlineplus', name: 'next', builtOn: '2026-11-21' })).abort();
      await releases.close();
    };
    await prune();
    const [name = ''] = left();
    expect(left()).toHaveLength(1);
    const before = new Date(Date.now() - 601_000);
    utimesSync(join(releasesHere(), name), before, before);
    await prune();
    expect(left()).toEqual([]);
  });

  test("in the swap of a site's own folder", async () => {
    const before = await wholeOf(config);
    const local = { ...config, localLibrary: join(SEED, 'local') };
    await kill(await stallElsewhere(local));
    expect(await wholeOf(config)).toEqual(before);
    expect(await buildLibraryFile(local, false, ['starter', 'local'])).toHaveLength(1);
    expect((await wholeOf(config)).active_release).not.toBe(before.active_release);
  });

  test('in the middle of writes: what was said to be safe is there, and nothing is half', async () => {
    const safe = await writeUntilKilled(config, 5);
    const one = await opened();
    const [latest] = await one.written.findLatest('Document', ['a']);
    const version = latest?.version ?? 0;
    expect([safe, safe + 1]).toContain(version);
    const all = await one.written.listVersions(0, 1000);
    expect(all.map((each) => each.version)).toEqual(Array.from({ length: version }, (_none, index) => index + 1));
    expect(titleOf(one, 'local-a')).toBe(`Version ${version}`);
  });

  test('in the middle of recording what was given: every entry that was acknowledged is there, whole', async () => {
    const safe = await writeUntilKilled(config, 5, 'give');
    const record = openHandedOver(config);
    const entries = await record.list({}, 10_000);
    expect(safe).toBeGreaterThanOrEqual(5);
    expect([safe, safe + 1]).toContain(entries.length);
    const ids = Array.from({ length: entries.length }, (_none, at) => numberedId(entries.length - at));
    expect(entries.map(({ entry }) => entry.id)).toEqual(ids);
    expect(await record.findText(`digest ${entries.length}`)).toBe('a text');
    await record.close();
  });
});

describe('PostgreSQL itself is killed', () => {
  beforeEach(async () => {
    await prepare(await onServer());
  });

  test('in the middle of writes: what was said to be safe is there, and the next write is as if nothing had been', async () => {
    const one = await opened();
    let safe = 0;
    let isOver = false;
    const writing = (async () => {
      while (!isOver) {
        const title = `Version ${safe + 1}`;
        const change = put('a', handoutRows('local-a', 'W19', title), { content: title });
        try {
          const [written] = await one.written.apply([change], NOW);
          safe = written?.version ?? 0;
        } catch (error) {
          expect(error).toMatchObject({ code: 'library-unavailable' });
          isOver = true;
        }
      }
    })();
    while (safe < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    await server().crash();
    await writing;
    await server().start();
    while (!(await one.library.ready())) await new Promise((resolve) => setTimeout(resolve, 50));
    const [latest] = await one.written.findLatest('Document', ['a']);
    // The write under way may have become safe without anybody being told.
    expect([safe, safe + 1]).toContain(latest?.version);
    const [next] = await one.written.apply([put('a', handoutRows('local-a', 'W19', 'After'))], NOW);
    expect(next?.version).toBe((latest?.version ?? 0) + 1);
    expect(titleOf(one, 'local-a')).toBe('After');
  });

  test('in the middle of an import, which says so in a line and changes nothing', async () => {
    expect(await imported(topics('Old'))).toBe(0);
    const before = await wholeOf(config);
    const { streams, written } = keptStreams();
    const importing = imported(topics('New', 20_000), streams);
    // It reads and writes here first, and needs the server to end with.
    while (!readdirSync(releasesHere()).some((name) => name.endsWith('.unfinished')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await server().crash();
    expect(await importing).toBe(1);
    expect(written().stderr).toMatch(/import medlineplus: rejected, nothing has changed: [^\n]+\n$/);
    await server().start();
    expect(await wholeOf(config)).toEqual(before);
    expect(await imported(topics('New'))).toBe(0);
  });
});
