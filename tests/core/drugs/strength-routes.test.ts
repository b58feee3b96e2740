import { describe, expect, test } from '@jest/globals';
import { normalizeStrength } from '../../../src/core/drugs/normalize-strength.js';
import { StrengthRoutes } from '../../../src/core/drugs/strength-routes.js';

describe('strengths are compared', () => {
  test.each([
    ['10 mg', '10 mg'],
    ['500 mcg', '0.5 mg'],
    ['1 g', '1000 mg'],
    ['10 mg / 5 ml', '2 mg / ml'],
    ['30 mg / ml', '30 mg / ml'],
    ['.2 %', '0.2 %'],
    ['100 units / ml', '100 unt / ml'],
    ['10 meq / 100 ml', '0.1 meq / ml'],
    ['40 meq / l', '0.04 meq / ml'],
    ['1000 iu', '1000 unt'],
    ['5 units / g', undefined],
    ['50 mcg / actuation', '0.05 mg / actuat'],
    ['0.05 mg / 24 hr', '0.00208 mg / hr'],
    ['7.5 mg / g', '0.75 %'],
    ['0.0075 mg / mg', '0.75 %'],
    ['250 mcg / dose', undefined],
    ['5 % / ml', undefined],
    ['10 mg / 0 ml', undefined],
    ['', undefined],
  ])('%s is %s', (text, normalized) => {
    expect(normalizeStrength(text)).toBe(normalized);
  });
});

describe('a strength tells a route', () => {
  const routes = new StrengthRoutes([
    { name: 'a', strength: '10 mg', routes: ['oral'] },
    { name: 'a', strength: '20 mg', routes: ['oral'] },
    { name: 'a', strength: '30 mg / ml', routes: ['injection'] },
    { name: 'a', strength: 'mg / ml', routes: ['injection', 'oral'] },
    { name: 'c', strength: 'meq / ml', routes: ['injection'] },
  ]);

  test('where all of a line tell the same one', () => {
    expect(routes.find('A', ['10 mg', '20 mg'])).toEqual(['oral']);
    expect(routes.find('a', ['10 mg', '30 mg / ml'])).toBeUndefined();
    expect(routes.find('a', ['10 mg', '40 mg'])).toBeUndefined();
    expect(routes.find('b', ['10 mg'])).toBeUndefined();
  });

  test('and how much of a liquid there is tells none', () => {
    expect(routes.find('a', ['2 ml', '30 mg / ml'])).toEqual(['injection']);
    expect(routes.find('a', ['2 ml'])).toBeUndefined();
  });

  test('of its measure where the strength itself is in no row', () => {
    expect(routes.find('a', ['7 mg / ml'])).toEqual(['injection', 'oral']);
    expect(routes.find('c', ['20 meq / 100 ml'])).toEqual(['injection']);
    expect(routes.find('c', ['20 meq'])).toBeUndefined();
    expect(routes.find('a', ['7 %'])).toBeUndefined();
  });

  test('of no line without a strength', () => {
    expect(routes.find('a', [])).toBeUndefined();
  });
});
