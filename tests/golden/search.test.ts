import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLibrary } from '../../src/library/open.js';
import { seedPlaces } from '../library/places.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

/** Searches of the contract's seed, byte for byte, as in golden.test.ts; the release's name is left out. */
const UPDATE = process.env.GOLDEN_UPDATE === '1';
const FOLDER = fileURLToPath(new URL('search/', import.meta.url));

const REQUESTS: readonly [name: string, query: string, status: number][] = [
  ['asthma', 'q=asthma', 200],
  ['asma-es', 'q=asma&lang=es&kind=article', 200],
  ['n5314', 'q=n5314', 200],
  ['nothing', 'q=%3Cnothing%3E', 200],
  ['error-es', 'lang=es', 400],
];
const FORMATS: readonly [ending: string, format: string][] = [
  ['json', '_format=json'],
  ['xml', '_format=atom'],
];

const folder = temporaryFolder();
let connector: TestConnector;
let release = '';
beforeAll(async () => {
  const { library } = await openLibrary(seedPlaces(folder.path));
  ({ release } = library.status());
  connector = await startConnector({ library, env: { PUBLIC_URL: 'http://connector.test' } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

describe.each(FORMATS)('%s', (ending, format) => {
  test.each(REQUESTS)('holds the bytes of %s', async (name, query, status) => {
    const response = await fetch(`${connector.url}/search?${query}&${format}`);
    expect(response.status).toBe(status);
    const text = (await response.text()).replaceAll(release, 'RELEASE');
    const file = join(FOLDER, `${name}.${ending}`);
    if (UPDATE) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, text);
    }
    expect(existsSync(file)).toBe(true);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});

test('there is no golden file that nobody compares', () => {
  const compared = REQUESTS.flatMap(([name]) => FORMATS.map(([ending]) => `${name}.${ending}`));
  expect(readdirSync(FOLDER).sort()).toEqual(compared.sort());
});
