import { describe, expect, test } from '@jest/globals';
import {
  KEEPER_STATES,
  KEEPER_STEPS,
  findReviewStanding,
  findStepFault,
  isDay,
  listSteps,
  toPublicKeeper,
  type Keeper,
} from '../../../src/core/keeping/keeper.js';

describe('Steps', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    draft: ['save', 'submit', 'approve', 'discard'],
    'in-review': ['save', 'return', 'approve', 'discard'],
    approved: ['save', 'retire'],
    retired: ['save'],
  };
  test.each(KEEPER_STATES)('that another person may take from %s', (state) => {
    expect(listSteps({ state, authors: ['user:Ann'] }, 'user:Ben')).toEqual(allowed[state]);
  });
  test('no author approves, however many there are', () => {
    for (const state of ['draft', 'in-review'] as const)
      for (const client of ['user:Ann', 'user:Ben'])
        expect(findStepFault('approve', { state, authors: ['user:Ann', 'user:Ben'] }, client)).toBe('own-text');
  });
  test('an author may take every other step', () => {
    for (const step of KEEPER_STEPS.filter((one) => one !== 'approve'))
      for (const state of KEEPER_STATES)
        expect(findStepFault(step, { state, authors: ['user:Ann'] }, 'user:Ann')).not.toBe('own-text');
  });
});

describe('Reviews', () => {
  test('are due for 31 days and overdue ever after: a year of the clock', () => {
    const counts = { later: 0, due: 0, overdue: 0 };
    for (let day = 0; day < 366; day += 1) {
      const today = new Date(Date.UTC(2027, 8, 1 + day)).toISOString().slice(0, 10);
      counts[findReviewStanding('2028-02-29', today)] += 1;
      expect(today > '2028-02-29').toBe(findReviewStanding('2028-02-29', today) === 'overdue');
    }
    expect(counts).toEqual({ later: 151, due: 31, overdue: 184 });
  });
  test('without a day are never due', () => {
    expect(findReviewStanding(undefined, '2999-01-01')).toBe('later');
  });
  test.each([
    ['2028-02-29', true],
    ['2027-02-29', false],
    ['2027-13-01', false],
    ['2027-1-1', false],
    ['2027-01-01T00:00:00Z', false],
    ['soon', false],
  ])('%s is a day: %s', (value, is) => {
    expect(isDay(value)).toBe(is);
  });
});

test('Change notes, authors and clients are not public', () => {
  const keeper: Keeper = { state: 'approved', authors: ['user:Ann'], changeNote: 'n', changedBy: 'user:Ann' };
  expect(toPublicKeeper(keeper)).toBeUndefined();
  expect(Object.keys(toPublicKeeper({ ...keeper, owner: 'Ann' }) ?? {}).sort()).toEqual(
    ['approvedBy', 'approvedOn', 'department', 'nextReview', 'owner', 'secondReader'].sort(),
  );
});
