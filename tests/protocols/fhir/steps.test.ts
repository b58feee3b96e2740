import { describe, expect, test } from '@jest/globals';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Steps } from '../../../src/core/give-way.js';
import { takeAllSteps } from '../../../src/core/give-way.js';
import { readResource } from '../../../src/protocols/fhir/rest/body.js';
import { checkResource } from '../../../src/protocols/fhir/rest/check-shape.js';
import { readInputs } from '../../../src/protocols/fhir/knowledge-request/read-inputs.js';
import { writeResource } from '../../../src/protocols/fhir/syntax/write-resource.js';
import { FaultList } from '../../../src/protocols/fhir/writing/faults.js';
import { readMap } from '../../../src/protocols/fhir/writing/read-map.js';
import { MemoryLibrary } from '../../support/memory-library.js';
import { TEST_TIME } from '../../support/connector.js';
import { articleMap } from './written.js';

/** Most members of the body that a step reads. */
const MOST_READS = 5000;

const coded = (code: number) => ({
  coding: [{ system: 'http://loinc.org', code: `${1000 + (code % 900)}-1`, display: `Test ${code % 900}` }],
});

/** A chart of so many results. */
const chart = (results: number): Bundle => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: Array.from({ length: results }, (_, index) => ({
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: coded(index),
      note: [{ text: 'a' }, { text: 'b' }],
    },
  })),
});

/** One result of so many parts. */
const panel = (parts: number): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: coded(0),
  component: Array.from({ length: parts }, (_, index) => ({ code: coded(index) })),
});

/** A tree that counts how often something is read of it. */
function counting<T extends object>(tree: T): { tree: T; reads: () => number } {
  let reads = 0;
  const wrap = <U extends object>(one: U): U =>
    new Proxy(one, {
      get: (target, name) => {
        reads += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'object' && value !== null ? wrap(value) : value;
      },
    });
  return { tree: wrap(tree), reads: () => reads };
}

/** Takes all steps. @returns how much each of them reads */
function readsOfSteps<T>(resource: Resource, take: (resource: Resource) => Steps<T>): number[] {
  const { tree, reads } = counting(resource);
  const steps = take(tree);
  const found: number[] = [];
  for (let isOver: boolean | undefined = false; !isOver;) {
    const before = reads();
    isOver = steps.next().done;
    found.push(reads() - before);
  }
  return found;
}

const asInput = (resource: Resource) => new Map([['resource', [{ name: 'resource', resource }]]]);
const reading = {
  ...{ includeInactive: false, asksDoubtful: false, now: TEST_TIME, encounter: undefined },
  findSetting: () => 'ambulatory' as const,
};

describe.each<[string, (size: number) => Resource]>([
  ['a chart of many resources', chart],
  ['a resource of many parts', panel],
])('%s', (_name, make) => {
  test.each<[string, (resource: Resource) => Steps<unknown>]>([
    ['its shape is checked', (resource) => checkResource(resource, 'Bundle')],
    ['what it asks is read', (resource) => readInputs(asInput(resource), reading)],
    ['it is written as XML', (resource) => writeResource(resource, { syntax: 'xml', pretty: false })],
  ])('%s in steps that are no longer for a longer one', (_work, take) => {
    const [some, many] = [readsOfSteps(make(1000), take), readsOfSteps(make(4000), take)];
    const sum = (reads: readonly number[]): number => reads.reduce((all, one) => all + one, 0);
    expect(sum(many)).toBeGreaterThan(3 * sum(some));
    expect(many.length).toBeGreaterThan(2 * some.length);
    // Where its resources stand is found in one step: a look at each.
    expect(Math.max(...many.slice(1))).toBeLessThanOrEqual(MOST_READS);
  });
});

test.each(['json', 'xml'] as const)('a body of %s is read in steps, whose number grows with it', (syntax) => {
  const stepsOf = (size: number): number => {
    const bytes = Buffer.from(takeAllSteps(writeResource(chart(size), { syntax, pretty: false })));
    return [...readResource({ contentType: `application/fhir+${syntax}`, bytes })].length;
  };
  expect(stepsOf(4000)).toBeGreaterThan(3 * stepsOf(1000));
});

test('a map that is written is read in steps, one at least for each of its codes', () => {
  const stepsOf = (codes: number): number => {
    const map = articleMap('A00', [{ code: 'topic-acne', equivalence: 'wider' }]);
    const [group] = map.group ?? [];
    for (let code = 1; code < codes; code += 1) group?.element.push({ ...group.element[0], code: `A00.${code}` });
    const addresses = { canonicalBase: 'https://education-connect.example/fhir', baseUrl: 'http://127.0.0.1' };
    const known = {
      library: new MemoryLibrary({ articles: [], mappings: [], crosswalks: [] }),
      hasHandout: () => false,
    };
    const place = { ...addresses, ...known, now: TEST_TIME };
    return [...readMap(map, 'ours', place, new FaultList())].length;
  };
  expect(stepsOf(900)).toBeGreaterThanOrEqual(900);
});
