import { expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import type { Match } from '../../src/core/answer/knowledge-response.js';
import { openForSuite } from '../support/suite-library.js';
import { MAPPINGS } from './tables.js';

const suite = openForSuite();

const VACCINES = [...new Set(MAPPINGS.filter(({ system }) => system === 'cvx').map(({ code }) => code))];

async function matchesInSpanish(code: string): Promise<readonly Match[]> {
  const coding = { system: 'cvx', systemSent: 'cvx', code, display: '', userSelected: false } as const;
  const context = { ...ANYONE, language: 'es' } as const;
  const request = { criteria: [{ codings: [coding] }], context, maxArticles: 6 };
  return (await answerRequest(request, suite.library)).answers[0]?.matches ?? [];
}

test('a vaccine has a Spanish page before an English one that is as close, for a Spanish reader', async () => {
  const wrong: string[] = [];
  let inSpanish = 0;
  for (const code of VACCINES) {
    const matches = await matchesInSpanish(code);
    const english = matches.findIndex(({ text }) => text.language === 'en');
    if (matches[0]?.text.language === 'es') inSpanish += 1;
    const isWrong = matches.some(
      ({ text, relationship }, index) =>
        text.language === 'es' && index > english && english >= 0 && relationship === matches[english]?.relationship,
    );
    if (isWrong) wrong.push(code);
  }
  expect(wrong).toEqual([]);
  expect(inSpanish).toBeGreaterThan(100);
});

/** Tick-borne encephalitis: neither its statement nor a page on it is in Spanish. */
const WITHOUT_SPANISH = ['222', '223', '224'];

test('every vaccine with a statement in English has a page in Spanish beside it', async () => {
  const statements = new Set(MAPPINGS.filter(({ article }) => article.startsWith('vis-')).map(({ code }) => code));
  const without: string[] = [];
  for (const code of statements) {
    const matches = await matchesInSpanish(code);
    if (matches.length > 0 && !matches.some(({ text }) => text.language === 'es')) without.push(code);
  }
  expect(statements.size).toBeGreaterThan(50);
  expect(without.sort()).toEqual(WITHOUT_SPANISH);
});
