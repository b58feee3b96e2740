import { expect, test } from '@jest/globals';
import type { Steps } from '../../src/core/give-way.js';
import { inOneStep, readInSteps, readOnce } from '../../src/core/read-once.js';

test('a property is read when it is first needed, once', () => {
  const reads: string[] = [];
  const read = (name: string) => (reads.push(name), name);
  const { ...object } = { parts: readOnce({ one: () => read('one'), two: () => read('two') }) };
  expect(reads).toEqual([]);
  expect([object.parts.two, object.parts.two, object.parts.one]).toEqual(['two', 'two', 'one']);
  expect(reads).toEqual(['two', 'one']);
});

function createSteps() {
  const taken: string[] = [];
  function* count(name: string): Steps<string> {
    for (let step = 1; step <= 3; step += 1) {
      yield;
      taken.push(`${name}${step}`);
    }
    return name;
  }
  return { taken, object: readInSteps({ a: () => count('a'), b: () => count('b') }) };
}

test('properties are prepared in steps, with a turn for others between any two', async () => {
  const { taken, object } = createSteps();
  await object.prepare(async () => void taken.push('-'));
  expect(taken.join(' ')).toBe('- a1 - a2 - a3 - - b1 - b2 - b3 -');
  expect([object.a, object.b, taken.filter((one) => one !== '-').length]).toEqual(['a', 'b', 6]);
});

test('what is needed while it is prepared takes the steps that are left, and none twice', async () => {
  const { taken, object } = createSteps();
  let turns = 0;
  await object.prepare(async () => {
    turns += 1;
    if (turns === 2) expect([object.b, object.a]).toEqual(['b', 'a']);
  });
  expect(taken).toEqual(['a1', 'b1', 'b2', 'b3', 'a2', 'a3']);
});

test('what could not be read is tried again', async () => {
  let isAway = true;
  const object = readInSteps({
    text: () =>
      inOneStep(() => {
        if (isAway) throw new Error('away');
        return 'text';
      }),
  });
  expect(() => object.text).toThrow('away');
  await expect(object.prepare(() => undefined)).rejects.toThrow('away');
  isAway = false;
  expect(object.text).toBe('text');
});
