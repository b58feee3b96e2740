import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NOTES, PackedListWriter, PackedListReader } from '../../../src/core/search/packed-list.js';

type Pair = readonly [number: number, note: number];

function pack(pairs: readonly Pair[]): Uint8Array {
  const writer = new PackedListWriter();
  for (const [number, note] of pairs) writer.append(number, note);
  expect(writer.count).toBe(pairs.length);
  return writer.bytes();
}

function unpack(bytes: Uint8Array): Pair[] {
  const pairs: Pair[] = [];
  for (const list = new PackedListReader(bytes); list.next();) pairs.push([list.number, list.note]);
  return pairs;
}

describe('a packed list', () => {
  test.each<[string, Pair[], number[]]>([
    ['of nothing', [], []],
    ['of the first number', [[0, 0]], [0]],
    ['of neighbours, a byte each', [[0, 15], [1, 2], [8, 3]], [0x0f, 0x12, 0x73]], // prettier-ignore
    ['with a wide gap, the lowest bits first', [[100, 5]], [0xc5, 0x0c]],
    ['of the largest number', [[2 ** 26, 15]], [0x8f, 0x80, 0x80, 0x80, 0x04]],
  ])('%s', (_what, pairs, bytes) => {
    expect([...pack(pairs)]).toEqual(bytes);
    expect(unpack(pack(pairs))).toEqual(pairs);
  });

  test('gives back whatever was packed', () => {
    const numbers = fc
      .uniqueArray(fc.nat({ max: 2 ** 26 }), { maxLength: 300 })
      .map((all) => all.sort((a, b) => a - b));
    const notes = fc.array(fc.nat({ max: NOTES - 1 }), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(numbers, notes, (all, noted) => {
        const pairs = all.map((number, index): Pair => [number, noted[index] ?? 0]);
        expect(unpack(pack(pairs))).toEqual(pairs);
      }),
    );
  });
});
