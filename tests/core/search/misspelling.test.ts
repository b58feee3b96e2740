import { describe, expect, test } from '@jest/globals';
import { computeMostCost, measureMisspelling } from '../../../src/core/search/misspelling.js';
import { NearWords } from '../../../src/core/search/near-words.js';

const measure = (typed: string, meant: string, language: 'en' | 'es' = 'en'): number =>
  measureMisspelling(typed, meant, language, 9);

describe('what a misspelling costs', () => {
  test('nothing for the word itself; slips of ear and finger less than other letters', () => {
    expect(measure('asthma', 'asthma')).toBe(0);
    for (const [typed, meant] of [
      ['astma', 'asthma'],
      ['diareah', 'diarrhea'],
      ['neumonia', 'pneumonia'],
      ['hypertenshun', 'hypertension'],
      ['stoens', 'stones'],
      ['paun', 'pain'],
    ] as const)
      expect([typed, measure(typed, meant) < 1]).toEqual([typed, true]);
    expect(measure('metamizol', 'methimazole')).toBeGreaterThan(computeMostCost('methimazole'.length));
  });

  test('is of each language its own', () => {
    expect(measure('baca', 'vaca', 'es')).toBeLessThan(measure('baca', 'vaca', 'en'));
    expect(measure('yaga', 'llaga', 'es')).toBeLessThan(0.3);
    expect(measure('fotofobia', 'photophobia', 'en')).toBeLessThan(0.6);
  });

  test('is not measured above the limit', () => {
    expect(measureMisspelling('banana', 'asthma', 'en', 1)).toBe(Infinity);
    expect(measure('qqqqqqqqqq', 'kook')).toBeGreaterThan(1);
  });
});

test('near words differ in a letter, long ones in two as they sound', () => {
  const near = new NearWords();
  for (const word of ['stones', 'stone', 'bones', 'diarrhea', 'diary']) near.add(word);
  expect(near.listNear('stoens')).toEqual(['stones']);
  expect(near.listNear('diareha')).toContain('diarrhea');
  expect(near.listNear('qqqq')).toEqual([]);
});
