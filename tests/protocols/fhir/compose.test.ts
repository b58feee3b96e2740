import { describe, expect, test } from '@jest/globals';
import type { ValueSet } from '@medplum/fhirtypes';
import type { TerminologyCatalogue } from '../../../src/protocols/fhir/terminology/catalogue.js';
import { ComposeReader } from '../../../src/protocols/fhir/terminology/value-sets/compose.js';
import { Scope } from '../../../src/protocols/fhir/terminology/scope.js';
import type { TermConcept, TermSystem } from '../../../src/protocols/fhir/terminology/systems/term-system.js';
import { createNamelessConcept } from '../../../src/protocols/fhir/terminology/systems/term-system.js';
import type { VersionWishes } from '../../../src/protocols/fhir/terminology/version-wishes.js';
import { NO_WISHES } from '../../../src/protocols/fhir/terminology/version-wishes.js';

type Compose = NonNullable<ValueSet['compose']>;
type Include = Compose['include'][0];

const URL = 'http://example.org/simple';
const CONCEPTS: readonly TermConcept[] = [
  { ...createNamelessConcept('a'), display: 'Alpha' },
  { ...createNamelessConcept('a1', 'a'), display: 'Alpha one' },
  { ...createNamelessConcept('b'), display: 'Beta', inactive: true },
  { ...createNamelessConcept('c'), display: 'Gamma', properties: [{ code: 'kind', valueCode: 'letter' }] },
];

/** A small system with a hierarchy, whole or a fragment. */
function systemOf(url: string, isComplete: boolean): TermSystem {
  const find = (code: string): TermConcept | undefined => CONCEPTS.find((one) => one.code === code);
  const below = (code: string): TermConcept[] => CONCEPTS.filter(({ parents }) => parents.includes(code));
  return {
    header: {
      resourceType: 'CodeSystem',
      status: 'active',
      content: 'complete',
      property: [{ code: 'kind', type: 'code' }],
    },
    url,
    version: '1.0',
    isComplete,
    assume: (code) => (isComplete || !/^[a-z]\d?$/.test(code) ? undefined : createNamelessConcept(code)),
    normalize: (code) => code,
    find: (code) => find(code),
    findEach: (codes) => new Map(codes.flatMap((code) => find(code) ?? []).map((one) => [one.code, one])),
    ancestors: (code) => find(code)?.parents ?? [],
    children: (code) => below(code),
    descendants: async (code) => below(code),
    all: async () => CONCEPTS,
  };
}

const WHOLE = systemOf(URL, true);
const FRAGMENT = systemOf('http://example.org/fragment', false);
const named = (name: string): string => `http://example.org/${name}`;
const setOf = (name: string, include: Include[], contained: ValueSet[] = []): ValueSet => ({
  resourceType: 'ValueSet',
  url: named(name),
  status: 'active',
  compose: { include },
  ...(contained.length > 0 ? { contained } : {}),
});
const importing = (...names: string[]): Include[] =>
  names.map((name) => ({ valueSet: [name.startsWith('#') ? name : named(name)] }));
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

function readerOf(sets: readonly ValueSet[] = [], wishes: VersionWishes = NO_WISHES): ComposeReader {
  const byUrl = new Map(sets.map((set) => [set.url, set]));
  const catalogue = {
    findSystem: (url: string) => [WHOLE, FRAGMENT].find((system) => system.url === url),
    findValueSet: (url: string) => byUrl.get(url),
  } as Partial<TerminologyCatalogue> as TerminologyCatalogue;
  return new ComposeReader(new Scope(catalogue), wishes);
}
const codesOf = async (set: ValueSet, sets?: readonly ValueSet[]): Promise<string[]> =>
  (await readerOf(sets).members(set)).map(({ concept }) => concept.code);
const holds = async (set: ValueSet, code: string, { sets = [] as readonly ValueSet[], system = WHOLE } = {}) =>
  (await readerOf(sets).find(set, system, code)) !== undefined;

const filtered = (property: string, op: string, value: string): Compose => ({
  include: [{ system: URL, filter: [{ property, op: op as 'is-a', value }] }],
});

describe('a value set', () => {
  test.each<[string, Compose, string[]]>([
    ['a whole system', { include: [{ system: URL }] }, ['a', 'a1', 'b', 'c']],
    ['is-a', filtered('concept', 'is-a', 'a'), ['a', 'a1']],
    ['descendent-of', filtered('concept', 'descendent-of', 'a'), ['a1']],
    ['child-of', filtered('concept', 'child-of', 'a'), ['a1']],
    ['is-not-a', filtered('concept', 'is-not-a', 'a'), ['b', 'c']],
    ['generalizes', filtered('concept', 'generalizes', 'a1'), ['a1', 'a']],
    ['in', filtered('concept', 'in', 'a,c'), ['a', 'c']],
    ['not-in', filtered('concept', 'not-in', 'a,c'), ['a1', 'b']],
    ['= of a display', filtered('display', '=', 'Beta'), ['b']],
    ['= of a property of the system', filtered('kind', '=', 'letter'), ['c']],
    ['exists', filtered('parent', 'exists', 'true'), ['a1']],
    ['without inactive codes', { inactive: false, include: [{ system: URL }] }, ['a', 'a1', 'c']],
    [
      'listed codes, those that are there',
      { include: [{ system: URL, concept: [{ code: 'c' }, { code: 'x' }, { code: 'c' }] }] },
      ['c'],
    ],
    [
      'without what is excluded',
      { include: [{ system: URL }], exclude: [{ system: URL, concept: [{ code: 'c' }] }] },
      ['a', 'a1', 'b'],
    ],
    [
      'two filters, both of which must hold',
      {
        include: [
          {
            system: URL,
            filter: [
              { property: 'concept', op: 'is-a', value: 'a' },
              { property: 'display', op: '=', value: 'Alpha one' },
            ],
          },
        ],
      },
      ['a1'],
    ],
  ])('of %s has the same members code by code', async (_, compose, codes) => {
    const set = { ...setOf('set', []), compose };
    expect(await codesOf(set)).toEqual(codes);
    for (const { code } of CONCEPTS) expect([code, await holds(set, code)]).toEqual([code, codes.includes(code)]);
  });

  test.each([
    ['a regular expression', filtered('code', 'regex', 'a.*'), 'not-supported'],
    ['a property that the system lacks', filtered('colour', '=', 'red'), 'bad-value-set'],
    ['an operator that R4 lacks', filtered('code', 'like', 'a'), 'bad-value-set'],
    ['a filter without a value', filtered('code', '=', ''), 'bad-value-set'],
    ['a system that is not held', { include: [{ system: named('none') }] }, 'code-system-not-found'],
  ])('with %s is rejected', async (_, compose, code) => {
    await expect(codesOf({ ...setOf('set', []), compose })).rejects.toMatchObject({ code });
  });

  test('of a fragment holds a code that is not described, where its form allows, and lists what is described', async () => {
    const set = setOf('set', [{ system: FRAGMENT.url }]);
    expect(await codesOf(set)).toEqual(['a', 'a1', 'b', 'c']);
    expect(await holds(set, 'z9', { system: FRAGMENT })).toBe(true);
    expect(await holds(set, 'Z-9', { system: FRAGMENT })).toBe(false);
    expect(await codesOf(setOf('set', [{ system: FRAGMENT.url, concept: [{ code: 'z' }] }]))).toEqual(['z']);
  });
});

describe('value sets that import each other', () => {
  /** Each of a level imports all of the next; the last has one code. */
  const levels = (wide: number, deep: number, contained: ValueSet[] = []): ValueSet[] =>
    times(deep, (level) => level).flatMap((level) =>
      times(wide, (index) => {
        const next = importing(...times(wide, (one) => `${level + 1}-${one}`));
        const include = level === deep - 1 ? [{ system: URL, concept: [{ code: 'b' }] }] : next;
        return setOf(`${level}-${index}`, include, contained);
      }),
    );
  const first = (wide: number): ValueSet => setOf('first', importing(...times(wide, (index) => `0-${index}`)));
  const inner = (code: string): ValueSet => ({
    resourceType: 'ValueSet',
    id: 'k',
    status: 'active',
    compose: { include: [{ system: URL, concept: [{ code }] }] },
  });

  test('each is evaluated once', async () => {
    const sets = levels(10, 9);
    expect(await codesOf(first(10), sets)).toEqual(['b']);
    expect([await holds(first(10), 'b', { sets }), await holds(first(10), 'a', { sets })]).toEqual([true, false]);
  });

  test('where the way to one matters, by each way, and no more ways than are reasonable', async () => {
    const sets = [
      setOf('one', importing('shared'), [inner('a')]),
      setOf('two', importing('shared'), [inner('c')]),
      setOf('shared', importing('#k')),
    ];
    expect(await codesOf(setOf('both', importing('one', 'two')), sets)).toEqual(['a', 'c']);
    const many = levels(10, 9, [inner('a')]);
    await expect(codesOf(first(10), many)).rejects.toMatchObject({ code: 'too-costly' });
    await expect(holds(first(10), 'a', { sets: many })).rejects.toMatchObject({ code: 'too-costly' });
  });

  test('a circle is an error', async () => {
    const sets = [setOf('one', importing('two')), setOf('two', importing('one'))];
    await expect(codesOf(setOf('first', importing('one')), sets)).rejects.toMatchObject({ code: 'bad-value-set' });
  });
});

describe('the version of a code system', () => {
  const version = (...[wanted]: string[]): ReadonlyMap<string, string> =>
    new Map(wanted === undefined ? [] : [[URL, wanted]]);
  const open = setOf('open', [{ system: URL }]);
  const fixed = setOf('fixed', [{ system: URL, version: '1.0' }]);
  const members = async (set: ValueSet, wishes: Partial<VersionWishes>): Promise<number> =>
    (await readerOf([], { ...NO_WISHES, ...wishes }).members(set)).length;

  test.each<[string, ValueSet, Partial<VersionWishes>]>([
    ['system-version where the value set names none', open, { defaults: version('1.0') }],
    ['system-version where the value set names another', fixed, { defaults: version('2.0') }],
    ['check-system-version where the value set names none', open, { checked: version('1.0') }],
    [
      'force-system-version in place of the one that the value set names',
      setOf('two', [{ system: URL, version: '2.0' }]),
      { forced: version('1.0') },
    ],
  ])('%s', async (_, set, wishes) => {
    expect(await members(set, wishes)).toBe(CONCEPTS.length);
  });

  test.each<[string, ValueSet, Partial<VersionWishes>, string]>([
    ['system-version that is not held', open, { defaults: version('2.0') }, 'code-system-not-found'],
    ['force-system-version that is not held', fixed, { forced: version('2.0') }, 'code-system-not-found'],
    ['check-system-version where the value set names another', fixed, { checked: version('2.0') }, 'bad-value-set'],
    [
      'check-system-version where another is forced',
      open,
      { checked: version('2.0'), forced: version('1.0') },
      'bad-value-set',
    ],
  ])('%s is an error', async (_, set, wishes, code) => {
    await expect(members(set, wishes)).rejects.toMatchObject({ code });
  });
});
