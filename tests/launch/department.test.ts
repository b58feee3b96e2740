import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import {
  callHook,
  chart,
  condition as hookCondition,
  discharge,
  encounter,
} from '../protocols/cds-hooks/hook-calls.js';
import { concept, condition, medication, parameters, bundle } from '../protocols/fhir/charts.js';
import { askFhir, matchesOf } from '../protocols/fhir/fhir-server.js';
import type { Bundle, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { textOf } from '../web/read-html.js';
import { CHART, PATIENT_ID } from './chart.js';
import { CLIENT_ID, startSmartEhr, type SmartEhr } from './smart-ehr.js';
import { Visitor } from './visitor.js';

const READER = 'the-token-of-a-reader-of-the-record-0123456789';
const WARD = 'Ward 4B of the tower';
const DEPARTMENTS = `departments:
  - id: drugs-only
    name: Transplant Unit
    name.es: Unidad de Trasplantes
    recognize: [Location/loc-4b, Organization/org-9]
    tick: [medication]
  - id: few
    name: Fast Track
    recognize: [ED]
    pages: { ambulatory: 1, emergency: 1, discharge: 1 }
  - id: south
    name: South Clinic
    language: es
`;

const folder = temporaryFolder();
let ehr: SmartEhr;
let connector: TestConnector;
const encounters = [
  { id: 'enc-1', location: [{ location: { reference: 'Location/loc-4b', display: WARD }, status: 'active' }] },
  { id: 'enc-2', location: [{ location: { display: 'Elsewhere' } }] },
  { id: 'enc-3', serviceProvider: { display: 'South Clinic' } },
].map((one) => ({ resourceType: 'Encounter', status: 'in-progress', class: { code: 'AMB' }, ...one }));

beforeAll(async () => {
  ehr = await startSmartEhr([...CHART, ...encounters], PATIENT_ID);
  const [ehrs, departments] = ['ehrs.json', 'departments.yaml'].map((name) => join(folder.path, name));
  writeFileSync(ehrs ?? '', JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID }] }));
  writeFileSync(departments ?? '', DEPARTMENTS);
  connector = await startConnector({
    env: {
      EHRS_FILE: ehrs ?? '',
      DEPARTMENTS_FILE: departments ?? '',
      SITE_NAME: 'Mercy',
      HANDED_OVER_OWNER: 'Health information management',
      HANDED_OVER_RETENTION_DAYS: '3650',
      RECORD_TOKENS: READER,
      CDS_HOOKS: 'encounter-discharge',
    },
    clock: () => new Date(),
    workers: 1,
  });
  ehr.register(connector.url);
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
  folder.remove();
});

async function launch(encounterId: string, more: object = {}) {
  const context = { patient: PATIENT_ID, encounter: encounterId, ...more };
  Object.assign(ehr.behaviour, { context, fhirUser: 'Practitioner/1' });
  const visitor = new Visitor();
  const shown = await visitor.open(`${connector.url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
  expect(shown.status).toBe(200);
  return { visitor, ...shown };
}
const listTicked = (text: string): string[] =>
  [...text.matchAll(/<input[^>]*name="article"[^>]*>/g)].flatMap(([box]) =>
    / checked/.test(box) ? (/value="([^"]+)"/.exec(box)?.[1] ?? []) : [],
  );

test('a launch has the rules, the name and the language of its department, and its addresses name none', async () => {
  const ward = await launch('enc-1');
  expect(textOf(ward.text)).toContain('Mercy · Transplant Unit');
  expect(listTicked(ward.text)).toEqual(['drug-a696005']);
  expect(textOf(ward.text)).toContain('this department ticks pages of other kinds');
  expect(ward.text).not.toContain('department=');
  const handout = await ward.visitor.open(`${ward.url}/handout?article=topic-asthma&language=es`);
  expect(handout.text).toContain('<p class="paper-site">Mercy · Unidad de Trasplantes</p>');

  const elsewhere = await launch('enc-2');
  expect(listTicked(elsewhere.text)).toContain('topic-asthma');
  expect(textOf(elsewhere.text)).not.toContain('Mercy ·');

  const south = await launch('enc-3');
  expect(south.text).toMatch(/<select id="choice-language"[\s\S]*<option value="es"[^>]* selected/);
  // A department that is chosen on the page goes before.
  const chosen = await south.visitor.open(`${south.url}?department=few`);
  expect(listTicked(chosen.text).length).toBeLessThan(listTicked(south.text).length);
  expect(textOf(chosen.text)).toContain('Mercy · Fast Track');
});

test.each([
  { fhirContext: [{ reference: 'Location/loc-4b' }] },
  { fhirContext: [{ reference: 'ImagingStudy/1' }, { reference: 'Organization/org-9', role: 'launch' }] },
  { location: 'loc-4b' },
])('the context of a launch names a department where the encounter does not: %j', async (context) => {
  const { text, url, visitor } = await launch('enc-2', context);
  expect(textOf(text)).toContain('Mercy · Transplant Unit');
  // The form that reads the chart again offers another one.
  expect(text).toContain('<option value="few">Fast Track</option>');
  const chosen = await visitor.open(`${url}?lang=en&department=few`);
  expect(textOf(chosen.text)).toContain('Mercy · Fast Track');
  expect(chosen.text).toContain('<option value="few" selected>Fast Track</option>');
});

test.each([
  { fhirContext: 'Location/loc-4b' },
  { fhirContext: [null, 7, { reference: 7 }, { reference: 'Location/' }, { reference: 'Patient/loc-4b' }] },
  { location: { id: 'loc-4b' } },
  { location: '../loc-4b' },
])('a context that is of another form is passed over: %j', async (context) => {
  expect(textOf((await launch('enc-2', context)).text)).not.toContain('Mercy ·');
});

test('the record and its Communication have the department by its name, and the log has neither', async () => {
  const give = async (encounterId: string) => {
    const { visitor, url } = await launch(encounterId);
    const shown = await visitor.post(`${url}/given`, [
      ['article', 'topic-asthma'],
      ['given-recipient', 'patient'],
    ]);
    expect(shown.status).toBe(200);
    const [one] = (await connector.handedOver?.list({}, 1)) ?? [];
    return one?.entry;
  };
  const entry = await give('enc-1');
  expect(entry?.department).toBe('Transplant Unit');
  const headers = { Authorization: `Bearer ${READER}` };
  const { text } = await ask(connector.url, `/fhir/Communication/${entry?.id ?? ''}`, { headers });
  expect(text).toContain('{"url":"department","valueString":"Transplant Unit"}');
  expect((await give('enc-2'))?.department).toBe('Elsewhere');
  const log = JSON.stringify(connector.logLines);
  for (const word of ['Transplant', WARD, 'loc-4b', 'drugs-only', 'Elsewhere']) expect(log).not.toContain(word);
});

const PRESSURE = condition(concept('icd', 'I10'));
const ASTHMA = condition(concept('icd', 'J45.909'));
const METFORMIN = medication(concept('rx', '860975'));
const visit = (place: object) => ({
  resourceType: 'Encounter',
  status: 'in-progress',
  class: { code: 'AMB' },
  ...place,
});

type Answer = Bundle<DocumentReference | OperationOutcome>;
async function ask$(resources: readonly object[], more: readonly object[] = []): Promise<string[]> {
  const whole = parameters(bundle(...(resources as Record<string, unknown>[])));
  const body = { ...whole, parameter: [...(whole['parameter'] as object[]), ...more] };
  const { reply, resource } = await askFhir<Answer>(connector.url, '/$knowledge-request', {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(200);
  return matchesOf(resource).map(({ id }) => id ?? '');
}
const named = (name: string, valueString: string) => [{ name, valueString }];

test('$knowledge-request follows the department of the Encounter, or that which it names', async () => {
  const facts = [PRESSURE, ASTHMA, METFORMIN];
  const all = ['drug-a696005-en', 'topic-asthma-en', 'topic-highbloodpressure-en'];
  expect((await ask$(facts)).sort()).toEqual(all);
  const atWard = visit({ location: [{ location: { identifier: { value: 'loc-4b' }, reference: 'Location/loc-4b' } }] });
  expect(await ask$([...facts, atWard])).toEqual(['drug-a696005-en']);
  expect(await ask$([...facts, visit({ serviceProvider: { reference: 'Organization/org-9' } })])).toEqual([
    'drug-a696005-en',
  ]);
  expect(await ask$(facts, named('representedOrganization', 'transplant unit'))).toEqual(['drug-a696005-en']);
  expect(await ask$([...facts, atWard], named('locationOfInterest', 'ED'))).toHaveLength(1);
  expect((await ask$(facts, named('representedOrganization', 'Nowhere'))).sort()).toEqual(all);
  expect((await ask$(facts, named('locationOfInterest', 'South Clinic'))).sort()).toEqual(
    all.map((id) => id.replace(/-en$/, '-es')),
  );
});

test('a pasted chart is ticked by the department of its Encounter, and by that of the page before it', async () => {
  const list = JSON.stringify(
    bundle(PRESSURE, ASTHMA, METFORMIN, visit({ location: [{ location: { display: 'ED' } }] })),
  );
  const paste = async (department: string): Promise<string[]> => {
    const body = new URLSearchParams({ list, department }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: connector.url };
    const { text } = await ask(connector.url, '/packet', { method: 'POST', body, headers });
    expect(text).toMatch(
      new RegExp(`<select id="department"[^]*${department && `<option value="${department}" selected`}`),
    );
    return listTicked(text);
  };
  expect(await paste('')).toHaveLength(1);
  expect(await paste('drugs-only')).toEqual(['drug-a696005']);
  expect(await paste('south')).toHaveLength(3);
});

test('cards of a department have what it ticks', async () => {
  const problems = ['I10', 'J45.909'].map((code) => hookCondition(code));
  const at = (display: string) => ({ ...chart(problems), encounter: { ...encounter(), serviceProvider: { display } } });
  const call = async (display: string): Promise<number> =>
    (await callHook(connector.url, discharge(at(display)))).articles.length;
  const all = await call('Elsewhere');
  expect(all).toBeGreaterThan(1);
  expect(await call('transplant unit')).toBe(0);
});
