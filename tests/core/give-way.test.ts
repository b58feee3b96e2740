import { describe, expect, test } from '@jest/globals';
import { answerChart } from '../../src/core/charts/answer-chart.js';
import type { ChartQuestion } from '../../src/core/charts/chart-question.js';
import { DEFAULT_THRESHOLDS } from '../support/chart-thresholds.js';
import type { Walk } from '../../src/core/give-way.js';
import { splitPortions, takeAllSteps, takeSteps, walkTree } from '../../src/core/give-way.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import { MemoryLibrary } from '../support/memory-library.js';

test.each([
  [[1, 2, 3, 4, 5], 4, [[1, 2], [3], [4], [5]]],
  [[9, 1, 1], 4, [[9], [1, 1]]],
  [[], 4, []],
])('%j in portions of a weight of %i', (weights, most, portions) => {
  expect([...splitPortions(weights, most, (weight) => weight)]).toEqual(portions);
});

describe('a walk', () => {
  function* depthOf(left: number): Walk<number> {
    return left === 0 ? 0 : ((yield depthOf(left - 1)) as number) + 1;
  }

  test('goes deeper than a stack, can be left, and returns what its places do', async () => {
    expect(takeAllSteps(walkTree(depthOf(100_000)))).toBe(100_000);
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
    };
    expect(await takeSteps(walkTree(depthOf(10_000)), pause)).toBe(10_000);
    expect(pauses).toBeGreaterThan(100);
  });

  test('ends with what a place throws', () => {
    function* faulty(): Walk<number> {
      yield depthOf(2);
      throw new RangeError('here');
    }
    function* around(): Walk<unknown> {
      return yield faulty();
    }
    expect(() => takeAllSteps(walkTree(around()))).toThrow('here');
  });
});

describe('a chart of many codes', () => {
  /** Answers a chart of so many questions. @returns codings that the library was asked for between two pauses, and the answer */
  async function ask(count: number, codings: number) {
    const library = new MemoryLibrary({ mappings: [], crosswalks: [], articles: [] });
    const stretches: number[] = [];
    const questions = Array.from({ length: count }, (_one, input): ChartQuestion => {
      const coded = Array.from({ length: codings }, (_two, at) => {
        const code = `A${String(input % 100).padStart(2, '0')}.${at}`;
        return { system: 'icd-10-cm', systemSent: '', code, display: `${input}`, userSelected: false } as const;
      });
      return { input, kind: 'problem', codings: coded, notedAt: undefined };
    });
    const endStretch = (): number => stretches.push(library.asked.splice(0).flat().length);
    const pause = async (): Promise<void> => {
      endStretch();
    };
    const situation = { now: 0, setting: 'ambulatory', thresholds: DEFAULT_THRESHOLDS, perQuestion: 3 } as const;
    const chart = await answerChart(questions, ANYONE, situation, library, undefined, pause);
    endStretch();
    return { most: Math.max(...stretches), asked: stretches.reduce((sum, one) => sum + one), chart };
  }

  test('gives way after each few, however many there are', async () => {
    const [some, many] = [await ask(200, 2), await ask(1000, 2)];
    expect(many.most).toBe(some.most);
    expect(many.most).toBeLessThanOrEqual(20);
    expect(many.asked).toBe(5 * some.asked);
    expect(many.chart.misses.map(({ question }) => question.input)).toEqual([...Array(1000).keys()]);
  });

  test('gives way after each code of very many codings', async () => {
    expect((await ask(30, 9)).most).toBeLessThanOrEqual(20);
    expect((await ask(3, 60)).most).toBeLessThanOrEqual(60);
  });
});
