import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { importRelease } from '../../src/cli/import.js';
import type { Config } from '../../src/config/config.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import { openLibrary } from '../../src/library/open.js';
import { ReleaseFolder } from '../../src/store/release-folder.js';
import { Releases } from '../../src/library/releases.js';
import { keptStreams, seededConfig } from '../cli/seeded-config.js';
import { kill } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { scriptOf } from '../support/program.js';

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));

let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
let library: ManagedLibrary;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = temporaryFolder();
  config = seededConfig(folder.path);
  await imported(topics(2600, 'Old'));
  ({ library } = await openLibrary({ ...config, readOnly: false }));
});
afterEach(async () => {
  if (child) await kill(child);
  child = undefined;
  await library.close();
  folder.remove();
});

/** More topics than one batch takes. */
function topics(count: number, title: string): string {
  const path = join(folder.path, 'mplus_topics.xml');
  const topic = (id: number): string =>
    `<health-topic title="${title} ${id}" url="https://medlineplus.gov/t${id}.html" id="${id}" language="English"/>`;
  const all = Array.from({ length: count }, (_, index) => topic(index)).join('\n');
  writeFileSync(
    path,
    `<health-topics total="${count}" date-generated="11/21/2026 02:30:47">\n${all}\n</health-topics>`,
  );
  return path;
}

async function imported(path: string): Promise<number> {
  return importRelease(config, 'medlineplus', path, {}, keptStreams().streams);
}

/** Starts an import in a process of its own; resolves when its first batch is written. */
async function importElsewhere(path: string): Promise<ChildProcess> {
  const started = spawn(process.execPath, [...scriptOf(CHILD), 'medlineplus', path, JSON.stringify(config)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  const complaints: string[] = [];
  started.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
  await new Promise<void>((resolve, reject) => {
    started.stdout.once('data', () => {
      resolve();
    });
    started.once('exit', () => {
      reject(new Error(complaints.join('')));
    });
  });
  return started;
}

/** The states of all imports, the latest first. */
async function states(): Promise<string[]> {
  const releases = await Releases.open({ ...config, readOnly: false });
  try {
    return (await releases.list()).flatMap(({ layer, state }) => (layer === 'imported' ? [state] : []));
  } finally {
    await releases.close();
  }
}

/** Files of releases that are being written. */
const unfinished = (): string[] =>
  readdirSync(ReleaseFolder.beside(config.libraryPath).path).filter((name) => name.endsWith('.unfinished'));

const titleNow = (): string | undefined => library.findArticles(['topic-t7'])[0]?.texts.en?.title;

test('an import that is killed leaves the old release in use, and the next import works', async () => {
  const { release, articles } = library.status();
  const dying = await importElsewhere(topics(3000, 'New'));
  expect([await states(), unfinished().length]).toEqual([['ready'], 1]);
  // Meanwhile the server answers from the old release.
  expect(titleNow()).toBe('Old 7');
  expect(library.status()).toMatchObject({ release, articles });

  await kill(dying);
  child = undefined;
  expect(titleNow()).toBe('Old 7');
  expect(await imported(topics(3000, 'New'))).toBe(0);
  expect(await states()).toEqual(['ready', 'ready']);
  while (library.status().release === release) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(titleNow()).toBe('New 7');
  expect(library.status().articles).toBe(articles + 400);
});

test('an import that is still being written is left alone by another', async () => {
  await importElsewhere(topics(3000, 'New'));
  expect(await imported(topics(2700, 'Other'))).toBe(0);
  expect([await states(), unfinished().length]).toEqual([['ready', 'ready'], 1]);
});
