import { expect, test } from '@jest/globals';
import { answerRequest } from '../../../src/core/answer/answer.js';
import { RequestError } from '../../../src/core/errors.js';
import type { AnswerCase } from '../../support/answer-case.js';
import { toRequest, toRows } from '../../support/answer-case.js';
import { MemoryLibrary, testArticle } from '../../support/memory-library.js';

// Which articles answer is told in tests/cases; here is what a case does not show.

const CASE: AnswerCase = {
  name: 'two criteria',
  rows: [
    'icd-10-cm|N53.14 -> ency-001282 equivalent',
    { row: 'icd-10-cm|J45 -> topic-asthma equivalent', note: 'why' },
  ],
  ask: ['icd-10-cm|N53.14', 'icd-10-cm|J45.909', ''],
  expect: [],
};

test('all codings of all criteria are asked of the library in one call', async () => {
  const library = new MemoryLibrary(toRows(CASE));
  await answerRequest(toRequest(CASE), library);
  expect(library.asked).toEqual([
    [
      { system: 'icd-10-cm', code: 'N53.14' },
      { system: 'icd-10-cm', code: 'J45.909' },
    ],
  ]);
});

test('each criterion has its answer, in the order of the request', async () => {
  const { answers } = await answerRequest(toRequest(CASE), new MemoryLibrary(toRows(CASE)));
  expect(answers.map(({ code }) => code)).toEqual(['N53.14', 'J45.909', undefined]);
  expect(answers.map(({ matches }) => matches.length)).toEqual([1, 1, 0]);
});

test('a match says what its row says', async () => {
  const { answers } = await answerRequest(toRequest(CASE), new MemoryLibrary(toRows(CASE)));
  expect(answers[1]?.matches[0]).toMatchObject({ note: 'why', origin: 'curated', relationship: 'broader' });
});

test('the answer names the release it came from', async () => {
  const { release } = await answerRequest(toRequest(CASE), new MemoryLibrary(toRows(CASE)));
  expect(release).toBe('memory');
});

test('the articles that a match points to come with it, those of rejected ones do not', async () => {
  const rows = toRows(CASE);
  const pointing = {
    layer: 'local',
    fields: {
      id: 'ency-001282',
      relatedTopics: ['topic-maleinfertility', 'topic-gone'],
      patientInstructions: ['encypi-1'],
    },
  } as const;
  const others = ['topic-maleinfertility', 'encypi-1', 'topic-other'].map(
    (id) => ({ layer: 'starter', fields: testArticle(id) }) as const,
  );
  const library = new MemoryLibrary({ ...rows, articles: [...rows.articles, pointing, ...others] });
  const { related } = await answerRequest(toRequest(CASE), library);
  expect([...related.keys()].sort()).toEqual(['encypi-1', 'topic-maleinfertility']);
  const none = await answerRequest({ ...toRequest(CASE), maxArticles: 0 }, library);
  expect([...none.related.keys()]).toEqual([]);
});

test.each([
  ['PAT', []],
  ['PROV', ['topic-abuse']],
] as const)('what a match points to is held from whom the site holds it: performer %s', async (performer, expected) => {
  const rows = toRows(CASE);
  const pointing = { layer: 'local', fields: { id: 'topic-asthma', relatedTopics: ['topic-abuse'] } } as const;
  const held = { layer: 'starter', fields: { ...testArticle('topic-abuse'), sensitivity: 'SDV' } } as const;
  const library = new MemoryLibrary({ ...rows, articles: [...rows.articles, pointing, held] });
  const request = toRequest(CASE);
  const { related } = await answerRequest({ ...request, context: { ...request.context, performer } }, library);
  expect([...related.keys()]).toEqual(expected);
});

test('a request without criteria has no answers and asks nothing', async () => {
  const library = new MemoryLibrary(toRows(CASE));
  const { answers } = await answerRequest({ ...toRequest(CASE), criteria: [] }, library);
  expect(answers).toEqual([]);
  expect(library.asked).toEqual([]);
});

test("the library's own error reaches the caller", async () => {
  class ClosedLibrary extends MemoryLibrary {
    override findMappings(): never {
      throw new RequestError('library-unavailable');
    }
  }
  const library = new ClosedLibrary(toRows(CASE));
  await expect(answerRequest(toRequest(CASE), library)).rejects.toMatchObject({ code: 'library-unavailable' });
});
