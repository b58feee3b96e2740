import type { OperationOutcome, Parameters, Resource, ValueSet } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../../src/limits.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { replaceLimit } from '../../support/replace-limit.js';
import { ICD, askFhir } from './fhir-server.js';

// Without what bounds them most of these requests would run for hours: whether they end is what is tested.
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

type Include = NonNullable<ValueSet['compose']>['include'][0];

const setOf = (include: Include[]): ValueSet => ({
  resourceType: 'ValueSet',
  url: 'http://example.org/set',
  status: 'active',
  compose: { include },
});
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const equals = (value: string): Include => ({ system: ICD, filter: [{ property: 'display', op: '=', value }] });

const expand = async (set: ValueSet): Promise<{ status: number; resource: Resource }> => {
  const parameter: Parameters['parameter'] = [
    { name: 'valueSet', resource: set },
    { name: 'count', valueInteger: 5 },
  ];
  const { reply, resource } = await askFhir<Resource>(connector.url, '/ValueSet/$expand', {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Parameters', parameter }),
  });
  return { status: reply.status, resource };
};

describe('what is small by itself', () => {
  // Each of these asks for many times as much as the real limit, which takes a second or two to reach.
  let limit: ReturnType<typeof replaceLimit>;
  beforeAll(() => {
    limit = replaceLimit('maxValueSetSteps', LIMITS.maxValueSetSteps / 10);
  });
  afterAll(() => {
    limit.restore();
  });

  test.each<[string, Include[]]>([
    ['filters', times(1000, () => equals('x'))],
    ['whole systems', times(1000, () => ({ system: ICD }))],
    [
      'codes below others',
      times(3000, () => ({ system: ICD, filter: [{ property: 'concept', op: 'is-a', value: 'E11' }] })),
    ],
    ['listed codes', times(49, () => ({ system: ICD, concept: times(5000, (index) => ({ code: `E${index}` })) }))],
  ])('is not done for ever: %s', async (_, include) => {
    const { status, resource } = await expand(setOf(include));
    expect(`${status} ${(resource as OperationOutcome).issue[0]?.code ?? ''}`).toBe('422 too-costly');
  });
});

describe('what takes many steps', () => {
  test('other requests are answered meanwhile', async () => {
    const order: string[] = [];
    const heavy = expand(setOf(times(150, () => equals('x')))).then(() => order.push('heavy'));
    await expand(setOf([{ system: ICD, concept: [{ code: 'E11' }] }])).then(() => order.push('light'));
    await heavy;
    expect(order).toEqual(['light', 'heavy']);
  });
});
