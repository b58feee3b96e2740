import { expect, test } from '@jest/globals';
import { answerRequest } from '../../../src/core/answer/answer.js';
import type { Concept } from '../../../src/core/model/library.js';
import type { AnswerCase } from '../../support/answer-case.js';
import { toRequest, toRows } from '../../support/answer-case.js';
import { MemoryLibrary } from '../../support/memory-library.js';

const concept = (code: string, title: string): Concept => ({
  system: 'icd-10-cm',
  code,
  title,
  parent: undefined,
  billable: true,
  active: true,
  names: [],
  release: 'memory',
});

const CASE: AnswerCase = {
  name: 'standing',
  rows: ['icd-10-cm|J45 -> topic-asthma equivalent'],
  ask: ['icd-10-cm|J45.909', 'icd-10-cm|J45.A', 'icd-10-cm|Q99.9', 'icd-10-cm|Q99.Z', 'snomed-ct|195967001', 'x|1'],
  expect: [],
};

const libraryOf = (isWhole: boolean): MemoryLibrary =>
  new MemoryLibrary({
    ...toRows(CASE),
    concepts: [concept('J45.909', 'Asthma'), concept('Q99.9', 'Chromosomal abnormality')],
    complete: isWhole ? ['icd-10-cm'] : [],
  });

test('a code that a whole release lacks is known not to be, whether its ancestor answers or not', async () => {
  const { answers } = await answerRequest({ ...toRequest(CASE), describeCodes: true }, libraryOf(true));
  expect(answers.map(({ standing }) => standing?.concept?.title ?? standing?.notIn)).toEqual([
    'Asthma',
    'memory',
    'Chromosomal abnormality',
    'memory',
    undefined,
    undefined,
  ]);
  expect(answers.map(({ miss }) => miss?.reason)).toEqual([
    undefined,
    undefined,
    'code-not-mapped',
    'code-not-in-release',
    'system-not-mapped',
    'unknown-code-system',
  ]);
});

test('where no release is whole nothing is said not to be', async () => {
  const { answers } = await answerRequest({ ...toRequest(CASE), describeCodes: true }, libraryOf(false));
  expect(answers.map(({ standing }) => standing?.notIn)).toEqual(Array(6).fill(undefined));
  expect(answers[3]?.miss?.reason).toBe('code-not-mapped');
});

test('codes are looked up for a miss, and not where all are answered', async () => {
  const missed = await answerRequest(toRequest({ ...CASE, ask: 'icd-10-cm|Q99.Z' }), libraryOf(true));
  expect(missed.answers[0]?.miss?.reason).toBe('code-not-in-release');
  const answered = await answerRequest(toRequest({ ...CASE, ask: 'icd-10-cm|J45.909' }), libraryOf(true));
  expect(answered.answers[0]?.standing).toBeUndefined();
});
