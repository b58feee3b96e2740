import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle, CapabilityStatement, DocumentReference } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { fhirComplaints } from '../../support/fhir-schema.js';
import { ICD } from './fhir-server.js';

let connector: TestConnector;
let client: Client;
beforeAll(async () => {
  connector = await startConnector();
  client = new Client({ baseUrl: `${connector.url}/fhir` });
});
afterAll(() => connector.stop());

test('a FHIR client finds its way from the CapabilityStatement to the article and back', async () => {
  const capability = (await client.capabilityStatement()) as unknown as CapabilityStatement;
  expect(fhirComplaints(capability)).toEqual([]);

  const searchParams = { explains: `${ICD}|N53.14`, language: 'es' };
  const bundle = (await client.search({
    resourceType: 'DocumentReference',
    searchParams,
  })) as unknown as Bundle<DocumentReference>;
  const found = bundle.entry?.[0]?.resource;
  expect(found?.id).toBe('ency-001282-es');

  const read = await client.read({ resourceType: 'DocumentReference', id: found?.id ?? '' });
  expect(read).toEqual(found);

  const english = (await client.resolve({
    reference: found?.relatesTo?.[0]?.target.reference ?? '',
  })) as unknown as DocumentReference;
  expect(english.content[0]?.attachment.url).toBe('https://medlineplus.gov/ency/article/001282.htm');
});

test('a FHIR client is told of an unknown id by an OperationOutcome', async () => {
  const failure: unknown = await client.read({ resourceType: 'DocumentReference', id: 'none-en' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const { response } = failure as { response: { status: number; data: unknown } };
  expect([response.status, fhirComplaints(response.data)]).toEqual([404, []]);
});
