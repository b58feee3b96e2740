import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { toContent, writePage } from '../../pdf-check/write-pdf.js';
import { startConnector, temporaryFolder, type TestConnector } from '../../support/connector.js';
import { beLongSuffering } from '../../support/patience.js';
import { TOKEN, deleteWritten, handout, send } from './written.js';

beLongSuffering();

const folder = temporaryFolder();
const local = join(folder.path, 'local');
const ENV = { WRITE_TOKENS: TOKEN, LOCAL_LIBRARY: local };
let connector: TestConnector;
let url = '';
beforeAll(async () => {
  mkdirSync(join(local, 'handouts'), { recursive: true });
  const text = toContent(Array.from({ length: 10 }, () => 'Call the clinic if your child has a fever.'));
  writeFileSync(join(local, 'handouts', 'fever.pdf'), writePage(text, { catalog: '/Lang (en) ' }));
  connector = await startConnector({ env: ENV });
  ({ url } = connector);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});
afterEach(() => deleteWritten(url));

const PREFER = { Prefer: 'return=OperationOutcome' };
const withFile = (address: string) =>
  handout({ content: [{ attachment: { language: 'en', url: address, title: 'Fever at home' } }] });
const listTexts = (outcome: unknown): string[] =>
  (outcome as OperationOutcome).issue.map(({ severity, diagnostics = '' }) => `${severity}: ${diagnostics}`);
const FINDINGS = [
  'information: Pages: 1; reading grade: 2',
  expect.stringContaining('warning: it is not tagged'),
  'warning: it has no title',
];

test('a write reports the check of its PDF in an OperationOutcome, and is done all the same', async () => {
  const created = await send(url, 'POST', '/DocumentReference', withFile('handouts/fever.pdf'), PREFER);
  expect(created.reply.status).toBe(201);
  expect(listTexts(created.resource)).toEqual([expect.stringContaining('is version 1 now'), ...FINDINGS]);
  const whole = await send(url, 'POST', '/DocumentReference', withFile(`${url}/handouts/fever.pdf`));
  expect(whole.resource?.resourceType).toBe('DocumentReference');
});

test('so does an entry of a batch', async () => {
  const request = { method: 'POST', url: 'DocumentReference' } as const;
  const batch: Bundle = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request, resource: withFile('handouts/fever.pdf') }],
  };
  const { resource } = await send(url, 'POST', '', batch, PREFER);
  expect(listTexts((resource as Bundle).entry?.[0]?.response?.outcome).slice(1)).toEqual(FINDINGS);
});

test('a PDF on another server is not fetched; what is no PDF is not checked', async () => {
  const linked = await send(url, 'POST', '/DocumentReference', withFile('https://clinic.example/a.pdf'), PREFER);
  expect(listTexts(linked.resource)[1]).toBe('information: The PDF is on another server, and was not checked.');
  const page = await send(url, 'POST', '/DocumentReference', withFile('https://clinic.example/a.html'), PREFER);
  expect(listTexts(page.resource)).toHaveLength(1);
});

test('a policy rejects what keeps readers out, and nothing else', async () => {
  const policy = join(folder.path, 'policy.csv');
  writeFileSync(policy, 'rule,what,for,value\npdfs,,,accessible\n');
  const strict = await startConnector({ env: { ...ENV, SITE_POLICY: policy } });
  try {
    const rejected = await send(strict.url, 'POST', '/DocumentReference', withFile('handouts/fever.pdf'));
    expect(rejected.reply.status).toBe(422);
    expect(listTexts(rejected.resource)).toHaveLength(2);
    const linked = await send(strict.url, 'POST', '/DocumentReference', withFile('https://clinic.example/a.pdf'));
    expect(linked.reply.status).toBe(201);
  } finally {
    await strict.stop();
  }
});
