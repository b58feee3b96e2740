import type { CodeSystem, OperationOutcome, Parameters, Resource, ValueSet } from '@medplum/fhirtypes';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { LIMITS } from '../../../src/limits.js';
import { Effort } from '../../../src/protocols/fhir/terminology/effort.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ICD, askFhir } from './fhir-server.js';

// Without what bounds them most of these requests would run for hours: whether they end is what is tested.
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

type Include = NonNullable<ValueSet['compose']>['include'][0];
type Sent = NonNullable<Parameters['parameter']>[0];

const SYSTEM = 'http://example.org/letters';
const LETTERS: CodeSystem = {
  resourceType: 'CodeSystem',
  url: SYSTEM,
  status: 'active',
  content: 'complete',
  concept: ['a', 'b', 'c'].map((code) => ({ code, display: code.toUpperCase() })),
};
/** Texts long enough that trying every way of matching one of them would not end. */
const TEXTS: CodeSystem = {
  ...LETTERS,
  url: 'http://example.org/texts',
  concept: ['a', 'b', 'c'].map((code) => ({
    code,
    display: `${'of a kind that is written with many words '.repeat(3)}${code}`,
  })),
};
const setOf = (name: string, include: Include[], contained: ValueSet[] = []): ValueSet => ({
  resourceType: 'ValueSet',
  url: `http://example.org/${name}`,
  status: 'active',
  compose: { include },
  ...(contained.length > 0 ? { contained } : {}),
});
const inner = (id: string, code: string): ValueSet => ({
  resourceType: 'ValueSet',
  id,
  status: 'active',
  compose: { include: [{ system: SYSTEM, concept: [{ code }] }] },
});
const importing = (...names: string[]): Include[] =>
  names.map((name) => ({ valueSet: [name.startsWith('#') ? name : `http://example.org/${name}`] }));
const regex = (value: string, system = ICD): Include => ({
  system,
  filter: [{ property: 'display', op: 'regex', value }],
});
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const ask = async (
  operation: 'expand' | 'validate-code',
  set: ValueSet,
  brought: readonly Resource[] = [],
  also: readonly Sent[] = [],
): Promise<{ status: number; resource: Resource }> => {
  const parameter: Sent[] = [
    { name: 'valueSet', resource: set },
    ...[LETTERS, ...brought].map((resource) => ({ name: 'tx-resource', resource })),
    ...also,
  ];
  const { reply, resource } = await askFhir<Resource>(connector.url, `/ValueSet/$${operation}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Parameters', parameter }),
  });
  return { status: reply.status, resource };
};
const codesOf = ({ resource }: { resource: Resource }): string[] =>
  ((resource as ValueSet).expansion?.contains ?? []).map(({ code = '' }) => code);
const faultOf = ({ status, resource }: { status: number; resource: Resource }): string =>
  `${status} ${(resource as OperationOutcome).issue[0]?.code ?? ''}`;
const resultOf = ({ resource }: { resource: Resource }): unknown =>
  (resource as Parameters).parameter?.find(({ name }) => name === 'result')?.valueBoolean;

const COUNT: Sent = { name: 'count', valueInteger: 5 };
const codedAs = (code: string): Sent[] => [
  { name: 'system', valueUri: SYSTEM },
  { name: 'code', valueCode: code },
];

describe('regular expressions that take for ever where every way of matching is tried', () => {
  test.each([
    ['optional letters', `${'.?'.repeat(60)}zzz`],
    ['alternatives of the same', `${'(.|.|.|.)'.repeat(20)}zzz`],
    ['repeated repetitions', '((.*)*)*zzz'],
  ])('%s', async (_, pattern) => {
    const { status, resource } = await ask('expand', setOf('set', [regex(pattern, TEXTS.url)]), [TEXTS]);
    expect([status, (resource as ValueSet).expansion?.total]).toEqual([200, 0]);
  });

  test('those that take long in spite of it are ended', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValueOnce(0);
    const effort = new Effort();
    const took = (ms: number, mostMs: number): void => {
      now.mockReturnValueOnce(0).mockReturnValueOnce(ms);
      effort.runRegex(mostMs, () => true);
    };
    took(LIMITS.maxRegexMs, LIMITS.maxRegexMs - 1);
    took(LIMITS.maxRegexMs, 1);
    expect(() => {
      took(1, 1);
    }).toThrow('bad-value-set');
    now.mockRestore();
  });
});

describe('value sets that import each other', () => {
  /** Each of a level imports all of the next; the last has one code. */
  const levels = (wide: number, deep: number, contained: ValueSet[] = []): ValueSet[] =>
    times(deep, (level) => level).flatMap((level) =>
      times(wide, (index) => {
        const next = importing(...times(wide, (one) => `${level + 1}-${one}`));
        const include = level === deep - 1 ? [{ system: SYSTEM, concept: [{ code: 'b' }] }] : next;
        return setOf(`${level}-${index}`, include, contained);
      }),
    );
  const first = (wide: number): ValueSet => setOf('first', importing(...times(wide, (index) => `0-${index}`)));

  test('each is evaluated once', async () => {
    expect(codesOf(await ask('expand', first(10), levels(10, 9)))).toEqual(['b']);
    expect(resultOf(await ask('validate-code', first(10), levels(10, 9), codedAs('b')))).toBe(true);
    expect(resultOf(await ask('validate-code', first(10), levels(10, 9), codedAs('a')))).toBe(false);
    expect(resultOf(await ask('validate-code', first(10), levels(10, 9), [{ name: 'code', valueCode: 'a' }]))).toBe(
      false,
    );
  });

  test('where the way to one matters, by each way, and no more ways than are reasonable', async () => {
    const sets = [
      setOf('one', importing('shared'), [inner('k', 'a')]),
      setOf('two', importing('shared'), [inner('k', 'c')]),
      setOf('shared', importing('#k')),
    ];
    expect(codesOf(await ask('expand', setOf('both', importing('one', 'two')), sets))).toEqual(['a', 'c']);
    const many = levels(10, 9, [inner('k', 'a')]);
    expect(faultOf(await ask('expand', first(10), many))).toBe('422 too-costly');
    expect(faultOf(await ask('validate-code', first(10), many, codedAs('a')))).toBe('422 too-costly');
  });

  test('a circle is told all the same', async () => {
    const sets = [setOf('one', importing('two')), setOf('two', importing('one'))];
    expect(faultOf(await ask('expand', setOf('first', importing('one')), sets))).toBe('422 invalid');
  });
});

describe('what is small by itself', () => {
  test.each<[string, Include[]]>([
    ['regular expressions', times(1000, () => regex('0'))],
    ['whole systems', times(1000, () => ({ system: ICD }))],
    [
      'codes below others',
      times(3000, () => ({ system: ICD, filter: [{ property: 'concept', op: 'is-a', value: 'E11' }] })),
    ],
    ['listed codes', times(50, () => ({ system: ICD, concept: times(5000, (index) => ({ code: `E${index}` })) }))],
  ])('is not done for ever: %s', async (_, include) => {
    expect(faultOf(await ask('expand', setOf('set', include), [], [COUNT]))).toBe('422 too-costly');
  });

  test('others are answered meanwhile', async () => {
    const order: string[] = [];
    const heavy = ask(
      'expand',
      setOf(
        'set',
        times(50, () => regex('.*.*qq')),
      ),
    ).then(() => order.push('heavy'));
    await ask('expand', setOf('set', [{ system: SYSTEM }])).then(() => order.push('light'));
    await heavy;
    expect(order).toEqual(['light', 'heavy']);
  });

  test('a code below which there are very many is read in a time that goes by their number', async () => {
    const concept = [{ code: 'top', concept: times(100_000, (index) => ({ code: `c${index}` })) }];
    const wide: CodeSystem = { ...LETTERS, url: 'http://example.org/wide', concept };
    const { resource } = await ask('expand', setOf('set', [{ system: 'http://example.org/wide' }]), [wide], [COUNT]);
    expect((resource as ValueSet).expansion?.total).toBe(100_001);
  });
});
