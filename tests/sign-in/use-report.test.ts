import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { hasVerhoeffCheckDigit } from '../../src/core/codes/check-digit.js';
import { runHere } from '../cli/run-cli.js';
import { fillRecord } from '../contract/handed-over-contract.js';
import { countArticlesPlainly, synthesize } from '../contract/synthetic-entries.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import { TEST_TIME, startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { describePageInBrowser, openAs, writeSignInFile } from './staff.js';

/** The first possible SNOMED CT code that begins so. */
function makeSnomedCode(start: string): string {
  const codes = Array.from({ length: 10 }, (_one, digit) => `${start}00${digit}`);
  return codes.find((code) => hasVerhoeffCheckDigit(code)) ?? '';
}

const RECORD = { HANDED_OVER_OWNER: 'HIM', HANDED_OVER_RETENTION_DAYS: '3650' };
const ENTRIES = synthesize(3000);
/** A code as SNOMED CT writes them, which has no row. */
const UNMAPPED = makeSnomedCode('99999');
const folder = temporaryFolder();
let connector: TestConnector;
let time = TEST_TIME;

beforeAll(async () => {
  const file = writeSignInFile(folder.path);
  connector = await startConnector({ env: { SIGN_IN_FILE: file, WRITE_TOKENS: TOKEN, ...RECORD }, clock: () => time });
  await fillRecord({ ...connector.config, readOnly: false }, ENTRIES);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});
const open = (path: string, group = 'education') => openAs(group, connector.url + path);
const readCsv = async (path: string) => parse<Record<string, string>>((await open(path)).text, { columns: true });

test('the report is for curators and administrators, and their account page leads to it', async () => {
  const groups = ['education', 'it', 'privacy', 'nurses'];
  const answers = await Promise.all(groups.map((group) => open('/use-report', group)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403]);
  const accounts = await Promise.all(groups.map((group) => open('/account', group)));
  expect(accounts.map(({ text }) => text.includes('href="/use-report"'))).toEqual([true, true, false, false]);
  expect((await open('/use-report.csv', 'privacy')).status).toBe(403);
  expect((await open('/duplicate-handouts.csv', 'nurses')).status).toBe(403);
});

test('months that are over, by article, language and department, as a plain loop counts them', async () => {
  const { text } = await open('/use-report');
  expect(text).toContain('Articles in October 2026, by department');
  expect(text).not.toContain('November 2026');
  expect((await open('/use-report?month=2026-09&lang=es')).text).toContain('septiembre de 2026, por departamento');
  const rows = await readCsv('/use-report.csv');
  const counts = countArticlesPlainly(ENTRIES, { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' });
  const whole = rows.filter(({ month, department, language }) => month === '2026-10' && department === language);
  for (const { article, given } of whole) {
    const some = article === '(all)' ? counts : counts.filter((one) => one.article === article);
    expect([article, given]).toEqual([article, String(some.reduce((all, one) => all + one.given, 0))]);
  }
  expect(whole).toHaveLength(13);
  expect(rows.filter(({ given }) => Number(given) > 0 && Number(given) < 11)).toEqual([]);
});

test('the command writes the same', async () => {
  const { libraryPath } = connector.config;
  const { code, stdout } = await runHere(
    ['handed-over', '--use-report', '--from', '2026-09-01', '--to', '2026-10-31'],
    {
      LIBRARY_PATH: libraryPath,
      ...RECORD,
    },
  );
  expect([code, stdout]).toEqual([0, (await open('/use-report.csv')).text]);
});

test('codes without a page are listed the day after, those of a form of their own; answers of the cache count', async () => {
  expect((await open('/use-report')).text).toContain('No code was requested 11 times');
  const wanted = [
    `2.16.840.1.113883.6.96&mainSearchCriteria.v.c=${UNMAPPED}`,
    '2.16.840.1.113883.6.88&mainSearchCriteria.v.c=87654321',
  ];
  for (let at = 0; at < 12; at += 1)
    for (const one of wanted) expect((await open(`/service?mainSearchCriteria.v.cs=${one}`)).status).toBe(200);
  expect(await readCsv('/unanswered-codes.csv')).toEqual([]);
  time = new Date(TEST_TIME.getTime() + 86_400_000);
  expect(await readCsv('/unanswered-codes.csv')).toEqual([
    { system: 'snomed-ct', code: UNMAPPED, title: '', requests_at_least: '11' },
  ]);
  expect((await open('/use-report?lang=es')).text).toContain('11 o más');
  expect((await open('/unanswered-codes.csv', 'privacy')).status).toBe(403);
});

test('handouts for the same code, language and readers are listed', async () => {
  expect((await open('/use-report')).text).toContain('No code has two handouts.');
  const audience = 'https://education-connect.example/fhir/StructureDefinition/audience';
  const women = {
    code: { system: 'http://terminology.hl7.org/CodeSystem/usage-context-type', code: 'gender' },
    valueCodeableConcept: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'female' }] },
  };
  const es = { attachment: { language: 'es', url: 'https://clinic.example/cebra.html', title: 'Plan cebra' } } as const;
  const written = [
    handout({ id: 'local-one-en', title: 'First plan' }),
    handout({ id: 'local-two-en', title: 'Second plan' }),
    handout({ id: 'local-two-es', content: [es] }),
    handout({ id: 'local-three-en', extension: [{ url: audience, valueUsageContext: women }] }),
  ];
  for (const one of written) {
    const { reply } = await send(connector.url, 'PUT', `/DocumentReference/${one.id ?? ''}`, one);
    expect([reply.status, reply.text.slice(0, 300)]).toEqual([201, expect.anything()]);
  }
  expect(await readCsv('/duplicate-handouts.csv')).toEqual(
    [
      { article: 'local-one', title: 'First plan' },
      { article: 'local-two', title: 'Second plan' },
    ].map((one) => ({ system: 'icd-10-cm', code: 'N53.14', language: 'en', ...one })),
  );
  expect((await open('/use-report')).text).toContain('Second plan');
  const { code, stdout } = await runHere(['duplicates'], { LIBRARY_PATH: connector.config.libraryPath });
  expect([code, stdout]).toEqual([2, (await open('/duplicate-handouts.csv')).text]);
});

describePageInBrowser('use-report', 'education', () => connector.url);
