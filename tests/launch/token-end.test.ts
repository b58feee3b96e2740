import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import type { TestConnector, TestConnectorOptions } from '../support/connector.js';
import { openTestLibrary, startConnector, temporaryFolder, testConfig } from '../support/connector.js';
import { CHART, NAME, PATIENT_ID } from './chart.js';
import { send } from './fhir-stand-in.js';
import type { SmartEhr } from './smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from './smart-ehr.js';
import { Visitor } from './visitor.js';

const folder = temporaryFolder();
let ehr: SmartEhr;
let connector: TestConnector;
/** How far the connector's clock is ahead, milliseconds. */
let ahead = 0;

async function start(options: TestConnectorOptions = {}): Promise<TestConnector> {
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID, writeBack: 'auto' }] }));
  const started = await startConnector({
    ...options,
    env: {
      EHRS_FILE: file,
      HANDED_OVER_OWNER: 'Health information',
      HANDED_OVER_RETENTION_DAYS: '3650',
      TIME_ZONE: 'America/New_York',
    },
    clock: () => new Date(Date.now() + ahead),
  });
  ehr.register(started.url);
  return started;
}

beforeAll(async () => {
  ehr = await startSmartEhr(CHART, PATIENT_ID);
  const interactions = ['create', 'read', 'update', 'search-type'];
  ehr.fhir.abilities = [...['DocumentReference', 'Medication'].map((type) => ({ type, interactions }))];
  // Oracle's tokens last so long.
  const context = { patient: PATIENT_ID, encounter: 'enc-1', need_patient_banner: true, expires_in: 570 };
  Object.assign(ehr.behaviour, { context, fhirUser: 'Practitioner/dr-1' });
  connector = await start();
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
  folder.remove();
});
afterEach(() => {
  ahead = 0;
  ehr.fhir.answerBy = undefined;
});

const launch = (visitor: Visitor, url = connector.url) =>
  visitor.open(`${url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
/** Entries that wait, as the metrics count them. */
const countWaiting = async (url = connector.url): Promise<number> => {
  const { text } = await ask(url, '/metrics');
  return Number(/^write_back_waiting (\d+)$/m.exec(text)?.[1] ?? -1);
};
const written = () => ehr.fhir.resources.filter((one) => one['resourceType'] === 'DocumentReference');

test('after the end of the token the list is shown as it was, and an entry waits for the next launch', async () => {
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  ahead = 600_000;
  ehr.fhir.asked.length = 0;
  const list = await visitor.open(url);
  expect([list.status, ehr.fhir.asked]).toEqual([200, []]);
  expect(list.text).toContain('The chart cannot be read now. This is the list as of ');
  expect(list.text).toMatch(/value="topic-asthma"[^>]* checked/);
  expect(list.text).toContain(NAME);
  const given = await visitor.post(`${url}/given`, [['article', 'topic-asthma']]);
  expect(given.text).toContain('Open the page from the chart again: the entry is then sent by itself.');
  expect(given.text).not.toContain('Try again');
  expect(given.text).toMatch(/Patient education, [A-Z][a-z]+ \d+, \d{4} at \d+:\d\d.[AP]M E[SD]T: /);
  expect(written()).toEqual([]);
  expect(await countWaiting()).toBe(1);
  const next = new Visitor();
  const again = await launch(next);
  const [, path = ''] =
    /href="(\/launched\/[^"]*\/given\/[^"]*)"[^>]*>[^<]*<\/a>:[^<]*Asthma[^<]*\(not in the chart yet, and being sent now\)/.exec(
      again.text,
    ) ?? [];
  // Pressed meanwhile, it is written once all the same.
  expect((await next.post(`${connector.url}${path}/again`, [])).text).toContain('It is in the chart.');
  expect(written()).toHaveLength(1);
});

test('what a launch before a restart could not write is counted after it, and the next launch sends it by itself', async () => {
  const isOff = (_request: unknown, response: Parameters<typeof send>[0]): boolean => {
    send(response, 503, {});
    return true;
  };
  const opened = await openTestLibrary(testConfig(folder.path));
  const first = await start({ opened });
  const visitor = new Visitor();
  const { url } = await launch(visitor, first.url);
  ehr.fhir.answerBy = (request, response) => request.method === 'POST' && isOff(request, response);
  const { text } = await visitor.post(`${url}/given`, [['article', 'topic-acne']]);
  expect(text).toContain('It is not in the chart yet.');
  ehr.fhir.answerBy = undefined;
  const count = written().length;
  // Another process on the same record.
  const second = await start({ opened });
  try {
    expect(await countWaiting(second.url)).toBe(1);
    await launch(new Visitor(), second.url);
    while (written().length === count) await new Promise((resolve) => setTimeout(resolve, 10));
    await launch(new Visitor(), second.url);
    expect(written()).toHaveLength(count + 1);
    // The time that the chart is told is the site's, with its zone.
    expect(written().at(-1)?.['description']).toMatch(/ [AP]M E[SD]T/);
  } finally {
    await first.stop();
    await second.stop();
    ehr.register(connector.url);
  }
});

test('a list that was never shown is not, and an EHR that is away leaves the last one', async () => {
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  ehr.fhir.answerBy = (_request, response) => {
    send(response, 503, {});
    return true;
  };
  expect((await visitor.open(url)).text).toContain('The chart cannot be read now.');
  expect((await launch(new Visitor())).status).toBe(502);
});

test('a token that the EHR renews while the user is signed in lasts', async () => {
  ehr.behaviour.configuration = { capabilities: ['launch-ehr', 'permission-v2', 'permission-online'] };
  const own = await start();
  try {
    const visitor = new Visitor();
    const { url } = await launch(visitor, own.url);
    expect(ehr.lastRequest().scope).toContain('online_access');
    ahead = 560_000;
    expect((await visitor.open(url)).text).not.toContain('cannot be read now');
    ahead = 1_000_000;
    expect((await visitor.open(url)).text).not.toContain('cannot be read now');
  } finally {
    ehr.behaviour.configuration = {};
    await own.stop();
    ehr.register(connector.url);
  }
});
