import { expect, test } from '@jest/globals';
import { countDays, describeAge, isOldText } from '../../../src/core/model/text-days.js';

test.each([
  ['2025-12-01', '2026-12-01', false],
  ['2025-11-30', '2026-12-01', true],
  ['2026-04-24', '2026-12-01T09:00:00Z', false],
  ['2023-02-28', '2024-02-29', true],
])('a text of %s is old on %s: %s', (day, today, isOld) => {
  expect(isOldText(day, today)).toBe(isOld);
});

test('the age of texts is that of the first and the last, and how many are old', () => {
  const texts = countDays(['2026-04-24', '2024-07-26', '2026-04-24']);
  expect(texts).toEqual([
    { day: '2024-07-26', count: 1 },
    { day: '2026-04-24', count: 2 },
  ]);
  expect(describeAge(texts, '2026-12-01')).toEqual({ count: 3, oldest: '2024-07-26', newest: '2026-04-24', old: 1 });
  expect(describeAge([], '2026-12-01')).toBeUndefined();
});
