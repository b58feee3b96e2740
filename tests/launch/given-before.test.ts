import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { callHook } from '../protocols/cds-hooks/hook-calls.js';
import { CHART, PATIENT_ID, condition } from './chart.js';
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
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
  folder.remove();
});

const user = 'Practitioner/dr-1';
let encounter = '';
beforeEach(() => {
  encounter = `enc-${randomUUID()}`;
  Object.assign(ehr.behaviour, { context: { patient: PATIENT_ID, encounter }, fhirUser: user });
});

const launch = (visitor = new Visitor()) =>
  visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);

/** A discharge of the patient, with asthma and high blood pressure. */
const discharge = (encounterId = encounter) =>
  callHook(connector.url, {
    hook: 'encounter-discharge',
    hookInstance: randomUUID(),
    fhirServer: `${ehr.iss}/`,
    context: { userId: user, patientId: PATIENT_ID, encounterId },
    prefetch: {
      patient: CHART[0],
      encounter: null,
      conditions: {
        resourceType: 'Bundle',
        entry: [condition('c-1', 'I10', undefined), condition('c-2', 'J45.909', undefined)].map((resource) => ({
          resource,
        })),
      },
      medications: null,
    },
  });

test('what was given is on no card and not ticked, and its row tells when', async () => {
  const visitor = new Visitor();
  const before = (await discharge()).articles;
  expect([...before].sort()).toEqual(['topic-asthma', 'topic-highbloodpressure']);
  const { url } = await launch(visitor);
  await visitor.post(`${url}/given`, [['article', 'topic-asthma']]);
  expect((await discharge()).articles).toEqual(['topic-highbloodpressure']);
  const { text } = await launch();
  const rowOf = (id: string): string =>
    text.split('<li class="entry').find((row) => row.includes(`value="${id}"`)) ?? '';
  const isTicked = (id: string): boolean => / checked/.test(rowOf(id).split('</label>')[0] ?? '');
  expect([isTicked('topic-asthma'), isTicked('topic-highbloodpressure')]).toEqual([false, true]);
  expect(rowOf('topic-asthma')).toContain('Given on ');
  expect(rowOf('topic-highbloodpressure')).not.toContain('Given on ');
  // Another visit begins anew.
  expect((await discharge('another')).articles).toHaveLength(2);
});

test('an entry in error counts for nothing', async () => {
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  const given = await visitor.post(`${url}/given`, [['article', 'topic-asthma']]);
  expect((await discharge()).articles).toEqual(['topic-highbloodpressure']);
  await visitor.post(`${given.url}/error`, []);
  expect((await discharge()).articles).toHaveLength(2);
});

test('the launch of a card opens all of its pages', async () => {
  const { cards, articles } = await discharge();
  expect(articles).toHaveLength(2);
  const smart = cards[0]?.links.find(({ type }) => type === 'smart');
  Object.assign(ehr.behaviour, { context: { patient: PATIENT_ID, encounter, appContext: smart?.appContext } });
  await launch();
  expect((await discharge()).cards).toEqual([]);
});

describe('a hospital whose server has two addresses', () => {
  let second: SmartEhr;
  let two: TestConnector;
  const start = async (hospital: object): Promise<void> => {
    const file = join(folder.path, 'two.json');
    const ehrs = [ehr, second].map(({ iss }) => ({ iss, clientId: CLIENT_ID, ...hospital }));
    writeFileSync(file, JSON.stringify({ ehrs }));
    two = await startConnector({
      env: { EHRS_FILE: file, HANDED_OVER_OWNER: 'Health information', HANDED_OVER_RETENTION_DAYS: '3650' },
    });
    for (const one of [ehr, second]) one.register(two.url);
  };
  beforeAll(async () => {
    second = await startSmartEhr(CHART, PATIENT_ID);
  });
  afterAll(async () => {
    ehr.register(connector.url);
    await second.stop();
  });

  test.each([
    ['is one', { hospital: 'St. Mary' }, true],
    ['is two where the file does not say so', {}, false],
  ])('%s', async (_name, hospital, isFound) => {
    await start(hospital);
    const at = (iss: string) => `${two.url}/launch?iss=${encodeURIComponent(iss)}&launch=x`;
    const visitor = new Visitor();
    const { url } = await visitor.open(at(ehr.iss));
    await visitor.post(`${url}/given`, [['article', 'topic-asthma']]);
    Object.assign(second.behaviour, { context: { patient: PATIENT_ID }, fhirUser: `Patient/${PATIENT_ID}` });
    expect((await new Visitor().open(at(second.iss))).text.includes('topic-asthma')).toBe(isFound);
    await two.stop();
  });
});

test('a title of the launched list opens beside it', async () => {
  const { text } = await launch();
  const [link = ''] = /<a href="[^"]*\/article\/topic-asthma"[^>]*>/.exec(text) ?? [];
  expect(link).toContain('target="_blank"');
});
