import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { OpenOptions, OpenedLibrary } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { ReleaseFolder } from '../../src/store/release-folder.js';
import { Releases } from '../../src/library/releases.js';
import { NO_ROWS } from '../../src/build/source.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces, writeUntilKilled } from './places.js';
import { columnOf, openFile } from '../support/library-file.js';

const W19 = { system: 'icd-10-cm', code: 'W19' } as const;

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
let opened: OpenedLibrary[] = [];
beforeEach(() => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
  opened = [];
});
const close = async (): Promise<void> => {
  for (const { written, library } of opened.splice(0)) {
    await written.close();
    await library.close();
  }
};
afterEach(async () => {
  await close();
  folder.remove();
});

async function open(): Promise<OpenedLibrary> {
  const one = await openLibrary(places);
  opened.push(one);
  return one;
}

test('what is written outlives a restart, a rebuild of the starter and an import', async () => {
  await (await open()).written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  await close();
  appendFileSync(join(places.mappingsDir, 'icd-10-cm.csv'), 'W20,topic-falls,related,1,,,\n');
  const { library, written, reports } = await open();
  expect(reports.map(({ layer }) => layer)).toEqual(['starter']);
  expect(library.findArticleIds(W19)).toEqual(['local-a']);
  expect((await written.findLatest('Document', ['a']))[0]?.version).toBe(1);
  const releases = await Releases.open(places);
  const target = await releases.begin({ source: 'test', name: 'test-1', builtOn: '2026-01-01' });
  const row = { ...W19, article: 'topic-falls', relationship: 'equivalent', rank: 1, origin: 'curated' } as const;
  await target.write({ ...NO_ROWS, mappings: [{ ...row, sensitivity: undefined, note: '', line: 1 }] });
  await target.finish([]);
  await releases.close();
  await close();
  expect((await open()).library.findArticleIds(W19)).toEqual(['local-a']);
});

test('a process killed while it writes loses nothing that it said is safe, and leaves nothing half', async () => {
  await buildLibraryFile(places);
  for (const versions of [3, 7]) {
    const safe = await writeUntilKilled(places, versions);
    expect(safe).toBeGreaterThanOrEqual(versions);
    const { library, written } = await open();
    const [latest] = await written.findLatest('Document', ['a']);
    const version = latest?.version ?? 0;
    // One more may be safe without having been said.
    expect([safe, safe + 1]).toContain(version);
    expect(latest?.content).toBe(String(version));
    const all = await written.listVersions(0, 1000);
    expect(all.map((each) => each.version)).toEqual(Array.from({ length: version }, (_none, index) => index + 1));
    expect(library.findArticles(['local-a'])[0]?.texts.en?.title).toBe(`Version ${version}`);
    await close();
    const db = openFile(places.libraryPath);
    db.exec('DELETE FROM written_version; DELETE FROM written_resource');
    db.close();
  }
});

test('many writes leave a library no larger than what is written', async () => {
  const { written } = await open();
  for (let count = 0; count < 25; count += 1) await written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  const db = openFile(places.libraryPath, 'read');
  const states = columnOf(db, "SELECT state FROM release WHERE layer = 'written'");
  db.close();
  expect([states.length, states.filter((state) => state === 'ready')]).toEqual([25, ['ready']]);
  // The starter's alone.
  expect(readdirSync(ReleaseFolder.beside(places.libraryPath).path)).toHaveLength(1);
});

test('a lock by another process is waited for, and told as unavailable where it lasts', async () => {
  const { written } = await open();
  const other = openFile(places.libraryPath);
  other.exec('BEGIN IMMEDIATE');
  const waiting = written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  setTimeout(() => {
    other.exec('COMMIT');
  }, 50);
  expect(await waiting).toMatchObject([{ version: 1 }]);
  other.exec('BEGIN IMMEDIATE');
  await expect(written.apply([put('a', handoutRows('local-a', 'W19'))], NOW)).rejects.toMatchObject({
    code: 'library-unavailable',
  });
  other.exec('ROLLBACK');
  other.close();
  expect((await written.findLatest('Document', ['a']))[0]?.version).toBe(1);
});
