import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../src/protocols/input/parse-json.js';

const LIMITS = { mostDepth: 100, mostElements: 500_000, mostMembers: 1000 };
const parse = (text: string, limits = {}): unknown =>
  parseJson(text, { ...LIMITS, ...limits }, (reason) => new RangeError(reason));

test('marks within texts count for nothing: a list of texts has a comma for each but the first', () => {
  const hostile = fc
    .array(fc.constantFrom('"', '\\', '[', '{', ',', '}', ']', 'a', '\n'))
    .map((units) => units.join(''));
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1 }), (texts) => {
      const text = JSON.stringify(texts);
      expect(parse(text, { mostElements: texts.length })).toEqual(texts);
      expect(() => parse(text, { mostElements: texts.length - 1 })).toThrow(RangeError);
    }),
  );
});

test.each(['["', '["a\\', '["\\"', '[1', '1]', 'a'])('a text that is no JSON is a SyntaxError: %s', (text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});

test.each([
  ['[[[1]]]', { mostDepth: 2 }, 'it is nested more than 2 levels deep'],
  ['[1,2,3]', { mostElements: 2 }, 'it has more than 2 elements'],
  ['[{"a":1,"a":2,"b":3}]', { mostMembers: 2 }, 'it has an object with more than 2 members'],
])('a limit names itself: %s', (text, limits, reason) => {
  expect(() => parse(text, limits)).toThrow(new RangeError(reason));
});
