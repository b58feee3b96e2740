import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { bindingComplaints } from '../../support/fhir-bindings.js';
import { invariantComplaints } from '../../support/fhir-invariants.js';
import { profileComplaints } from '../../support/fhir-profiles.js';
import { xmlComplaints } from '../../support/fhir-xml.js';
import { ICD, askFhir } from './fhir-server.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

test('a broken invariant is found', () => {
  const broken = {
    resourceType: 'CapabilityStatement',
    status: 'active',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
    date: '2026',
  };
  expect(invariantComplaints(broken)).toEqual(expect.arrayContaining([expect.stringContaining('cpb-1')]));
  const inner = {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [{ resource: { resourceType: 'Patient', contact: [{}] } }],
  };
  expect(invariantComplaints(inner)).toEqual([expect.stringContaining('pat-1')]);
});

test('a value of any type counts as one, and none as none', () => {
  const whole = { name: 'a', part: [{ name: 'b', valueCoding: { code: 'c' } }] };
  expect(invariantComplaints({ resourceType: 'Parameters', parameter: [whole] })).toEqual([]);
  const empty = { name: 'a', part: [{ name: 'b' }] };
  expect(invariantComplaints({ resourceType: 'Parameters', parameter: [empty] })).toEqual([
    expect.stringContaining('inv-1'),
  ]);
  const both = { url: 'http://e.org', valueCode: 'a', extension: [{ url: 'b', valueCode: 'c' }] };
  expect(invariantComplaints({ resourceType: 'Patient', extension: [both] })).toEqual([
    expect.stringContaining('ext-1'),
  ]);
});

test('a reference within the resource leads somewhere, and what is contained is referred to', () => {
  const contained = [{ resourceType: 'Organization', id: 'a', name: 'A' }];
  const custodian = { reference: '#b' };
  expect(invariantComplaints({ resourceType: 'DocumentReference', contained, custodian })).toEqual([
    expect.stringContaining('dom-3'),
    expect.stringContaining('ref-1'),
  ]);
});

test('a code out of a required value set is found', () => {
  expect(bindingComplaints({ resourceType: 'Patient', gender: 'male' })).toEqual([]);
  expect(bindingComplaints({ resourceType: 'Patient', gender: 'man' })).toEqual([
    expect.stringContaining('administrative-gender'),
  ]);
  const system = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
  const condition = (code: string) => ({ resourceType: 'Condition', clinicalStatus: { coding: [{ system, code }] } });
  expect(bindingComplaints(condition('active'))).toEqual([]);
  expect(bindingComplaints(condition('final'))).toHaveLength(1);
});

test('an article that breaks its profile is found', async () => {
  const { resource } = await askFhir(connector.url, '/DocumentReference/topic-pregnancy-en');
  expect(profileComplaints(resource)).toEqual([]);
  const extension = [{ url: `${connector.config.canonicalBase}/StructureDefinition/audience`, valueString: 'adults' }];
  const other = [{ url: 'http://example.org/other', valueString: 'x' }];
  for (const [part, count] of [
    [{ type: undefined }, 1],
    [{ type: { coding: [{ system: 'http://loinc.org', code: '11506-3' }] } }, 1],
    [{ subject: { reference: 'Patient/1' } }, 1],
    [{ content: [{ attachment: { url: 'http://example.org' } }] }, 3],
    [{ extension }, 1],
    [{ extension: other }, 1],
  ] as const)
    expect(profileComplaints({ ...resource, ...part })).toHaveLength(count);
});

test('XML in another order is found', () => {
  const xml = (inner: string): string => `<Patient xmlns="http://hl7.org/fhir">${inner}</Patient>`;
  const [id, name] = ['<id value="a"/>', '<name><family value="f"/><given value="g"/></name>'];
  expect(xmlComplaints(xml(id + name))).toEqual([]);
  expect(xmlComplaints(xml(name + id))).toEqual(['Patient.id comes too late']);
  expect(xmlComplaints(xml('<name><given value="g"/><family value="f"/></name>'))).toHaveLength(1);
  expect(xmlComplaints(xml('<hello/>'))).toEqual(['Patient has no hello']);
});

test.each([
  '/metadata',
  '/metadata?mode=terminology',
  '/DocumentReference/topic-acne-en',
  '/DocumentReference/topic-acne-es',
  `/DocumentReference?event=${ICD}|J45`,
  `/DocumentReference?explains=${ICD}|E11.3211`,
  '/DocumentReference/none-en',
  '/StructureDefinition?_count=50',
  '/SearchParameter?_count=200',
  '/OperationDefinition?_count=50',
  '/NamingSystem',
  '/CapabilityStatement',
  '/TerminologyCapabilities',
  '/TerminologyCapabilities?_summary=true',
  '/CodeSystem?_count=100',
  '/ValueSet?_count=100',
  '/ConceptMap?_summary=true&_count=100',
])('%s keeps R4’s invariants', async (path) => {
  const { resource } = await askFhir(connector.url, path);
  expect(invariantComplaints(resource).slice(0, 10)).toEqual([]);
});
