import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser, takePicture, violationsOf } from '../e2e/browser.js';
import { toContent, writePage } from '../pdf-check/write-pdf.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';

const PROXY = { addresses: ['127.0.0.1'], userHeader: 'X-Remote-User', groupsHeader: 'X-Remote-Groups' };
const ROLES = { reader: ['nurses'], curator: ['education'], 'privacy-officer': ['privacy'], administrator: ['it'] };
const folder = temporaryFolder();
let connector: TestConnector;

beforeAll(async () => {
  const file = join(folder.path, 'sign-in.json');
  writeFileSync(file, JSON.stringify({ proxy: PROXY, roles: ROLES }));
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
const headersOf = (group: string) => ({ 'X-Remote-User': 'pat', 'X-Remote-Groups': group });
const open = async (path: string, group = 'education') => {
  const answer = await fetch(connector.url + path, { headers: headersOf(group) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

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

describeInBrowser('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    ['desktop', 1280],
    ['phone', 390],
  ])('on a %s it is accessible and no wider than the screen', async (name, width) => {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      extraHTTPHeaders: headersOf('education'),
    });
    const page = await context.newPage();
    await page.goto(`${connector.url}/pdf-report`);
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await takePicture(page, `pdf-report-${name}`);
    await context.close();
  });
});
