import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { build } from '../../src/cli/build.js';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/config.js';
import { seedPlaces, writeFiles } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { keptStreams } from './seeded-config.js';

let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
beforeEach(() => {
  folder = temporaryFolder();
  config = { ...loadConfig({}), ...seedPlaces(folder.path) };
});
afterEach(() => {
  folder.remove();
});

async function built(change: Partial<Config> = {}, finish = false) {
  const { streams, written } = keptStreams();
  const exit = await build({ ...config, ...change }, { finish }, streams);
  return { exit, text: written().stdout, stderr: written().stderr };
}

test('a build says what it built, and the next that there is nothing to do; exit code 0', async () => {
  const first = await built();
  expect(first.exit).toBe(0);
  expect(first.text).toMatch(/^starter-\S+: 10 articles, 17 mapping rows, 0 left out \([\d.]+ s\)\n$/);
  const second = await built();
  expect(second.exit).toBe(0);
  expect(second.text).toMatch(/library\.db is up to date/);
});

test('rows left out are listed by file, line and reason; exit code 2', async () => {
  const localLibrary = writeFiles(join(folder.path, 'local'), {
    'mappings/icd-10-cm.csv': 'code,article,relationship,rank\nW20,topic-falls,wider,1\nW21,topic-falls,related,1\n',
    'handouts/brochure.pdf': '%PDF-1.4',
  });
  const { exit, text } = await built({ localLibrary });
  expect(exit).toBe(2);
  expect(text).toMatch(/^local-\S+: 0 articles, 1 mapping rows, 2 left out/m);
  expect(text).toMatch(/^ {2}icd-10-cm\.csv:2: \S.*relationship/m);
  expect(text).toMatch(/^ {2}handouts\/brochure\.pdf: \S/m);
});

test('with --finish the file is left ready for a read-only volume', async () => {
  await built({}, true);
  const head = readFileSync(config.libraryPath);
  expect([head[18], head[19]]).toEqual([1, 1]);
});

test('a read-only library is not built; exit code 1', async () => {
  const refused = { exit: 1, text: '', stderr: 'build: rejected, nothing has changed: LIBRARY_READ_ONLY is set\n' };
  expect(await built({ libraryReadOnly: true })).toEqual(refused);
  expect(existsSync(config.libraryPath)).toBe(false);
});
