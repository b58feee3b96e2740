import { expect, test } from '@jest/globals';
import { readOnce } from '../../src/core/read-once.js';

test('a property is read when it is first needed, once', () => {
  const reads: string[] = [];
  const read = (name: string) => (reads.push(name), name);
  const { ...object } = { parts: readOnce({ one: () => read('one'), two: () => read('two') }) };
  expect(reads).toEqual([]);
  expect([object.parts.two, object.parts.two, object.parts.one]).toEqual(['two', 'two', 'one']);
  expect(reads).toEqual(['two', 'one']);
});

test('what could not be read is tried again', () => {
  let isAway = true;
  const object = readOnce({
    text: () => {
      if (isAway) throw new Error('away');
      return 'text';
    },
  });
  expect(() => object.text).toThrow('away');
  isAway = false;
  expect(object.text).toBe('text');
});
