import { describe, expect, test } from '@jest/globals';
import type { OperationDefinition, OperationDefinitionParameter, Resource } from '@medplum/fhirtypes';
import type { FhirRequest } from '../../../src/protocols/fhir/rest/interaction.js';
import { allowsGet, readOperationInput } from '../../../src/protocols/fhir/rest/read-operation-input.js';

const input = (name: string, type: string, more: object = {}): OperationDefinitionParameter => ({
  name,
  type,
  use: 'in',
  min: 0,
  max: '1',
  ...more,
});
const DEFINITION: OperationDefinition = {
  resourceType: 'OperationDefinition',
  name: 'Try',
  status: 'active',
  kind: 'operation',
  code: 'try',
  system: true,
  type: false,
  instance: false,
  parameter: [
    input('code', 'code', { max: '*' }),
    input('url', 'uri'),
    input('count', 'integer'),
    input('on', 'date'),
    input('flag', 'boolean'),
    input('coding', 'Coding'),
    input('valueSet', 'ValueSet'),
    input('dependency', '', {
      type: undefined,
      part: [input('element', 'uri', { min: 1 }), input('concept', 'CodeableConcept')],
    }),
    input('return', 'boolean', { use: 'out' }),
  ],
};

const read = (query: string, body?: object, strict = false, definition = DEFINITION): Record<string, unknown> => {
  const request = {
    method: body ? 'POST' : 'GET',
    parameters: [...new URLSearchParams(query)],
    body: body as Resource | undefined,
    headers: {},
    strict,
    now: new Date(0),
    baseUrl: '',
  } satisfies FhirRequest;
  return Object.fromEntries(readOperationInput(definition, request));
};
const posted = (...parameter: unknown[]) => ({ resourceType: 'Parameters', parameter });
const needing = (name: string, type: string): OperationDefinition => ({
  ...DEFINITION,
  parameter: [input(name, type, { min: 1 })],
});

describe('what is read', () => {
  test('primitives of a query, each as its type', () => {
    expect(read('code=a&code=b&url=http://e.org&count=5&on=2026-11&flag=false&hello=1&url=')).toEqual({
      code: [
        { name: 'code', valueCode: 'a' },
        { name: 'code', valueCode: 'b' },
      ],
      url: [{ name: 'url', valueUri: 'http://e.org' }],
      count: [{ name: 'count', valueInteger: 5 }],
      on: [{ name: 'on', valueDate: '2026-11' }],
      flag: [{ name: 'flag', valueBoolean: false }],
    });
  });

  test('Parameters, text of one kind as text of another', () => {
    const coding = { system: 'http://e.org', code: 'a' };
    expect(
      read('', posted({ name: 'code', valueString: 'a' }, { name: 'coding', valueCoding: coding }, { name: 'hello' })),
    ).toEqual({ code: [{ name: 'code', valueCode: 'a' }], coding: [{ name: 'coding', valueCoding: coding }] });
  });

  test('parts within a parameter, and a resource within it', () => {
    const valueSet = { resourceType: 'ValueSet', status: 'draft' };
    const part = [{ name: 'element', valueUri: 'http://e.org' }];
    expect(read('', posted({ name: 'dependency', part }, { name: 'valueSet', resource: valueSet }))).toEqual({
      dependency: [{ name: 'dependency', part }],
      valueSet: [{ name: 'valueSet', resource: valueSet }],
    });
  });

  test('a bare resource, where one parameter takes it', () => {
    const resource = { resourceType: 'ValueSet', status: 'draft' };
    expect(read('', resource)).toEqual({ valueSet: [{ name: 'valueSet', resource }] });
  });

  test('a bare resource is for the parameter of its type rather than for one of any type', () => {
    const resource = { resourceType: 'ValueSet', status: 'draft' };
    const any = { name: 'tx-resource', use: 'in', type: 'Resource', min: 0, max: '*' } as const;
    const parameter = [...(DEFINITION.parameter ?? []), any];
    expect(read('', resource, false, { ...DEFINITION, parameter })).toEqual({
      valueSet: [{ name: 'valueSet', resource }],
    });
  });
});

describe('what is refused', () => {
  test.each<[string, string, object | undefined, string]>([
    ['a number that is none', 'count=five', undefined, 'bad-parameter-value'],
    ['a truth value that is none', 'flag=yes', undefined, 'bad-parameter-value'],
    ['a date that is none', 'on=2026-13', undefined, 'bad-parameter-value'],
    ['a Coding in a query', 'coding=a|b', undefined, 'bad-parameter-value'],
    ['too many', 'url=a&url=b', undefined, 'bad-parameter-value'],
    ['a type of another kind', '', posted({ name: 'coding', valueString: 'a' }), 'bad-parameter-value'],
    ['a number as text', '', posted({ name: 'count', valueInteger: '5' }), 'bad-parameter-value'],
    ['no value', '', posted({ name: 'code' }), 'bad-parameter-value'],
    [
      'another resource',
      '',
      posted({ name: 'valueSet', resource: { resourceType: 'Patient' } }),
      'bad-parameter-value',
    ],
    ['no name', '', posted({ valueString: 'a' }), 'bad-resource'],
    ['a parameter that is null', '', posted(null), 'bad-resource'],
    ['parameters that are no list', '', { resourceType: 'Parameters', parameter: {} }, 'bad-resource'],
    ['a part that is missing', '', posted({ name: 'dependency', part: [] }), 'missing-parameter'],
    ['no parts', '', posted({ name: 'dependency', valueString: 'a' }), 'bad-parameter-value'],
    ['a bare resource that nothing takes', '', { resourceType: 'Patient' }, 'bad-resource'],
  ])('%s', (_name, query, body, code) => {
    expect(() => read(query, body)).toThrow(expect.objectContaining({ code }));
  });

  test('what is not known, by a strict request alone', () => {
    expect(() => read('hello=1', undefined, true)).toThrow(expect.objectContaining({ code: 'bad-parameter-value' }));
    expect(() => read('', posted({ name: 'hello', valueString: 'a' }), true)).toThrow(
      expect.objectContaining({ code: 'bad-parameter-value' }),
    );
  });

  test('what is needed and missing; the place of what is wrong is told', () => {
    expect(() => read('', undefined, false, needing('code', 'code'))).toThrow(
      expect.objectContaining({ code: 'missing-parameter' }),
    );
    expect(() => read('', posted({ name: 'code', valueCode: 'a' }, { name: 'count', valueString: 'x' }))).toThrow(
      expect.objectContaining({
        values: expect.objectContaining({ expression: 'Parameters.parameter[1]' }) as unknown,
      }),
    );
  });
});

test('GET is for what changes nothing and needs nothing but primitives', () => {
  expect(allowsGet(DEFINITION)).toBe(true);
  expect(allowsGet({ ...DEFINITION, affectsState: true })).toBe(false);
  expect(allowsGet(needing('coding', 'Coding'))).toBe(false);
});
