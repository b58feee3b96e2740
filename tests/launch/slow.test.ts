import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { replaceLimit } from '../support/replace-limit.js';
import { CHART, NAME, PATIENT_ID } from './chart.js';
import type { SmartEhr } from './smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from './smart-ehr.js';
import { Visitor } from './visitor.js';

const folder = temporaryFolder();
let ehr: SmartEhr;
let connector: TestConnector;
/** Lets the requests go that hang. */
let letGo: (() => void)[] = [];

const patience = replaceLimit('launchPatienceMs', 100);

beforeAll(async () => {
  ehr = await startSmartEhr(CHART, PATIENT_ID);
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID }] }));
  connector = await startConnector({ env: { EHRS_FILE: file }, clock: () => new Date() });
  ehr.register(connector.url);
});
beforeEach(() => {
  ehr.behaviour.fhirUser = 'Practitioner/dr-1';
});
afterEach(() => {
  ehr.fhir.answerBy = undefined;
  ehr.fhir.asked.length = 0;
  for (const one of letGo) one();
  letGo = [];
});
afterAll(async () => {
  patience.restore();
  await connector.stop();
  await ehr.stop();
  folder.remove();
});

const launch = (visitor: Visitor) =>
  visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);

/** Lets requests hang whose address begins so. */
function hang(start: string): void {
  ehr.fhir.answerBy = (_request, response, place) => {
    if (!place.startsWith(start)) return false;
    letGo.push(() => {
      response.destroy();
    });
    return true;
  };
}

test('a chart that hangs: what has arrived is shown, the browser returns by itself, and the chart is read once', async () => {
  hang('/MedicationRequest');
  const visitor = new Visitor();
  const first = await launch(visitor);
  expect([first.status, first.headers.get('refresh')]).toEqual([200, '1']);
  expect(first.text).toContain('The health record is slow');
  expect(first.text).toContain(NAME);
  expect(first.text).toContain('Here already: the patient, problems and diagnoses.');
  expect(first.text).toContain('Still awaited: medications.');
  expect((await visitor.open(first.url)).text).toContain('The health record is slow');
  expect(ehr.fhir.asked.filter((one) => one.startsWith('GET /MedicationRequest'))).toHaveLength(1);
  // One part fails: the list is without it.
  for (const one of letGo) one();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const list = await visitor.open(first.url);
  expect(list.headers.get('refresh')).toBeNull();
  expect(list.text).toContain('Missing: medications.');
  expect(list.text).toContain('value="topic-asthma"');
});

test('back to a list while the chart hangs: the last one is there', async () => {
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  hang('/Condition');
  const { text, headers } = await visitor.open(url);
  expect(text).toContain('The health record is slow. This is the list as of ');
  expect(text).toContain('Look now');
  expect(text).toContain('value="topic-asthma"');
  expect(headers.get('refresh')).toBeNull();
});

test('without the patient nothing of anybody is shown, and the failure comes in time', async () => {
  hang('/Patient');
  const visitor = new Visitor();
  const { text, url } = await launch(visitor);
  expect(text).toContain('Still awaited: the patient.');
  for (const one of letGo) one();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const failed = await visitor.open(url);
  expect([failed.status, failed.text.includes('For your help desk: ehr-unreachable')]).toEqual([502, true]);
});

test('a patient waits on a page without the parts of a chart', async () => {
  ehr.behaviour.fhirUser = `Patient/${PATIENT_ID}`;
  hang('/Patient');
  const { text } = await launch(new Visitor());
  expect(text).toContain('The health record is slow');
  expect(text).not.toContain('Still awaited');
});
