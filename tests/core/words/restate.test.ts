import { expect, test } from '@jest/globals';
import { restateLine } from '../../../src/core/words/reading/restate.js';

test.each([
  ["why can't I eat grapefruit", 'grapefruit'],
  ['why cant i drink grapefruit juice?', 'grapefruit juice'],
  ['can my baby have honey', 'honey'],
  ['por qué no puedo comer toronja', 'toronja'],
  ['Chronic kidney disease, stage 3', 'Chronic kidney disease'],
  ['chronic kidney disease (stage IIIb)', 'chronic kidney disease'],
  ['heart failure, NYHA class III', 'heart failure'],
])('%s is about %s', (line, subject) => {
  expect(restateLine(line)).toBe(subject);
});

test.each([
  "why can't I eat",
  'grapefruit',
  'diabetes type 2',
  'stage 4 cancer',
  'can I',
  `can I eat ${'x'.repeat(200)}`,
])('%s stays as it is', (line) => {
  expect(restateLine(line)).toBeUndefined();
});
