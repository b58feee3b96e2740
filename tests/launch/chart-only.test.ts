import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { callHook } from '../protocols/cds-hooks/hook-calls.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { CHART, PATIENT_ID, condition } from './chart.js';
import type { Resource } from './fhir-stand-in.js';
import { send } from './fhir-stand-in.js';
import type { SmartEhr } from './smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from './smart-ehr.js';
import { Visitor } from './visitor.js';

const folder = temporaryFolder();
let ehr: SmartEhr;
let connector: TestConnector;

beforeAll(async () => {
  ehr = await startSmartEhr(CHART, PATIENT_ID);
  ehr.behaviour.fhirUser = 'Practitioner/dr-1';
  const interactions = ['create', 'read', 'update', 'search-type'];
  ehr.fhir.abilities = ['DocumentReference', 'Communication', 'Medication'].map((type) => ({ type, interactions }));
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID, writeBack: 'auto' }] }));
  // Without HANDED_OVER_OWNER.
  connector = await startConnector({ env: { EHRS_FILE: file, CDS_FHIR_SERVERS: ehr.iss }, clock: () => new Date() });
  ehr.register(connector.url);
});
afterEach(() => {
  ehr.fhir.answerBy = undefined;
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
  folder.remove();
});

const launch = (visitor = new Visitor()) =>
  visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
const written = () => ehr.fhir.resources.filter((one) => one['resourceType'] === 'DocumentReference');
const listStored = async () => (await connector.handedOver?.list({}, 50)) ?? [];

test('"Given" is written to the chart with its sheet, corrected there, and nothing is stored here', async () => {
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  const handout = await visitor.post(`${url}/handout`, [['article', 'topic-asthma']]);
  expect(handout.text).toContain('this server stores nothing of it');
  const given = await visitor.post(`${url}/given`, [['article', 'topic-asthma']]);
  expect(given.text).toContain('It is in the chart.');
  expect(given.text).not.toContain('This server stores no entries');
  const [document] = written();
  const [{ attachment }] = document?.['content'] as [{ attachment: { data: string } }];
  expect(Buffer.from(attachment.data, 'base64').toString('latin1')).toMatch(/^%PDF-/);
  expect(await listStored()).toEqual([]);
  expect((await visitor.post(`${given.url}/error`, [])).text).toContain('is marked as entered in error');
  expect(written()).toMatchObject([{ status: 'entered-in-error' }]);
  // An entry is its session's own.
  const other = new Visitor();
  const next = await launch(other);
  expect((await other.open(given.url.replace(url, next.url))).status).toBe(404);
});

describe('what the chart itself shows as given', () => {
  /** A document as another instance has written it. */
  const document = (fields: Resource = {}, title = 'High Blood Pressure; Asthma'): Resource => ({
    resourceType: 'DocumentReference',
    id: 'd-1',
    identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:11111111-2222-4333-8444-555555555555' }],
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
    subject: { reference: `Patient/${PATIENT_ID}` },
    date: new Date().toISOString(),
    content: [{ attachment: { title } }],
    ...fields,
  });
  const message: Resource = {
    ...document(),
    resourceType: 'Communication',
    status: 'completed',
    category: [{ coding: [{ system: 'http://snomed.info/sct', code: '311401005' }] }],
    sent: new Date().toISOString(),
    payload: [{ contentString: 'Asthma (en)' }, { contentAttachment: { title: 'Asthma', url: 'https://x.example' } }],
    content: undefined,
    date: undefined,
  };
  const before = [...CHART];
  afterEach(() => {
    ehr.fhir.resources.splice(0, Infinity, ...before);
    Object.assign(ehr.behaviour, { context: { patient: PATIENT_ID } });
  });
  const old = new Date(Date.now() - 40 * 86_400_000).toISOString();
  const inVisit = (id: string): Resource => ({ context: { encounter: [{ reference: id }] } });

  test.each<[string, Resource, boolean]>([
    ['a document of ours', document(), true],
    ['a Communication of ours', message, true],
    ['a document in error', document({ status: 'entered-in-error' }), false],
    ['a document of somebody else', document({ identifier: [{ system: 'urn:x', value: '1' }] }), false],
    ['a document of weeks ago', document({ date: old }), false],
    ['a document of weeks ago, in this visit', document({ date: old, ...inVisit('Encounter/enc-1') }), true],
    ['a document of another visit', document(inVisit('Encounter/enc-2')), false],
    [
      'a document of another server’s patient',
      document({ subject: { reference: `https://x.example/Patient/${PATIENT_ID}` } }),
      false,
    ],
    ['a document of another article', document({}, 'Asthma in Children'), false],
  ])('%s', async (_what, resource, isGiven) => {
    // The server finds what is of another server too: it is sorted out here.
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.startsWith(`/${String(resource['resourceType'])}?`)) return false;
      send(response, 200, { resourceType: 'Bundle', type: 'searchset', entry: [{ resource }] });
      return true;
    };
    Object.assign(ehr.behaviour, { context: { patient: PATIENT_ID, encounter: 'enc-1' } });
    const { text } = await launch();
    const row = text.split('<li class="entry').find((one) => one.includes('value="topic-asthma"')) ?? '';
    expect([row.includes('Given on '), / checked/.test(row.split('</label>')[0] ?? '')]).toEqual([isGiven, !isGiven]);
  });

  test('a card leaves it out, where its token may read documents', async () => {
    let token = '';
    ehr.fhir.answerBy = (request) => {
      token = (request.headers.authorization ?? '').replace('Bearer ', '');
      return false;
    };
    await launch();
    ehr.fhir.resources.push(document());
    const call = (scope: string) =>
      callHook(connector.url, {
        hook: 'encounter-discharge',
        hookInstance: randomUUID(),
        fhirServer: ehr.iss,
        fhirAuthorization: { access_token: token, token_type: 'Bearer', expires_in: 60, scope, subject: 'x' },
        context: { userId: 'Practitioner/dr-1', patientId: PATIENT_ID, encounterId: 'enc-1' },
        prefetch: {
          patient: CHART[0],
          encounter: null,
          conditions: {
            resourceType: 'Bundle',
            entry: [condition('c-2', 'J45.909', undefined)].map((resource) => ({ resource })),
          },
          medications: null,
        },
      });
    expect((await call('patient/Patient.r')).articles).toEqual(['topic-asthma']);
    expect((await call('patient/DocumentReference.rs')).articles).toEqual([]);
    ehr.fhir.answerBy = (_request, response, place) => {
      if (place.startsWith('/DocumentReference')) send(response, 500, {});
      return place.startsWith('/DocumentReference');
    };
    expect((await call('patient/DocumentReference.rs')).articles).toEqual(['topic-asthma']);
  });
});

test('what is not in the chart is called so, and can be tried again', async () => {
  ehr.fhir.answerBy = (request, response) => {
    if (request.method !== 'POST') return false;
    send(response, 503, {});
    return true;
  };
  const visitor = new Visitor();
  const { url } = await launch(visitor);
  const count = written().length;
  const given = await visitor.post(`${url}/given`, [['article', 'topic-acne']]);
  expect(given.text).toContain('<h1>Not in the chart yet</h1>');
  expect(given.text).toContain('This server stores no entries');
  expect(given.text).toContain('Patient education,');
  ehr.fhir.answerBy = undefined;
  expect((await visitor.post(`${given.url}/again`, [])).text).toContain('<h1>Recorded</h1>');
  expect(written()).toHaveLength(count + 1);
  expect(await listStored()).toEqual([]);
});

test('the start says that the chart alone holds it', () => {
  expect(connector.logLines).toContainEqual(
    expect.objectContaining({ iss: ehr.iss, msg: expect.stringContaining('the chart alone') as unknown }),
  );
});
