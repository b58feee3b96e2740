import { describe, expect, test } from '@jest/globals';
import type { RequestContext } from '../../../src/core/answer/knowledge-request.js';
import type { Candidate } from '../../../src/core/answer/rank.js';
import { rankMatches } from '../../../src/core/answer/rank.js';
import { testArticle } from '../../support/memory-library.js';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';

// Orders are told in tests/cases/ranking.yaml; here is what a case does not show.

const CONTEXT: RequestContext = ANYONE;

const candidate = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  article: testArticle(id),
  relationship: 'equivalent',
  stated: 'equivalent',
  rank: 1,
  levels: 0,
  crossings: 0,
  sensitivity: undefined,
  treatment: 'show',
  path: [],
  note: '',
  origin: 'curated',
  ...more,
});

const scoreOf = (more: Partial<Candidate>): number =>
  rankMatches([candidate('topic-a', more)], CONTEXT, 3).ranked[0]?.score ?? Number.NaN;

describe('the score', () => {
  test('is 1 for an article that is exactly about the code', () => {
    expect(scoreOf({})).toBe(1);
  });

  test.each<readonly [name: string, nearer: Partial<Candidate>, farther: Partial<Candidate>]>([
    ['a broader article', { relationship: 'equivalent' }, { relationship: 'broader' }],
    ['a narrower article', { relationship: 'broader' }, { relationship: 'narrower' }],
    ['a related article', { relationship: 'narrower' }, { relationship: 'related' }],
    ['each level of ancestors', { levels: 1 }, { levels: 2 }],
    ['each crosswalk', { crossings: 1 }, { crossings: 2 }],
    ['each rank', { rank: 1 }, { rank: 2 }],
  ])('falls with %s', (_name, nearer, farther) => {
    expect(scoreOf(farther)).toBeLessThan(scoreOf(nearer));
  });

  test('stays above nothing, however far the way', () => {
    expect(scoreOf({ relationship: 'related', levels: 20, crossings: 3, rank: 6 })).toBeGreaterThan(0);
  });

  test('has two decimals at most and never rises along the list', () => {
    const { ranked } = rankMatches(
      [
        candidate('topic-related', { relationship: 'related' }),
        candidate('encypi-exact', { rank: 2 }),
        candidate('topic-broader', { relationship: 'broader', levels: 1 }),
      ],
      { ...CONTEXT, task: 'PATEDUE' },
      3,
    );
    const scores = ranked.map(({ score }) => score);
    expect(ranked.at(-1)?.article.id).toBe('encypi-exact'); // topics lead for this task, whatever their relationship
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    for (const score of scores) expect(Math.round(score * 100) / 100).toBe(score);
  });
});

test('nothing gives nothing', () => {
  expect(rankMatches([], CONTEXT, 3)).toEqual({ ranked: [], rejections: [] });
});

test('every candidate is either ranked or rejected, once', () => {
  const all = ['topic-f', 'topic-e', 'topic-d', 'topic-c', 'topic-b'].map((id) => candidate(id));
  const child = candidate('topic-child', { article: testArticle('topic-child', { ageGroups: ['child'] }) });
  const { ranked, rejections } = rankMatches([...all, child], { ...CONTEXT, ageGroups: ['aged'] }, 2);
  expect(ranked.map(({ article }) => article.id)).toEqual(['topic-b', 'topic-c']);
  expect(rejections).toEqual([
    { article: 'topic-child', reason: 'audience-age' },
    { article: 'topic-d', reason: 'beyond-count' },
    { article: 'topic-e', reason: 'beyond-count' },
    { article: 'topic-f', reason: 'beyond-count' },
  ]);
});

test('the candidates given are left as they were', () => {
  const given = Object.freeze([candidate('topic-b'), candidate('topic-a')]);
  rankMatches(given, CONTEXT, 3);
  expect(given.map(({ article }) => article.id)).toEqual(['topic-b', 'topic-a']);
});
