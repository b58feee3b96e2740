import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseYaml } from '../../src/core/read-data-file.js';
import { answerRequest } from '../../src/core/answer/answer.js';
import { MemoryLibrary } from '../support/memory-library.js';
import type { AnswerCase } from '../support/answer-case.js';
import { checkKeys, describeAnswer, expectedAnswers, policyOf, toRequest, toRows } from '../support/answer-case.js';

const FOLDER = join(import.meta.dirname, '../cases');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

test('there are cases to run', () => {
  expect(files.length).toBeGreaterThan(0);
});

describe.each(files)('%s', (file) => {
  const cases = parseYaml(readFileSync(join(FOLDER, file), 'utf8')) as AnswerCase[];
  const named = cases.map((example): [string, AnswerCase] => [example.name, example]);

  test('no two cases have the same name, and every key is known', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    for (const example of cases) checkKeys(example);
  });

  // The port promises no order of its records, so the answer must not hang on it.
  describe.each([
    ['as stored', false],
    ['reversed', true],
  ])('rows %s', (_order, reversed) => {
    test.each(named)('%s', async (_name, example) => {
      const library = new MemoryLibrary(toRows(example), reversed, policyOf(example));
      const { answers } = await answerRequest(toRequest(example), library);
      expect(answers.map(describeAnswer)).toEqual(expectedAnswers(example));
      for (const { matches, miss } of answers) {
        expect(miss === undefined).toBe(matches.length > 0);
        const scores = matches.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
      }
      expect(library.asked.length).toBeLessThanOrEqual(2); // all codes of all criteria in one call, all names in another
    });
  });
});
