import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { fillRecord } from '../contract/handed-over-contract.js';
import { synthesize } from '../contract/synthetic-entries.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { describePageInBrowser, openAs, writeSignInFile } from './staff.js';

const RECORD = { HANDED_OVER_OWNER: 'HIM', HANDED_OVER_RETENTION_DAYS: '3650' };
const folder = temporaryFolder();
let connector: TestConnector;

beforeAll(async () => {
  const file = writeSignInFile(folder.path);
  connector = await startConnector({ env: { SIGN_IN_FILE: file, ...RECORD } });
  await fillRecord({ ...connector.config, readOnly: false }, synthesize(3000));
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});
const open = (path: string, group = 'privacy') => openAs(group, connector.url + path);

test('the report is for privacy officers and administrators, and their account page leads to it', async () => {
  const groups = ['privacy', 'it', 'education', 'nurses'];
  const answers = await Promise.all(groups.map((group) => open('/language-report', group)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403]);
  const accounts = await Promise.all(groups.map((group) => open('/account', group)));
  expect(accounts.map(({ text }) => text.includes('href="/language-report"'))).toEqual([true, true, false, false]);
  expect((await open('/language-report.csv', 'education')).status).toBe(403);
  const withoutPerson = (accept: string) =>
    fetch(`${connector.url}/language-report.csv`, { headers: { Accept: accept }, redirect: 'manual' });
  const [program, browser] = [await withoutPerson('text/csv'), await withoutPerson('text/html,*/*')];
  expect([program.status, browser.status]).toEqual([401, 303]);
  expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
});

test('months that are over, by language and department; wanted pages that the library lacks in the language', async () => {
  const { text } = await open('/language-report');
  expect(text).toContain('October 2026');
  expect(text).not.toContain('November 2026');
  expect(text).toContain('Departments in October 2026');
  expect(text).toContain('Vietnamese');
  expect((await open('/language-report?month=2026-09')).text).toContain('Departments in September 2026');
  expect((await open('/language-report?month=x%27')).status).toBe(200);
  expect((await open('/language-report?lang=es')).text).toContain('Prueba de idioma');
});

test('CSV has the same, whole, and no count from 1 to 10', async () => {
  const { text, headers } = await open('/language-report.csv');
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const rows = parse<Record<string, string>>(text, { columns: true });
  const all = rows.filter(({ month, department }) => month === '2026-10' && department === '(all)');
  expect(all.map(({ language }) => language)).toEqual(['(not recorded)', 'en', 'es', 'es-mx', 'ht', 'vi', 'zh-hant']);
  const cells = rows.flatMap(({ month: _month, department: _department, language: _language, ...counts }) =>
    Object.values(counts),
  );
  expect(cells.filter((cell) => Number(cell) > 0 && Number(cell) < 11)).toEqual([]);
  expect(cells).toContain('hidden');
});

describePageInBrowser('language-report', 'privacy', () => connector.url);
