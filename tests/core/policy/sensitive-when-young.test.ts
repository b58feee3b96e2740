import { expect, test } from '@jest/globals';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import { findSensitivity } from '../../../src/core/policy/site-policy.js';

const testosterone = { id: 'drug-a605020', sensitivity: undefined };

test.each([
  ['a patient of fifteen', { ageGroups: ['adolescent'] as const, leastAgeMonths: 15 * 12 }, 'SEX'],
  ['an adolescent whose age is not known exactly', { ageGroups: ['adolescent'] as const }, 'SEX'],
  ['a patient of eighteen', { ageGroups: ['adolescent'] as const, leastAgeMonths: 18 * 12 }, undefined],
  ['a patient of unknown age', {}, undefined],
])('testosterone for %s', (_, age, expected) => {
  expect(findSensitivity(testosterone, undefined, { ...ANYONE, ...age })).toBe(expected);
});

test('a mark of the catalogue or of the row comes first, and other articles have none', () => {
  const teenager = { ...ANYONE, ageGroups: ['adolescent'] as const };
  expect(findSensitivity({ ...testosterone, sensitivity: 'GDIS' }, undefined, teenager)).toBe('GDIS');
  expect(findSensitivity(testosterone, 'HIV', teenager)).toBe('HIV');
  expect(findSensitivity({ id: 'drug-a600002', sensitivity: undefined }, undefined, teenager)).toBeUndefined();
});
