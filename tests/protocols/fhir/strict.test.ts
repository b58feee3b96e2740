import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome, ValueSet } from '@medplum/fhirtypes';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { askFhir } from './fhir-server.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const headers = { Prefer: 'handling=strict' };

describe('what is not known is an error where the client asks to be strict, and passed over elsewhere', () => {
  test.each([
    '/DocumentReference?_elements=bogus&_count=1',
    '/DocumentReference/topic-acne-en?bogus=1',
    '/StructureDefinition/audience?bogus=1',
    '/metadata?bogus=1',
    '/metadata?_elements=bogus',
    '/DocumentReference/topic-acne-en?_elements=bogus',
    '/StructureDefinition/audience?_elements=url,bogus',
  ])('%s', async (path) => {
    const { reply, resource } = await askFhir<OperationOutcome>(connector.url, path, { headers });
    expect([reply.status, resource.issue[0]?.code]).toEqual([400, 'value']);
    expect((await askFhir(connector.url, path)).reply.status).toBe(200);
  });

  test.each([
    '/DocumentReference?_elements=description,date,text,id&_count=1',
    '/ConceptMap?_elements=source,url&_count=1',
    '/DocumentReference/topic-acne-en?_summary=true&_format=json',
    '/metadata?mode=terminology',
    '/metadata?_elements=rest',
    '/DocumentReference/topic-acne-en?_elements=DocumentReference.description,date',
    '/DocumentReference?_tag=http://example.org|x&_source=http://example.org',
  ])('%s is known', async (path) => {
    expect((await askFhir(connector.url, path, { headers })).reply.status).toBe(200);
  });
});

test('the links of a page lead on in the form that was asked for', async () => {
  const first = await askFhir<Bundle>(
    connector.url,
    '/DocumentReference?language=es&_count=2&_format=xml&_pretty=true',
  );
  const next = first.resource.link?.find(({ relation }) => relation === 'next')?.url ?? '';
  const { pathname, search } = new URL(next);
  const { reply, resource } = await askFhir<Bundle>(connector.url, pathname.slice('/fhir'.length) + search);
  expect(reply.headers['content-type']).toBe('application/fhir+xml; charset=utf-8');
  expect(reply.text).toContain('\n');
  expect(resource.entry?.length).toBe(2);
});

test('a value set of FHIR’s own is found by its id, at the level of the instance', async () => {
  const { resource } = await askFhir<ValueSet>(connector.url, '/ValueSet/administrative-gender/$expand');
  expect(resource.expansion?.contains?.map(({ code }) => code)).toEqual(['male', 'female', 'other', 'unknown']);
});
