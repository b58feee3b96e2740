import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { OperationOutcome, Parameters, Resource, ValueSet } from '@medplum/fhirtypes';
import { openLibrary } from '../../../src/library/open.js';
import type { ImportPlace } from '../../import/import-place.js';
import { importPlace } from '../../import/import-place.js';
import { seedPlaces } from '../../library/places.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { DATA, describeWithData } from '../../support/shared-data.js';
import { ICD, askFhir } from './fhir-server.js';

describeWithData('icd10cm', 'a code system that an import holds whole', () => {
  let place: ImportPlace;
  let connector: TestConnector;
  beforeAll(async () => {
    place = importPlace();
    const file = join(place.folder, 'icd10cm_order_2021.txt');
    writeFileSync(file, gunzipSync(readFileSync(`${DATA}/icd10cm/icd10cm-order-2021.txt.gz`)));
    await place.importFrom('icd-10-cm', file);
    const { library } = await openLibrary(seedPlaces(join(place.folder, 'seed')));
    connector = await startConnector({ library });
  });
  afterAll(async () => {
    await connector.stop();
    place.remove();
  });

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  const get = async <T extends Resource>(path: string): Promise<{ status: number; resource: T }> => {
    const { reply, resource } = await askFhir<T>(connector.url, path);
    return { status: reply.status, resource };
  };
  const valueOf = ({ parameter = [] }: Parameters, name: string): unknown => {
    const found = parameter.find((one) => one.name === name);
    return found?.valueString ?? found?.valueCode ?? found?.valueBoolean;
  };
  const expand = async (query: string): Promise<ValueSet> => {
    const { status, resource } = await get<ValueSet>(`/ValueSet/$expand?url=${ICD}?fhir_vs${query}`);
    expect(status).toBe(200);
    return resource;
  };
  const codesOf = ({ expansion }: ValueSet): string[] => (expansion?.contains ?? []).map(({ code = '' }) => code);

  test.each([
    ['E11.9', 'Type 2 diabetes mellitus without complications'],
    ['e119', 'Type 2 diabetes mellitus without complications'],
    ['H40.40X2', 'Glaucoma secondary to eye inflammation, unspecified eye, moderate stage'],
  ])('$lookup of %s', async (code, display) => {
    const { status, resource } = await get<Parameters>(`/CodeSystem/$lookup?system=${ICD}&code=${code}`);
    expect([status, valueOf(resource, 'display')]).toEqual([200, display]);
  });

  test('a code that is not there does not exist, and nothing is to be imported', async () => {
    const lookup = await get<OperationOutcome>(`/CodeSystem/$lookup?system=${ICD}&code=E11.99`);
    const text = lookup.resource.issue[0]?.details?.text;
    expect([lookup.status, lookup.resource.issue[0]?.code]).toEqual([404, 'not-found']);
    expect(text).toMatch(/^Unknown code 'E11.99' in the CodeSystem '[^']+' version '[^']+'\.$/);
    const checked = await get<Parameters>(`/CodeSystem/$validate-code?url=${ICD}&code=E11.99`);
    expect([valueOf(checked.resource, 'result'), valueOf(checked.resource, 'message')]).toEqual([
      false,
      text?.replace(/\.$/, ''),
    ]);
  });

  test.each([
    ['E11', 'E11.3211', 'subsumes'],
    ['H40.40X2', 'H40.40', 'subsumed-by'],
    ['E11.9', 'E119', 'equivalent'],
    ['E11', 'E10.9', 'not-subsumed'],
  ])('$subsumes of %s and %s', async (codeA, codeB, outcome) => {
    const { resource } = await get<Parameters>(`/CodeSystem/$subsumes?system=${ICD}&codeA=${codeA}&codeB=${codeB}`);
    expect(valueOf(resource, 'outcome')).toBe(outcome);
  });

  test('$expand with filter, offset and count: pages meet, and are of one whole', async () => {
    const whole = await expand('&filter=glaucoma&count=1000');
    const { total = 0 } = whole.expansion ?? {};
    expect(total).toBeGreaterThan(200);
    const pages = [await expand('&filter=glaucoma&count=7'), await expand('&filter=glaucoma&count=7&offset=7')];
    expect(pages.map(({ expansion }) => [expansion?.total, expansion?.offset])).toEqual([
      [total, 0],
      [total, 7],
    ]);
    expect(pages.flatMap(codesOf)).toEqual(codesOf(whole).slice(0, 14));
  });

  test('$expand of is-a takes in seventh characters, and no other category', async () => {
    const codes = codesOf(await expand('=isa/H40.40'));
    expect(codes).toEqual(expect.arrayContaining(['H40.40', 'H40.40X2']));
    expect(codes.every((code) => code.startsWith('H40.40'))).toBe(true);
  });

  test('$expand of the whole at once is too costly', async () => {
    const { status, resource } = await get<OperationOutcome>(`/ValueSet/$expand?url=${ICD}?fhir_vs`);
    expect([status, resource.issue[0]?.code]).toEqual([422, 'too-costly']);
  });

  test('one good coding among several makes the answer true, and the bad one is named', async () => {
    const codeableConcept = {
      coding: [
        { system: ICD, code: 'E11.9' },
        { system: ICD, code: 'E11.99' },
      ],
    };
    const { resource } = await askFhir<Parameters>(connector.url, '/CodeSystem/$validate-code', {
      method: 'POST',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify({
        resourceType: 'Parameters',
        parameter: [
          { name: 'url', valueUri: ICD },
          { name: 'codeableConcept', valueCodeableConcept: codeableConcept },
        ],
      }),
    });
    expect(valueOf(resource, 'result')).toBe(true);
    expect(valueOf(resource, 'message')).toContain('E11.99');
    const issues = resource.parameter?.find(({ name }) => name === 'issues')?.resource as OperationOutcome | undefined;
    const told = (issues?.issue ?? []).map(({ severity, expression = [] }) => [severity, ...expression]);
    expect(told).toEqual([['warning', 'CodeableConcept.coding[1].code']]);
  });
});
