import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { invariantComplaints } from '../../support/fhir-invariants.js';
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

test.each([
  '/metadata',
  '/metadata?mode=terminology',
  '/DocumentReference/topic-acne-en',
  '/DocumentReference/topic-acne-es',
  `/DocumentReference?event=${ICD}|J45`,
  `/DocumentReference?explains=${ICD}|E11.3211`,
  '/DocumentReference/topic-acne-en/_history',
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
