import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { textOf } from '../web/read-html.js';
import { CHART, NAME, PATIENT_ID } from './chart.js';
import type { SmartEhr } from './smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from './smart-ehr.js';
import { Visitor } from './visitor.js';

const folder = temporaryFolder();
let ehr: SmartEhr;
let connector: TestConnector;
beforeAll(async () => {
  ehr = await startSmartEhr(CHART, PATIENT_ID);
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID }] }));
  connector = await startConnector({
    env: { EHRS_FILE: file, HANDED_OVER_OWNER: 'Health information', HANDED_OVER_RETENTION_DAYS: '3650' },
  });
  ehr.register(connector.url);
  Object.assign(ehr.behaviour, { fhirUser: 'Practitioner/dr-1' });
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
  folder.remove();
});

const launch = (visitor: Visitor) =>
  visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);

const paperOf = (text: string): string => /<article class="paper".*<\/article>/s.exec(text)?.[0] ?? '';

test('prints what the patient was given: day, title, address and code; no name, no error, marked articles on demand', async () => {
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  expect(textOf((await visitor.open(`${url}/given-to-you`)).text)).toContain('Nothing is recorded for this patient');
  const wrong = await visitor.post(`${url}/given`, [['article', 'topic-acne']]);
  await visitor.post(`${wrong.url}/error`, []);
  await visitor.post(`${url}/given`, [
    ['article', 'topic-asthma'],
    ['article', 'topic-hiv'],
  ]);
  const { text } = await visitor.open(`${url}/given-to-you`);
  const paper = paperOf(text);
  expect(textOf(paper)).toMatch(/What was given to you.*November 24, 2026.*Asthma.*medlineplus\.gov/s);
  expect(paper).toContain('href="https://medlineplus.gov/asthma.html"');
  expect(paper.match(/<svg class="qr"/g)).toHaveLength(1);
  for (const absent of ['HIV', 'Acne', NAME, PATIENT_ID]) expect(paper).not.toContain(absent);
  expect(textOf(text)).toContain('Sensitive articles are left out');
  const all = paperOf((await visitor.open(`${url}/given-to-you?marked=true`)).text);
  expect([all.includes('HIV'), all.match(/<svg class="qr"/g)?.length]).toEqual([true, 2]);
});

test('only a clinician prints it, within the session', async () => {
  expect((await new Visitor().open(`${connector.url}/launched/none/given-to-you`)).status).toBe(410);
});
