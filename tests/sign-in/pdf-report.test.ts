import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { toContent, writePage } from '../pdf-check/write-pdf.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { describePageInBrowser, openAs, writeSignInFile } from './staff.js';

const folder = temporaryFolder();
let connector: TestConnector;

beforeAll(async () => {
  const file = writeSignInFile(folder.path);
  const local = join(folder.path, 'local');
  mkdirSync(join(local, 'handouts'), { recursive: true });
  const text = toContent(Array.from({ length: 10 }, () => 'Call the clinic if your child has a fever.'));
  writeFileSync(join(local, 'handouts', 'icd10_n53.14_en.pdf'), writePage(text, { catalog: '/Lang (es) ' }));
  writeFileSync(join(local, 'handouts', 'icd10_n53.14_es.pdf'), 'damaged');
  connector = await startConnector({ env: { SIGN_IN_FILE: file, LOCAL_LIBRARY: local, WRITE_TOKENS: TOKEN } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});
const open = (path: string, group = 'education') => openAs(group, connector.url + path);

test('the report is for curators and administrators, and their account page leads to it', async () => {
  const groups = ['education', 'it', 'privacy', 'nurses'];
  const answers = await Promise.all(groups.map((group) => open('/pdf-report', group)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403]);
  const accounts = await Promise.all(groups.map((group) => open('/account', group)));
  expect(accounts.map(({ text }) => text.includes('href="/pdf-report"'))).toEqual([true, true, false, false]);
  expect((await open('/pdf-report.csv', 'nurses')).status).toBe(403);
  expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
});

test('files with their handouts and findings, in words and as CSV', async () => {
  const { text } = await open('/pdf-report');
  expect(text).toContain('it is not tagged');
  expect(text).toContain('it is damaged, or no PDF');
  expect((await open('/pdf-report?lang=es')).text).toContain('no está etiquetado');
  const { text: csv } = await open('/pdf-report.csv');
  const rows = parse<Record<string, string>>(csv, { columns: true });
  expect(rows).toMatchObject([
    {
      file: 'icd10_n53.14_en.pdf',
      article: 'local-icd-10-cm-n53.14',
      language: 'en',
      findings: 'untagged other-language no-title',
      pages: '1',
      tagged: 'no',
      document_language: 'es',
      words: '90',
      grade: '2',
    },
    { file: 'icd10_n53.14_es.pdf', language: 'es', findings: 'damaged', pages: '' },
  ]);
  const served = await open('/handouts/icd10_n53.14_en.pdf');
  expect([served.status, served.headers.get('content-type')]).toEqual([200, 'application/pdf']);
});

test('the page of a handout has the check of its PDF', async () => {
  const attachment = { language: 'en', url: 'handouts/icd10_n53.14_en.pdf', title: 'Fever at home' } as const;
  const sent = [
    ['local-fever-en', attachment],
    ['local-cough-en', { ...attachment, url: 'https://clinic.example/cough.pdf' }],
  ] as const;
  for (const [id, one] of sent)
    await send(connector.url, 'PUT', `/DocumentReference/${id}`, handout({ id, content: [{ attachment: one }] }));
  const { text } = await open('/keeper/DocumentReference/local-fever-en');
  expect(text).toContain('Pages: 1; reading grade: 2');
  expect(text).toContain('it names another language than its handout');
  expect((await open('/keeper/DocumentReference/local-cough-en')).text).toContain('The PDF is on another server');
});

describePageInBrowser('pdf-report', 'education', () => connector.url);
