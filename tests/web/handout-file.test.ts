import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, type Reply } from '../http/ask.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { textOf } from './read-html.js';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>';
const ASKED = 'article=topic-asthma&article=drug-a692051&language=es,en&set=true&label=true';

const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  const logo = join(folder.path, 'logo.svg');
  writeFileSync(logo, LOGO);
  connector = await startConnector({ env: { SITE_NAME: 'Mercy', SITE_LOGO: logo } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const get = (path: string): Promise<Reply> => ask(connector.url, path);
const post = (form: string): Promise<Reply> =>
  ask(connector.url, '/handout.html', {
    method: 'POST',
    body: form,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });

test('a handout as one file has its style, logo and codes in it, and fetches nothing', async () => {
  const { status, headers, text } = await get(`/handout.html?${ASKED}`);
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-store',
  ]);
  expect(headers['content-disposition']).toBe('inline; filename="handout-es.html"');
  expect(text).toMatch(/^<!DOCTYPE html><html lang="es"><head><meta charset="utf-8"\/>/);
  expect(text).toContain('<meta http-equiv="Content-Security-Policy" content="default-src \'none\';');
  expect(text).toContain(`<img src="data:image/svg+xml;base64,${Buffer.from(LOGO).toString('base64')}"`);
  expect(text).toMatch(/<style>[^<]*\.paper \{/);
  expect(text).not.toMatch(/<script|<link|url\(|@import|<form|\ssrc="(?!data:)/);
  const page = textOf(text).replace(/\s+/g, ' ');
  expect(page).toContain('El asma es una enfermedad');
  expect(page).toContain('Asthma is a chronic');
  expect(text).toContain('<div class="summary" lang="en">');
  // Room for a label is of use on paper alone.
  expect(text).not.toContain('class="name-label"');
});

test('a note is in a file that is saved by the form, and in no address', async () => {
  const { headers, text } = await post(`${ASKED}&note=Call+us`);
  expect(headers['content-disposition']).toBe('attachment; filename="handout-es.html"');
  expect(textOf(text)).toContain('Call us');
  expect(textOf((await get(`/handout.html?${ASKED}&note=Call+us`)).text)).not.toContain('Call us');
});

test('one code for all of it names articles and languages, nothing else', async () => {
  const whole = `${connector.url}/handout.html?article=topic-asthma,drug-a692051&language=es,en`;
  const { text } = await post(`${ASKED}&whole=true&large=true&note=Call+us`);
  expect(text).toContain(`<a href="${whole.replace('&', '&amp;')}" rel="noreferrer">`);
  expect(textOf(text)).toContain('Todo esto en el teléfono · All of this on a phone');
  const again = await get(whole.slice(connector.url.length));
  expect([again.status, (again.text.match(/<section class="paper-entry"/g) ?? []).length]).toEqual([200, 4]);
  expect((await get(`/handout.html?${ASKED}`)).text).not.toContain('paper-whole"');
  // In the PDF too.
  const pdf = await get(`/handout.pdf?${ASKED}&whole=true`);
  expect([pdf.status, pdf.headers['content-type']]).toEqual([200, 'application/pdf']);
});

test('without an article there is no file', async () => {
  expect((await get('/handout.html')).status).toBe(400);
});
