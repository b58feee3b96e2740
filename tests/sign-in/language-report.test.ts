import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { fillRecord } from '../contract/handed-over-contract.js';
import { synthesize } from '../contract/synthetic-entries.js';
import { describeInBrowser, launchBrowser, takePicture, violationsOf } from '../e2e/browser.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';

const PROXY = { addresses: ['127.0.0.1'], userHeader: 'X-Remote-User', groupsHeader: 'X-Remote-Groups' };
const ROLES = { reader: ['nurses'], curator: ['education'], 'privacy-officer': ['privacy'], administrator: ['it'] };
const RECORD = { HANDED_OVER_OWNER: 'HIM', HANDED_OVER_RETENTION_DAYS: '3650' };
const folder = temporaryFolder();
let connector: TestConnector;

beforeAll(async () => {
  const file = join(folder.path, 'sign-in.json');
  writeFileSync(file, JSON.stringify({ proxy: PROXY, roles: ROLES }));
  connector = await startConnector({ env: { SIGN_IN_FILE: file, ...RECORD } });
  await fillRecord({ ...connector.config, readOnly: false }, synthesize(3000));
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});
const headersOf = (group: string) => ({ 'X-Remote-User': 'pat', 'X-Remote-Groups': group });
const open = async (path: string, group = 'privacy') => {
  const answer = await fetch(connector.url + path, { headers: headersOf(group) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

test('the report is for privacy officers and administrators, and their account page leads to it', async () => {
  const groups = ['privacy', 'it', 'education', 'nurses'];
  const answers = await Promise.all(groups.map((group) => open('/language-report', group)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403]);
  const accounts = await Promise.all(groups.map((group) => open('/account', group)));
  expect(accounts.map(({ text }) => text.includes('href="/language-report"'))).toEqual([true, true, false, false]);
  expect((await open('/language-report.csv', 'education')).status).toBe(403);
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
      extraHTTPHeaders: headersOf('privacy'),
    });
    const page = await context.newPage();
    await page.goto(`${connector.url}/language-report`);
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await takePicture(page, `language-report-${name}`);
    await context.close();
  });
});
