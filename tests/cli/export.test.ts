import { afterAll, expect, test } from '@jest/globals';
import { exportWritten } from '../../src/cli/export.js';
import { openLibrary } from '../../src/library/open.js';
import { NOW, handoutRows, put, remove } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { keptStreams, seededConfig } from './seeded-config.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

test('every version that was written is printed, in the order of writing, deletions too', async () => {
  const config = seededConfig(folder.path);
  const { library, written: store } = await openLibrary({ ...config, readOnly: false });
  for (const title of ['First', 'Second']) {
    await store.apply([put('a', handoutRows('local-a', 'W19'), { content: JSON.stringify({ title }) })], NOW);
  }
  await store.apply([remove('a')], NOW);
  await store.close();
  await library.close();
  const { streams, written } = keptStreams();
  expect(await exportWritten(config, streams)).toBe(0);
  const common = { type: 'Document', id: 'a', writtenAt: NOW.toISOString() };
  const lines = written().stdout.trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { ...common, version: 1, method: 'PUT', resource: { title: 'First' } },
    { ...common, version: 2, method: 'PUT', resource: { title: 'Second' } },
    { ...common, version: 3, method: 'DELETE' },
  ]);
});
