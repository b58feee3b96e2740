import { describe, expect, test } from '@jest/globals';
import type { RecipientType, Sensitivity } from '../../../src/core/model/article.js';
import type { RequestContext } from '../../../src/core/answer/knowledge-request.js';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import { NO_POLICY, strictest, findTreatment } from '../../../src/core/policy/site-policy.js';

// tests/cases/site-policy.yaml has the effects of a policy on answers; these are the rules without one.

const article = { id: 'topic-a' };
const asking = (performer: RecipientType | undefined): RequestContext => ({ ...ANYONE, performer });
const treatment = (sensitivity: Sensitivity | undefined, performer: RecipientType | undefined) =>
  findTreatment({ article, sensitivity }, asking(performer), NO_POLICY);

describe('without a policy', () => {
  test('what concerns abuse is held where the patient, and whoever looks on, works the screen', () => {
    expect(treatment('SDV', 'PAT')).toBe('hold');
  });

  test.each(['PROV', undefined] as const)('what concerns abuse is marked where the performer is %s', (performer) => {
    expect(treatment('SDV', performer)).toBe('mark');
  });

  test.each<Sensitivity>(['HIV', 'STD', 'PSY', 'ETH', 'SEX', 'GDIS', 'TBOO'])(
    '%s is marked for everybody',
    (sensitivity) => {
      for (const performer of ['PAT', 'PROV', 'PAYOR', undefined] as const) {
        expect(treatment(sensitivity, performer)).toBe('mark');
      }
    },
  );

  test('what is not sensitive is shown', () => {
    expect(treatment(undefined, 'PAT')).toBe('show');
  });
});

test.each([
  [[], 'show'],
  [['show', 'mark'], 'mark'],
  [['mark', 'hold', 'show'], 'hold'],
] as const)('the strictest of %j is %s', (treatments, expected) => {
  expect(strictest(treatments)).toBe(expected);
});
