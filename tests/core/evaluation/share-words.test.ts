import { expect, test } from '@jest/globals';
import { sharesWord } from '../../../src/core/evaluation/share-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';

const { known } = readVocabulary('resources');

test.each([
  ['Asthma in mother complicating childbirth', 'Asthma'],
  ['Nephrotic syndromes', 'Nephrotic syndrome'],
  ['Hypertensive disorder, systemic arterial', 'High Blood Pressure'],
  ['Myocardial infarction', 'Heart Attack'],
  ['Excision of duodenal cyst', 'Surgery'],
  ['Malignant tumor of tongue', 'Oral Cancer'],
  ['Renal colic', 'Kidney Stones'],
])('%s and %s share a word', (code, page) => {
  expect(sharesWord([code], [page], known)).toBe(true);
});

test.each([
  ['Closed fracture of wrist', 'Asthma'],
  ['Migraine with aura', 'Hemorrhoids'],
  ['Acute appendicitis', 'Glaucoma'],
  ['Disorder of left side', 'Deafness'],
])('%s and %s share none', (code, page) => {
  expect(sharesWord([code], [page], known)).toBe(false);
});
