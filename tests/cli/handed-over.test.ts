import { existsSync, readFileSync } from 'node:fs';
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

test('what is not in the chart is listed with its reason, and an exact text is found by its digest', async () => {
  const record = openHandedOver(config);
  const digest = 'a'.repeat(64);
  const waiting = given({ patientId: 'p-waits', items: [item('topic-late', { textDigest: digest })] });
  await record.add(waiting, new Map([[digest, '{"title":"Late"}']]));
  const at = '2026-11-24T10:00:00.000Z';
  await record.noteDelivery(waiting.id, { state: 'waiting', at, reference: undefined, reason: '503' });
  const written = given({ patientId: 'p-there' });
  await record.add(written, new Map());
  await record.noteDelivery(written.id, { state: 'written', at, reference: 'Procedure/1', reason: undefined });
  await record.close();
  const { stdout } = await report('--undelivered', '--format', 'ndjson');
  expect(stdout).toContain(`"patient":"Patient/p-waits"`);
  expect(stdout).toContain('"state":"waiting","triedAt":"2026-11-24T10:00:00.000Z","reason":"503"');
  expect(stdout).not.toContain('p-there');
  expect((await report('--text', digest)).stdout).toBe('{"title":"Late"}\n');
  expect((await report('--text', 'b'.repeat(64))).code).toBe(1);
});

test('a legal hold outlives the retention, until it is released', async () => {
  expect(await report('--hold', heldId)).toMatchObject({ code: 0 });
  expect((await report('--purge')).stdout).toBe('0 entries deleted\n');
  expect(await report('--release', heldId)).toMatchObject({ code: 0 });
  expect((await report('--purge')).stdout).toBe('1 entries deleted\n');
});

const rowsOf = ({ stdout }: { stdout: string }) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, string>);

test('an access request gets all that is recorded of the patient, and of nobody else', async () => {
  const rows = rowsOf(await report('--patient', `${EHR}/Patient/p-wrong`, '--format', 'ndjson'));
  expect(rows).toMatchObject([
    {
      patient: 'Patient/p-wrong',
      encounter: 'Encounter/e-1',
      by: 'Practitioner/dr-1',
      title: 'Title of topic-asthma',
      teachBack: 'understood',
      note: 'no',
      error: '2026-11-21T00:00:00.000Z',
      errorBy: 'Practitioner/dr-1',
    },
  ]);
  const [head = ''] = (await report('--patient', `${EHR}/Patient/nobody`)).stdout.split('\n');
  expect(head.split(',')).toEqual(Object.keys(rows[0] ?? {}));
});

test('an erasure names who asked for it, leaves no patient, and yields to a hold', async () => {
  const patient = `${EHR}/Patient/p-3`;
  const erase = () => report('--erase', patient, '--by', 'A. Keeper');
  await report('--hold', patient);
  expect(await erase()).toMatchObject({ code: 1, stderr: expect.stringContaining('legal hold') as unknown });
  await report('--release', patient);
  expect(await erase()).toMatchObject({ code: 0, stdout: '1 entries erased\n' });
  expect(rowsOf(await report('--patient', patient, '--format', 'ndjson'))).toEqual([]);
  const erasures = await report('--erasures', '--format', 'ndjson');
  expect(rowsOf(erasures)).toMatchObject([{ by: 'A. Keeper', subject: 'patient' }]);
  // Nothing of the patient is left in the file.
  const files = ['', '-wal'].map((end) => `${config.libraryPath}${end}`).filter((path) => existsSync(path));
  expect(files.filter((path) => readFileSync(path).includes('"p-3"') || readFileSync(path).includes(patient))).toEqual(
    [],
  );
});

test.each([
  [['--from', 'yesterday'], 2, 'must be days'],
  [['--hold', 'somebody'], 2, 'a hold is on the id of an entry, or on a patient'],
  [['--hold', '00000000-0000-4000-8000-00000000ffff'], 1, 'there is no such entry'],
  [['--purge', '--recall', 'x'], 2, 'exclude each other'],
  [['--patient', 'p-1'], 2, 'https://ehr.example/fhir/Patient/12'],
  [['--erase', heldId], 2, '--erase needs --by'],
  [['--by', 'A. Keeper'], 2, '--erase needs --by'],
])('%j is refused', async (args, code, reason) => {
  const { stderr, ...ended } = await report(...args);
  expect([ended.code, stderr]).toEqual([code, expect.stringContaining(reason)]);
});

test('the proof of language is of whole months, with small counts hidden; wanted pages are those that the library lacks', async () => {
  const record = openHandedOver(config);
  const at = new Date(Date.now() - 32 * 86_400_000).toISOString();
  for (let count = 0; count < 11; count += 1) {
    const of = { at, patientId: `v-${count}`, department: '5 West', languagePreferred: 'vi' } as const;
    await record.add(given({ ...of, items: [item('topic-not-there'), item('topic-asthma')] }), new Map());
  }
  await record.close();
  const { stdout, code } = await report('--language-report', '--format', 'ndjson');
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(code).toBe(0);
  expect(rows.filter((row) => row['language'] === 'vi')).toMatchObject([
    { department: '(all)', handovers: 11, 'language-other': 11, 'teachBack-understood': 11, 'language-text': 0 },
    { department: '5 West', handovers: 11 },
  ]);
  const wanted = await report('--languages-wanted');
  expect(wanted.stdout).toContain('topic-not-there,Title of topic-not-there,vi,11\n');
  expect((await report('--language-report', '--from', '2026-01-02')).code).toBe(2);
  expect((await report('--language-report', '--from', '1999-01-01', '--to', '1999-01-31')).stdout).toMatch(
    /^month,department,language,handovers,language-text,[^\n]*\n$/,
  );
});

test('without owner and retention nothing is recorded', async () => {
  const { code, stderr } = await runHere(['handed-over'], { LIBRARY_PATH: config.libraryPath });
  expect([code, stderr]).toEqual([1, expect.stringContaining('HANDED_OVER_OWNER')]);
});
