import { describe, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import type { Answer } from '../../src/core/answer/knowledge-response.js';
import { isInEditions } from '../../src/core/codes/editions.js';
import { isGrave } from '../../src/core/policy/grave-subjects.js';
import { toRequest, toRows, type AnswerCase } from '../support/answer-case.js';
import { openForSuite } from '../support/suite-library.js';
import { MemoryLibrary } from '../support/memory-library.js';
import { MAPPINGS } from './tables.js';

/** A code of no edition that the rows were judged for inherits no page on a grave subject (decision 008). */

const suite = openForSuite();

async function answerCodes(codes: readonly string[]): Promise<readonly Answer[]> {
  const criteria = codes.map((code) => ({
    codings: [{ system: 'icd-10-cm', systemSent: '', code, display: '', userSelected: false } as const],
  }));
  const request = { criteria, context: ANYONE, maxArticles: 3, answersApart: true };
  return (await answerRequest(request, suite.library)).answers;
}

const idsOf = ({ matches }: Answer): string[] => matches.map(({ article }) => article.id);

describe('a new code', () => {
  test('that its category would give a page on loss gets nothing, with the reason', async () => {
    const [answer] = await answerCodes(['O02.3']);
    expect(answer).toMatchObject({
      matches: [],
      rejections: [{ article: 'topic-miscarriage', reason: 'unjudged' }],
      miss: { reason: 'unjudged' },
    });
  });

  test.each(['C50.Z1', 'C79.84', 'D03.Z', 'O36.4Z', 'O03.Z', 'T51.Z1XA', 'T65.Z1XA', 'T74.Z1XA', 'T74.1ZXA', 'Q00.9'])(
    '%s inherits nothing on loss, cancer, abuse, overdose or malformation',
    async (code) => {
      const [answer] = await answerCodes([code]);
      expect(answer && idsOf(answer)).toEqual([]);
    },
  );

  test.each([
    ['E11.ZZ', 'topic-diabetestype2'],
    ['J45.A', 'topic-asthma'],
    ['M67.B', 'topic-jointdisorders'],
  ])('%s inherits a page that frightens nobody', async (code, article) => {
    const [answer] = await answerCodes([code]);
    expect(answer && idsOf(answer)).toContain(article);
  });

  test('below any category with rows never inherits a page on a grave subject', async () => {
    const categories = [...new Set(MAPPINGS.filter(({ system }) => system === 'icd-10-cm').map(({ code }) => code))];
    const codes = categories
      .filter((code) => code.length <= 6)
      .map((code) => (code.includes('.') ? `${code}Z` : `${code}.Z`))
      .filter((code) => !isInEditions('icd-10-cm', code));
    expect(codes.length).toBeGreaterThan(5000);
    const answers = await answerCodes(codes);
    const grave = answers.filter(({ matches }) => matches.some(({ article }) => isGrave(article)));
    expect(grave.map(({ code }) => code)).toEqual([]);
    // The others inherit as before.
    expect(answers.filter(({ matches }) => matches.length > 0).length).toBeGreaterThan(3000);
  });
});

describe('the wall', () => {
  const CASE: AnswerCase = {
    name: 'a row for the code',
    rows: ['icd-10-cm|O02 -> topic-miscarriage broader', 'icd-10-cm|O02.3 -> topic-stillbirth equivalent'],
    ask: ['icd-10-cm|O02.3', 'icd-10-cm|O02.1', 'icd-10-cm|O02.4'],
    expect: [],
  };

  test('ends with a row for the code itself, and does not stand before codes of an edition', async () => {
    const { answers } = await answerRequest(toRequest(CASE), new MemoryLibrary(toRows(CASE)));
    expect(answers.map(idsOf)).toEqual([['topic-stillbirth'], ['topic-miscarriage'], []]);
  });
});
