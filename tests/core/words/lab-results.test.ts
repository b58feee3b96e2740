import { describe, expect, test } from '@jest/globals';
import { readVocabulary } from '../../../src/read-vocabulary.js';

const { labResults } = readVocabulary('resources');
const listPages = (line: string): string[] => [...(labResults.find(line)?.articles ?? [])];

describe('a line that is a laboratory result', () => {
  test.each([
    ['potassium 5.9', 'test-potassium-blood-test', 'ency-001179'],
    ['K 5.9', 'test-potassium-blood-test', 'ency-001179'],
    ['K+ 2.9', 'test-potassium-blood-test', 'ency-000479'],
    ['my potassium is 6', 'test-potassium-blood-test', 'ency-001179'],
    ['potassium level 6.0 mEq/L', 'test-potassium-blood-test', 'ency-001179'],
    ['elevated potassium', 'test-potassium-blood-test', 'ency-001179'],
    ['sodium low', 'test-sodium-blood-test', 'ency-000394'],
    ['Na: 121', 'test-sodium-blood-test', 'ency-000394'],
    ['Hgb 7.2', 'test-hemoglobin-test', 'topic-anemia'],
    ['blood sugar 45', 'test-blood-glucose-test', 'topic-hypoglycemia'],
    ['potasio alto', 'test-potassium-blood-test', 'ency-001179'],
  ])('%s leads to the test, then to what the result is', (line, ...pages) => {
    expect(listPages(line)).toEqual(pages);
  });

  test.each([
    ['potassium 4.1', 'test-potassium-blood-test'],
    ['A1c 9.2', 'test-hemoglobin-a1c-hba1c-test'],
    ['hemoglobin A1c 8.4%', 'test-hemoglobin-a1c-hba1c-test'],
    ['TSH 8.5', 'test-tsh-thyroid-stimulating-hormone-test'],
    ['CO2 15', 'test-carbon-dioxide-co2-in-blood'],
    ['troponin negative', 'test-troponin-test'],
    ['normal potassium', 'test-potassium-blood-test'],
    ['lithium level 1.2', 'test-therapeutic-drug-monitoring'],
    ['lithium 300', undefined],
    // Millimoles of glucose are counted otherwise.
    ['glucose 5.5', undefined],
    ['glucose 14 mmol/L', 'test-blood-glucose-test'],
  ])('%s leads to the test alone', (line, page) => {
    expect(listPages(line)).toEqual(page === undefined ? [] : [page]);
  });

  test.each([
    ['BP 90/50', 'topic-lowbloodpressure', 'test-measuring-blood-pressure'],
    ['blood pressure 180/110 mmHg', 'topic-highbloodpressure', 'test-measuring-blood-pressure'],
    ['presión 135/95', 'topic-highbloodpressure', 'test-measuring-blood-pressure'],
    ['BP 120/80', 'test-measuring-blood-pressure'],
    ['temp 103', 'topic-fever', 'ency-003400'],
    ['presión 180 sobre 110', 'topic-highbloodpressure', 'test-measuring-blood-pressure'],
    ['presión 80 sobre 50', 'topic-lowbloodpressure', 'test-measuring-blood-pressure'],
    ['fiebre de 39.5', 'topic-fever', 'ency-003400'],
    ['temperature 36.6', 'ency-003400'],
  ])('a measure leads to what it is, then to how it is taken: %s', (line, ...pages) => {
    expect(listPages(line)).toEqual(pages);
  });

  test('what a condition is called leads with its page', () => {
    expect(listPages('low sodium')).toEqual(['ency-000394', 'test-sodium-blood-test']);
  });
});

test.each([
  'potassium',
  'potassium 20 mEq',
  'potassium chloride 20',
  'vitamin D 1000',
  'calcium 600',
  'iron 325',
  'B12 1000 mcg',
  'K2',
  'C3 90',
  'high cholesterol',
  'high blood sugar',
  'low sodium diet',
  `potassium ${'5'.repeat(100)}`,
])('%s is no result', (line) => {
  expect(listPages(line)).toEqual([]);
});

test('a sugar without its unit is that of the blood, and oxygen is its saturation', () => {
  expect(listPages('azúcar en 45')).toEqual(['test-blood-glucose-test', 'topic-hypoglycemia']);
  expect(listPages('oxygen 88 percent')).toEqual(['test-pulse-oximetry']);
});

test.each(['HCT 25 mg', 'hemoglobin 7 year old', 'potassium 4 tablets', 'sodium 100 mg/ml oral suspension'])(
  '%s has no result before other words',
  (line) => {
    expect(labResults.findBefore(line)).toBeUndefined();
  },
);
