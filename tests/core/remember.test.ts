import { expect, it } from '@jest/globals';
import { rememberLast, rememberSome } from '../../src/core/remember.js';

/** A function that counts its calls. */
function counting() {
  let calls = 0;
  const create = (key: string): string | undefined => {
    calls += 1;
    return key === 'none' ? undefined : `${key}!`;
  };
  return { create, calls: () => calls };
}

it('the last value is returned again for the same key', () => {
  const { create, calls } = counting();
  const remembered = rememberLast(create);
  expect(['a', 'a', 'b', 'a'].map(remembered)).toEqual(['a!', 'a!', 'b!', 'a!']);
  expect(calls()).toBe(3);
});

it('some values are returned again, one that is undefined too, until there are too many', () => {
  const { create, calls } = counting();
  const remembered = rememberSome(2, create);
  expect(['a', 'none', 'a', 'none'].map(remembered)).toEqual(['a!', undefined, 'a!', undefined]);
  expect(calls()).toBe(2);
  expect(['c', 'a'].map(remembered)).toEqual(['c!', 'a!']);
  expect(calls()).toBe(4);
});
