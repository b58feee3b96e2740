import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../../src/protocols/input/parse-json.js';

const LIMITS = { mostDepth: 100, mostElements: 500_000, mostMembers: 1000 };
const parse = (text: string, limits = LIMITS): unknown => parseJson(text, limits, (reason) => new RangeError(reason));
const tryTo = (make: () => unknown): unknown => {
  try {
    return { value: make() };
  } catch (error) {
    return (error as Error).name;
  }
};
/** Longer than a piece: what holds it is made by itself. */
const LONG = `"${'x'.repeat(40_000)}"`;
const BIG = `[${LONG},${LONG},1]`;

test('a text in pieces is the value that JSON.parse makes of it at once, or as little JSON', () => {
  const token = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"__proto__"',
      '"7"',
      '1',
      'null',
      ' ',
      '\n',
      '\u00a0',
      '"',
      '\\',
      '"\\""',
    ],
    ...['{"a":', '[1,', LONG, BIG, `{"b":${BIG},"a":${LONG},"c":2}`, `"a":${BIG}`, `,${BIG}`, `[${BIG}]`],
  );
  const sizes = { numRuns: 3000 };
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      const text = tokens.join('');
      expect(tryTo(() => parse(text))).toEqual(tryTo(() => JSON.parse(text) as unknown));
    }),
    sizes,
  );
});

test('values of any kind and size are read', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.constant('y'.repeat(30_000)));
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(tie('any'), { maxLength: 6 }),
      fc.dictionary(fc.string(), tie('any'), { maxKeys: 6, noNullPrototype: true }),
    ),
  })).any;
  fc.assert(
    fc.property(value, fc.constantFrom(0, 2), (one, indent) => {
      const text = JSON.stringify(one, undefined, indent);
      const read = parse(text);
      expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 500 },
  );
  const named = parse(`{"__proto__":1,"a":${BIG},"__proto__":${BIG}}`) as object;
  expect([Object.keys(named), Object.getPrototypeOf(named)]).toEqual([['__proto__', 'a'], Object.prototype]);
});

test.each([
  ['two values', `${BIG}${BIG}`],
  ['two values in a list without a comma', `[${BIG} ${BIG}]`],
  ['no name', `{${BIG}}`],
  ['a number as a name', `{1:${BIG}}`],
  ['the name of another', `{"a":1,${BIG}:2}`],
  ['two colons', `{"a"::${BIG}}`],
  ['a comma at the end', `[${BIG},]`],
  ['a comma at the beginning', `[,${BIG}]`],
  ['two commas', `[1,,${BIG}]`],
  ['a word before it', `x${BIG}`],
  ['a word behind it', `${BIG}x`],
  ['a word behind it, in a list', `[${BIG}x]`],
  ['a bracket of the other kind', `{"a":${BIG}]`],
  ['no end', `[${BIG}`],
])('what is no JSON around a large value is none: %s', (_name, text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});

test.each([
  ['[[[1]]]', { mostDepth: 2 }, 'it is nested more than 2 levels deep'],
  ['[1,2,3]', { mostElements: 2 }, 'it has more than 2 elements'],
  ['[{"a":1,"a":2,"b":3}]', { mostMembers: 2 }, 'it has an object with more than 2 members'],
])('a limit names itself: %s', (text, limits, reason) => {
  expect(() => parse(text, { ...LIMITS, ...limits })).toThrow(new RangeError(reason));
});
