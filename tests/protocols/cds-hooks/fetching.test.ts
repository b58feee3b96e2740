import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MedplumClient, buildCdsRequest } from '../../support/medplum-core.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { replaceLimit } from '../../support/replace-limit.js';
import { startOther } from '../../upstream/other-server.js';
import type { EhrStandIn } from './ehr-stand-in.js';
import { EHR_TOKEN, sendFhir, startEhr } from './ehr-stand-in.js';
import type { Resource } from './hook-calls.js';
import {
  DRUGS,
  PATIENT_ID,
  callHook,
  chart,
  checkCards,
  condition,
  contextOf,
  discharge,
  draft,
  encounter,
  newUser,
  order,
  orderCategory,
  patient,
  searchset,
  signing,
} from './hook-calls.js';

const CONDITIONS = ['J18.9', 'I10', 'E11.9'].map((code) => condition(code));
const METFORMIN = { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: DRUGS.metformin }] };

let ehr: EhrStandIn;
let connector: TestConnector;
beforeAll(async () => {
  const medication = { resourceType: 'Medication', id: 'drug-1', code: METFORMIN };
  ehr = await startEhr([patient(), encounter(), ...CONDITIONS, order(DRUGS.lisinopril), medication]);
  connector = await startConnector({ env: { CDS_FHIR_SERVERS: `https://other.example/fhir ${ehr.base}/` } });
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
});
afterEach(() => {
  ehr.asked.length = 0;
  ehr.answerBy = undefined;
  ehr.pageSize = 10;
});

const call = (body: Resource) => callHook(connector.url, body);
const token = { access_token: EHR_TOKEN, token_type: 'Bearer', expires_in: 300, scope: 'patient/*.rs', subject: 'us' };
/** A call with a server to ask; parts that are named did not come along. */
function withServer(lacking: readonly string[], fields: Resource = {}): Resource {
  const parts = Object.entries(chart(CONDITIONS)).filter(([key]) => !lacking.includes(key));
  return discharge(Object.fromEntries(parts), { fhirServer: ehr.base, fhirAuthorization: token, ...fields });
}

describe('what did not come along is fetched with the token', () => {
  test('all of it', async () => {
    const body = discharge(undefined, { fhirServer: ehr.base, fhirAuthorization: token });
    const { status, articles } = await call(body);
    expect([status, articles.length]).toEqual([200, 3]);
    expect(ehr.asked.sort()).toEqual([
      `/Condition?patient=${PATIENT_ID}&clinical-status=active,recurrence,relapse`,
      '/Encounter/hk-encounter-1',
      `/MedicationRequest?patient=${PATIENT_ID}&status=active`,
      `/Patient/${PATIENT_ID}`,
    ]);
  });

  test('a part alone; null says that there is nothing, and nothing is asked', async () => {
    await call(withServer(['medications']));
    expect(ehr.asked).toEqual([`/MedicationRequest?patient=${PATIENT_ID}&status=active`]);
    ehr.asked.length = 0;
    const { prefetch, ...rest } = withServer([]);
    const { cards } = await call({ ...rest, prefetch: { ...(prefetch as Resource), conditions: null } });
    expect([ehr.asked, cards]).toEqual([[], []]);
  });

  test('an OperationOutcome says that it failed: it is fetched', async () => {
    const { prefetch, ...rest } = withServer([]);
    const conditions = { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'timeout' }] };
    const { articles } = await call({ ...rest, prefetch: { ...(prefetch as Resource), conditions } });
    expect([articles.length, ehr.asked.length]).toEqual([3, 1]);
  });

  test('all pages of a search, and those behind the first one that came along', async () => {
    ehr.pageSize = 1;
    expect((await call(withServer(['conditions']))).articles).toHaveLength(3);
    expect(ehr.asked).toHaveLength(3);
    ehr.asked.length = 0;
    const next = `${ehr.base}/Condition?patient=${PATIENT_ID}&_from=1`;
    const { prefetch, ...rest } = withServer([]);
    const conditions = searchset(CONDITIONS.slice(0, 1), next);
    expect((await call({ ...rest, prefetch: { ...(prefetch as Resource), conditions } })).articles).toHaveLength(3);
    expect(ehr.asked).toEqual([1, 2].map((from) => `/Condition?patient=${PATIENT_ID}&_from=${from}`));
  });

  test('the Medication that an order refers to', async () => {
    const { medicationCodeableConcept: _none, ...referring } = draft(DRUGS.metformin, {
      medicationReference: { reference: 'Medication/drug-1' },
    });
    const body = { ...signing([referring]), fhirServer: ehr.base, fhirAuthorization: token };
    expect((await call(body)).articles).toEqual(['drug-a696005']);
    expect(ehr.asked).toEqual(['/Medication/drug-1']);
    const unknown = { ...referring, medicationReference: { reference: 'Medication/none' } };
    expect((await call({ ...body, ...signing([unknown]) })).cards).toEqual([]);
  });

  test('a Medication of another server is not read, nor is this server’s one of the same id taken for it', async () => {
    const referTo = (reference: string) => {
      const { medicationCodeableConcept: _none, ...rest } = draft(DRUGS.metformin, {
        medicationReference: { reference },
      });
      const medications = searchset([{ resourceType: 'Medication', id: 'drug-1', code: METFORMIN }]);
      const sent = { fhirServer: `${ehr.base}/`, fhirAuthorization: token };
      const [body, included] = [signing([rest]), signing([rest])];
      return [
        { ...body, ...sent },
        { ...included, ...sent, prefetch: { ...(included['prefetch'] as Resource), medications } },
      ];
    };
    for (const body of referTo('http://other.example/fhir/Medication/drug-1')) {
      expect((await call(body)).cards).toEqual([]);
    }
    expect(ehr.asked).toEqual([]);
    for (const body of referTo(`${ehr.base}/Medication/drug-1/_history/2`)) {
      expect((await call(body)).articles).toEqual(['drug-a696005']);
    }
    expect(ehr.asked).toEqual(['/Medication/drug-1']);
  });

  test('a patient of another server is another patient', async () => {
    const of = (subject: string) => {
      const { prefetch, ...rest } = withServer([]);
      const conditions = searchset([condition('J18.9', { subject: { reference: subject } })]);
      return call({ ...rest, prefetch: { ...(prefetch as Resource), conditions } });
    };
    expect((await of(`http://other.example/fhir/Patient/${PATIENT_ID}`)).status).toBe(400);
    expect((await of(`${ehr.base}/Patient/${PATIENT_ID}/_history/3`)).status).toBe(200);
  });

  test('an encounter that cannot be had is done without', async () => {
    const body = withServer(['encounter']);
    const other = { ...body, context: { ...contextOf(body), encounterId: 'elsewhere' } };
    expect((await call(other)).status).toBe(200);
    expect(ehr.asked).toEqual(['/Encounter/elsewhere']);
  });

  test('an id that is none is rejected, and nothing is fetched', async () => {
    const body = discharge(undefined, { fhirServer: ehr.base, fhirAuthorization: token });
    const { status, message } = await call({ ...body, context: { ...contextOf(body), patientId: '../../x?y=1&z' } });
    expect([status, message]).toEqual([400, expect.stringContaining('context.patientId must be an id of FHIR')]);
    expect(ehr.asked).toEqual([]);
  });

  test('a token of another patient is noticed', async () => {
    const of = (patientOf: string) => call(withServer([], { fhirAuthorization: { ...token, patient: patientOf } }));
    const { status, message } = await of('another');
    expect([status, message]).toEqual([400, expect.stringContaining('fhirAuthorization.patient is another patient')]);
    expect((await of(PATIENT_ID)).status).toBe(200);
    expect((await of(`Patient/${PATIENT_ID}`)).status).toBe(200);
  });

  test('the class of the encounter decides for orders without a category', async () => {
    const sent = { fhirServer: ehr.base, fhirAuthorization: token };
    const inside = signing([draft(DRUGS.metformin)], [], { encounterId: 'hk-encounter-1' });
    expect((await call({ ...inside, ...sent })).cards).toEqual([]);
    expect(ehr.asked).toEqual(['/Encounter/hk-encounter-1']);
    // With a category it is not fetched.
    ehr.asked.length = 0;
    const home = draft(DRUGS.metformin, { category: orderCategory('discharge') });
    const signed = signing([home], [], { encounterId: 'hk-encounter-1' });
    expect((await call({ ...signed, ...sent })).articles).toEqual(['drug-a696005']);
    expect(ehr.asked).toEqual([]);
  });
});

test('a large call that waits for its EHR keeps no other large one out', async () => {
  const extension = { x: 'x'.repeat(200_000) };
  const release = new Promise<() => void>((resolve) => {
    ehr.answerBy = (_request, response) => {
      resolve(() => {
        sendFhir(response, 200, searchset(CONDITIONS));
      });
    };
  });
  const waiting = call({ ...withServer(['conditions']), extension });
  const answer = await release;
  expect((await call({ ...withServer([]), extension })).articles).toHaveLength(3);
  answer();
  expect((await waiting).articles).toHaveLength(3);
});

describe('what cannot be had is 412, with the reason', () => {
  const answer =
    (status: number, body: string, headers: Record<string, string> = {}) =>
    (_request: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(status, headers).end(body);
    };

  test.each<[string, Resource, string]>([
    ['no server is named', { fhirServer: undefined, fhirAuthorization: undefined }, 'names no FHIR server'],
    ['one that the site does not allow', { fhirServer: 'https://evil.example/fhir' }, 'this site does not allow data'],
    [
      'one that begins as an allowed one',
      { fhirServer: 'https://other.example/fhirx' },
      'this site does not allow data',
    ],
    ['a user before an allowed one', { fhirServer: 'https://a@other.example/fhir' }, 'this site does not allow data'],
    ['a token that is not accepted', { fhirAuthorization: { ...token, access_token: 'x' } }, 'accept the token'],
  ])('%s', async (_name, fields, said) => {
    const { status, message } = await call(withServer(['conditions', 'medications'], fields));
    expect([status, message]).toEqual([412, expect.stringContaining(said)]);
    expect(message).toContain('(conditions, medications)');
  });

  test.each<[string, EhrStandIn['answerBy'], string]>([
    ['nothing there', answer(404, '{}'), 'no such data'],
    ['a failure', answer(500, 'at stack (/srv/x.js:1)'), 'cannot be reached, or failed'],
    ['no JSON', answer(200, '<html>'), 'cannot be read'],
    ['a resource of another type', answer(200, '{"resourceType":"Group"}'), 'cannot be read'],
    ['an OperationOutcome', answer(200, '{"resourceType":"OperationOutcome"}'), 'cannot be read'],
    ['a busy server', answer(429, ''), 'too many reads are in progress'],
    ['a connection that ends', (request) => request.socket.destroy(), 'cannot be reached'],
  ])('%s', async (_name, answerBy, said) => {
    ehr.answerBy = answerBy;
    const { status, message } = await call(withServer(['conditions']));
    expect([status, message]).toEqual([412, expect.stringContaining(said)]);
  });

  test('a redirect is not followed, and the token goes to no other server', async () => {
    const other = await startOther();
    ehr.answerBy = answer(302, '', { Location: other.url });
    expect((await call(withServer(['conditions']))).status).toBe(412);
    ehr.answerBy = (_request, response) => {
      sendFhir(response, 200, searchset(CONDITIONS, `${other.url}/Condition?page=2`));
    };
    expect((await call(withServer(['conditions']))).message).toContain('this site does not allow data');
    expect(other.asked).toEqual([]);
    await other.stop();
  });

  test('too many pages, too much of one, too long a wait', async () => {
    ehr.answerBy = (request, response) => {
      sendFhir(response, 200, searchset([], `${ehr.base}/Condition?page=${request.url?.length ?? 0}`));
    };
    expect((await call(withServer(['conditions']))).message).toContain('too large');
    expect(ehr.asked).toHaveLength(10);
    ehr.answerBy = (_request, response) => {
      sendFhir(response, 200, { resourceType: 'Bundle', entry: Array.from({ length: 5001 }, () => ({})) });
    };
    expect((await call(withServer(['conditions']))).message).toContain('too large');
    const wait = replaceLimit('ehrTimeoutMs', 50);
    ehr.answerBy = () => undefined;
    expect((await call(withServer(['conditions']))).message).toContain('did not answer in time');
    wait.restore();
    ehr.answerBy = answer(200, `{"resourceType":"Bundle","x":"${'x'.repeat(2_200_000)}"}`);
    expect((await call(withServer(['conditions']))).message).toContain('too large');
  });
});

test('a foreign client discovers the services, prefetches and is given a card', async () => {
  const ofEhr = new MedplumClient({ baseUrl: ehr.base.replace('fhir/R4', ''), accessToken: EHR_TOKEN });
  const client = new MedplumClient({ baseUrl: connector.url });
  const { services } = await client.getCdsServices();
  const service = services.find(({ hook }) => hook === 'encounter-discharge');
  if (!service) throw new Error('no service');
  const context = { userId: newUser(), patientId: PATIENT_ID, encounterId: 'hk-encounter-1' };
  const body = await buildCdsRequest(ofEhr, { resourceType: 'Practitioner', id: 'x' }, service, context);
  const answer = await client.callCdsService(service.id, body);
  checkCards(answer as unknown as Parameters<typeof checkCards>[0]);
  expect(answer.cards[0]?.links).toHaveLength(3);
});
