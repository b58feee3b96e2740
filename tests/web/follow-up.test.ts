import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFollowUp } from '../../src/web/handout/follow-up-form.js';
import { LIMITS } from '../../src/limits.js';
import { describeInBrowser, takePicture, violationsOf } from '../e2e/browser.js';
import { suiteBrowser } from '../e2e/window.js';
import { startConnector, type TestConnector } from '../support/connector.js';
import { copiedText, describeWithPoppler, structureOf } from '../support/poppler.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const TYPED = {
  'appointment-1-day': '2026-12-07',
  'appointment-1-time': '10:30',
  'appointment-1-place': 'Clinic <A>, 2nd floor',
  'appointment-1-about': 'Dr. Ríos',
  'appointment-3-place': 'Laboratory',
  'call-1-when': 'Fever over 101 °F',
  'call-1-whom': 'Nurse line, 555-0100',
};
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' };
const send = async (path: string, fields: Record<string, string>) => {
  const body = new URLSearchParams({ article: 'topic-asthma', ...fields });
  const answer = await fetch(connector.url + path, { method: 'POST', headers: FORM, body });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, text: bytes.toString() };
};
const words = (html: string): string =>
  html
    .replace(/<[^<>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ');

test.each([['/handout'], ['/handout.html']])(
  '%s has it as typed, its labels and days in both languages',
  async (path) => {
    const text = words((await send(path, { ...TYPED, language: 'es' })).text);
    for (const part of [
      'Después de esta visita · After this visit',
      'Cuándo · When: lunes, 7 de diciembre de 2026, 10:30 · Monday, December 7, 2026, 10:30',
      'Dónde · Where: Clinic <A>, 2nd floor',
      'Dr. Ríos',
      'Laboratory',
      'Llame a · Call: Nurse line, 555-0100',
      'Fever over 101 °F',
    ])
      expect(text).toContain(part);
  },
);

test('an English handout has each label once; one in a further language has English ones', async () => {
  for (const language of ['en', 'vi']) {
    const text = words((await send('/handout', { ...TYPED, language })).text);
    expect(text).toContain('After this visit Your appointments When: Monday, December 7, 2026');
    expect(text).not.toContain('After this visit · ');
  }
});

test('an address has none of it: nothing typed is read from one', async () => {
  const query = new URLSearchParams({ article: 'topic-asthma', ...TYPED });
  const text = await (await fetch(`${connector.url}/handout?${query.toString()}`)).text();
  expect(text).not.toContain('Nurse line');
  expect((await send('/handout', TYPED)).text).not.toMatch(/(?:href|action|src)="[^"]*(?:Nurse|appointment-1)/);
});

test.each([
  ['appointment-1-day', '2026-02-30'],
  ['appointment-1-day', '7.12.2026'],
  ['appointment-1-time', '25:00'],
  ['appointment-2-place', 'x'.repeat(201)],
  ['call-3-whom', 'x'.repeat(201)],
])('%s is checked: %s is an error of the client', async (name, value) => {
  expect((await send('/handout', { [name]: value })).status).toBe(400);
  expect((await send('/handout.pdf', { [name]: value })).status).toBe(400);
});

test('blank entries are left out, more than fit are not read, controls are dropped', () => {
  const read = readFollowUp([
    ['appointment-1-place', '   '],
    ['appointment-2-place', 'Here\u202e\u0007 now'],
    ['appointment-2-time', '09:05:00'],
    ['appointment-5-place', 'too many'],
    ['call-4-whom', 'too many'],
  ]);
  expect(read).toEqual({ appointments: [{ day: '', time: '09:05', place: 'Here now', about: '' }], calls: [] });
  expect([LIMITS.maxAppointments, LIMITS.maxFollowUpCalls]).toEqual([4, 3]);
});

describeWithPoppler('the PDF', () => {
  test('has it behind headings, in the order of the paper', async () => {
    const { bytes } = await send('/handout.pdf', { ...TYPED, language: 'es', note: 'Nota' });
    if (process.env.E2E_PICTURES === 'true') writeFileSync(join('tests/e2e/screenshots', 'follow-up.pdf'), bytes);
    expect(structureOf(bytes).replace(/\s+/g, ' ')).toContain(
      'H2 (block) "Después de esta visita · After this visit "',
    );
    const text = copiedText(bytes).replace(/\s+/g, ' ');
    const places = ['Nota', 'Sus citas · Your appointments', 'Clinic <A>, 2nd floor', 'Nurse line, 555-0100'];
    const at = places.map((part) => text.indexOf(part));
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
  });
});

describeInBrowser('in a browser', () => {
  const browser = suiteBrowser();

  test.each([
    ['desktop', 1280],
    ['phone', 390],
  ])('on a %s it is typed, and the paper follows', async (name, width) => {
    const page = await browser().newPage({ viewport: { width, height: 1000 } });
    await page.goto(`${connector.url}/handout?article=topic-asthma&language=es`);
    await page.getByText('Follow-up: appointments, and whom to call').click();
    await page.fill('#appointment-1-day', '2026-12-07');
    await page.fill('#appointment-1-time', '10:30');
    await page.fill('#appointment-1-place', 'Clinic A');
    await page.fill('#call-1-whom', 'Nurse line, 555-0100');
    await page.locator('#call-1-when').focus();
    await page.locator('.paper-follow-up').getByText('555-0100').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.locator('#appointment-1-day').scrollIntoViewIfNeeded();
    await takePicture(page, `follow-up-form-${name}`);
    await page.locator('.paper-follow-up').scrollIntoViewIfNeeded();
    await takePicture(page, `follow-up-paper-${name}`);
    expect(page.url()).not.toContain('Nurse');
    await page.close();
  });
});
