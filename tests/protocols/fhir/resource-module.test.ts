import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, ConceptMap, Resource } from '@medplum/fhirtypes';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { invariantComplaints } from '../../support/fhir-invariants.js';
import { askFhir } from './fhir-server.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

// The type says what a test expects.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
const ask = <T extends Resource>(path: string) => askFhir<T>(connector.url, path);
const idsOf = async (path: string): Promise<string[]> => {
  const { reply, resource } = await ask<Bundle>(path);
  expect([reply.status, resource.type]).toEqual([200, 'searchset']);
  const matches = (resource.entry ?? []).filter(({ search }) => search?.mode === 'match');
  return matches.map(({ resource: one }) => one?.id ?? '');
};

describe('definitions and terminology are searched as articles are', () => {
  test.each([
    ['/SearchParameter?base=DocumentReference&code=explains', ['DocumentReference-explains']],
    ['/SearchParameter?code=explains&type=token', ['DocumentReference-explains']],
    ['/SearchParameter?code:not=explains&_id=DocumentReference-explains', []],
    ['/StructureDefinition?type=DocumentReference', ['education-article']],
    ['/StructureDefinition?type=DocumentReference&derivation=constraint', ['education-article']],
    ['/NamingSystem?kind=identifier', ['publishers']],
    ['/CodeSystem?url=http://loinc.org', ['loinc']],
    ['/CodeSystem?system=http://loinc.org', ['loinc']],
    ['/CodeSystem?url=http://example.org', []],
    ['/ConceptMap?source-system=http://snomed.info/sct', ['snomed-ct-to-articles']],
    ['/CodeSystem?name:exact=nothing', []],
    ['/CodeSystem?_foo=loinc&_id=loinc', ['loinc']],
  ])('%s', async (path, ids) => {
    expect(await idsOf(path)).toEqual(ids);
  });

  test('groups of a map are there where they are asked for', async () => {
    const { resource } = await ask<Bundle>('/ConceptMap?_id=cvx-to-articles&_elements=group');
    const map = resource.entry?.[0]?.resource as ConceptMap | undefined;
    expect(map?.group?.[0]?.element.length).toBeGreaterThan(0);
  });

  test.each(['CodeSystem', 'OperationDefinition', 'SearchParameter', 'StructureDefinition', 'CapabilityStatement'])(
    '%s: what is left of a resource is a valid one',
    async (type) => {
      for (const query of ['_summary=true', '_summary=text', '_elements=url']) {
        const { resource } = await ask<Bundle>(`/${type}?_count=5&${query}`);
        expect(invariantComplaints(resource)).toEqual([]);
      }
    },
  );

  test.each(['CodeSystem', 'ValueSet', 'ConceptMap', 'SearchParameter', 'StructureDefinition', 'CapabilityStatement'])(
    '%s: pages, order and summary',
    async (type) => {
      const all = await idsOf(`/${type}?_count=200&_summary=true`);
      expect(all).toEqual([...all].sort());
      expect(await idsOf(`/${type}?_count=200&_sort=-_id&_summary=text`)).toEqual([...all].reverse());
      const { resource } = await ask<Bundle>(`/${type}?_count=1&_elements=url`);
      expect(resource.total).toBe(all.length);
      expect(resource.entry?.[0]?.resource).toMatchObject({ id: all[0], url: expect.stringContaining('/') });
      expect((await ask(`/${type}/${all[0] ?? ''}?_summary=true`)).reply.status).toBe(200);
      expect((await ask(`/${type}/none`)).reply.status).toBe(404);
      expect((await ask(`/${type}?_lastUpdated=x`)).reply.status).toBe(400);
    },
  );
});
