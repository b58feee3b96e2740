import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildLibraryFile } from '../../src/library/open.js';
import { openHandedOver } from '../../src/library/open-records.js';
import { EHR, given, item } from '../contract/given-entries.js';
import { temporaryFolder } from '../support/connector.js';
import { runHere } from './run-cli.js';
import { seededConfig } from './seeded-config.js';

const folder = temporaryFolder();
const config = seededConfig(folder.path);
const env = {
  LIBRARY_PATH: config.libraryPath,
  HANDED_OVER_OWNER: 'Health information management',
  HANDED_OVER_RETENTION_DAYS: '3650',
};
const report = (...args: string[]) => runHere(['handed-over', ...args], env);
const heldId = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
  await buildLibraryFile({ ...config, readOnly: false });
  const record = openHandedOver(config);
  const none = new Map<string, string>();
  for (let count = 0; count < 12; count += 1) await record.add(given({ patientId: `p-${count}` }), none);
  for (let count = 0; count < 10; count += 1) await record.add(given({ items: [item('topic-rare')] }), none);
  const wrong = given({ patientId: 'p-wrong', at: '2026-11-20T10:00:00.000Z' });
  await record.add(wrong, none);
  await record.markError(wrong.id, 'Practitioner/dr-1', new Date('2026-11-21T00:00:00Z'));
  await record.add(given({ id: heldId, at: '2001-01-01T00:00:00.000Z', items: [item('topic-old')] }), none);
  await record.close();
});
afterAll(() => {
  folder.remove();
});

test('counts by article and language, none under 11, without what was made in error', async () => {
  const { code, stdout } = await report();
  expect(code).toBe(0);
  expect(stdout).toBe(
    'article,title,language,given\ntopic-asthma,Title of topic-asthma,en,12\n' +
      'topic-old,Title of topic-old,en,under 11\ntopic-rare,Title of topic-rare,en,under 11\n',
  );
  const lines = (await report('--format', 'ndjson', '--from', '2026-11-24', '--to', '2026-11-24')).stdout.split('\n');
  expect(lines.map((line) => (line === '' ? '' : (JSON.parse(line) as { given: unknown }).given))).toEqual([
    12,
    'under 11',
    '',
  ]);
  expect((await report('--to', '2000-01-01')).stdout).toBe('article,title,language,given\n');
});

test('a recall names the charts, errors as such, and nobody by name', async () => {
  const { stdout } = await report('--recall', 'topic-asthma', '--format', 'ndjson');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(rows).toHaveLength(13);
  expect(rows.filter(({ error }) => error !== '')).toMatchObject([{ patient: 'Patient/p-wrong', ehr: EHR }]);
  expect((await report('--recall', 'topic-none')).stdout.split('\n')).toHaveLength(2);
});

test('a legal hold outlives the retention, until it is released', async () => {
  expect(await report('--hold', heldId)).toMatchObject({ code: 0 });
  expect((await report('--purge')).stdout).toBe('0 entries deleted\n');
  expect(await report('--release', heldId)).toMatchObject({ code: 0 });
  expect((await report('--purge')).stdout).toBe('1 entries deleted\n');
});

test.each([
  [['--from', 'yesterday'], 2, 'must be days'],
  [['--hold', 'somebody'], 2, 'a hold is on the id of an entry, or on a patient'],
  [['--hold', '00000000-0000-4000-8000-00000000ffff'], 1, 'there is no such entry'],
  [['--purge', '--recall', 'x'], 2, 'exclude each other'],
])('%j is refused', async (args, code, reason) => {
  const { stderr, ...ended } = await report(...args);
  expect([ended.code, stderr]).toEqual([code, expect.stringContaining(reason)]);
});

test('without owner and retention nothing is recorded', async () => {
  const { code, stderr } = await runHere(['handed-over'], { LIBRARY_PATH: config.libraryPath });
  expect([code, stderr]).toEqual([1, expect.stringContaining('HANDED_OVER_OWNER')]);
});
