import { expect, test } from '@jest/globals';
import type { RecipientType, Sensitivity } from '../../src/core/article.js';
import type { RequestContext } from '../../src/core/knowledge-request.js';
import { isHeld } from '../../src/core/sensitivity.js';

const context = (performer: RecipientType | undefined): RequestContext => ({
  sex: undefined,
  ageGroups: [],
  recipient: 'PAT',
  performer,
  language: 'en',
  task: undefined,
  encounter: undefined,
  subTopics: [],
});

test('what concerns abuse is held where the patient, and whoever looks on, works the screen', () => {
  expect(isHeld('SDV', context('PAT'))).toBe(true);
});

test.each(['PROV', undefined] as const)('what concerns abuse is shown where the performer is %s', (performer) => {
  expect(isHeld('SDV', context(performer))).toBe(false);
});

test.each<Sensitivity | undefined>(['HIV', 'STD', 'PSY', 'ETH', 'SEX', 'GDIS', undefined])(
  '%s is shown to everybody, and marked',
  (sensitivity) => {
    for (const performer of ['PAT', 'PROV', 'PAYOR', undefined] as const) {
      expect(isHeld(sensitivity, context(performer))).toBe(false);
    }
  },
);
