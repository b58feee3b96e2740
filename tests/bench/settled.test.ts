import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';

type Level = (samples: readonly number[]) => number;
interface How {
  readonly warmUp?: number;
  readonly level?: Level;
}
interface Settled {
  readonly ends: (samples: readonly number[], how?: How) => { first: number; last: number } | undefined;
  readonly least: Level;
  readonly rises: (samples: readonly number[], most: How & { share: number; amount: number }) => boolean;
}
const { ends, least, rises } = (await import(pathToFileURL(resolve('bench/settled.mjs')).href)) as Settled;

const MOST = { share: 0.15, amount: 24 };
const series = (valueAt: (second: number) => number): number[] =>
  Array.from({ length: 600 }, (_, second) => valueAt(second));

describe('what is held for ten minutes', () => {
  test.each<[string, number[]]>([
    ['flat', series(() => 200)],
    ['flat after it has warmed up', series((second) => Math.min(200, 100 + second))],
    ['saw teeth, as garbage is collected', series((second) => 200 + (second % 40) * 2)],
    ['single peaks', series((second) => (second % 97 === 0 ? 900 : 200))],
    ['falling', series((second) => 400 - second / 4)],
    ['rising by less than an amount that says something', series((second) => 20 + second / 60)],
  ])('%s does not rise', (_name, samples) => {
    expect(rises(samples, MOST)).toBe(false);
  });

  test.each<[string, number[]]>([
    ['a steady leak', series((second) => 200 + second / 5)],
    ['a leak below saw teeth', series((second) => 200 + (second % 40) * 2 + second / 5)],
    ['a step that stays', series((second) => (second < 350 ? 200 : 300))],
  ])('%s rises', (_name, samples) => {
    expect(rises(samples, MOST)).toBe(true);
  });

  test('what fills slowly is judged once it is full, and a leak behind that is found', () => {
    const filling = (second: number): number => 200 + Math.min(second, 300);
    expect(rises(series(filling), MOST)).toBe(true);
    expect(rises(series(filling), { ...MOST, warmUp: 300 })).toBe(false);
    const leaking = series((second) => filling(second) + second);
    expect(rises(leaking, { ...MOST, warmUp: 300 })).toBe(true);
    expect(ends(series(filling).slice(0, 300), { warmUp: 300 })).toBeUndefined();
  });

  test('memory that swings for minutes is judged by what it comes down to, and a leak below that is found', () => {
    // Up for 110 seconds of every 300, the last ones too: so resident memory was seen to swing where nothing more was kept.
    const swinging = (second: number): number => 310 + Math.max(0, (second % 300) - 190);
    expect(rises(series(swinging), { ...MOST, warmUp: 300 })).toBe(true);
    expect(rises(series(swinging), { ...MOST, level: least, warmUp: 180 })).toBe(false);
    const leaking = series((second) => swinging(second) + second / 4);
    expect(rises(leaking, { ...MOST, level: least, warmUp: 180 })).toBe(true);
  });

  test('of too little nothing is said', () => {
    expect(ends([1, 2, 3])).toBeUndefined();
    expect(rises([1, 1000, 100_000], MOST)).toBe(false);
  });
});
