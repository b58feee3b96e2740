import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';

interface Second {
  readonly answers: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  readonly inUse: number;
  readonly swapping: boolean;
}
interface Answer {
  readonly request: { readonly method: string; readonly path: string };
  readonly status: number;
  readonly dueAt: number;
  readonly ms: number;
  readonly isExpected: boolean;
}
interface Seen {
  readonly seconds: readonly Second[];
  readonly unexpected: ReadonlyMap<string, number>;
}
interface Watching extends Seen {
  answer(answer: Answer): void;
  tick(facts: Pick<Second, 'inUse' | 'swapping'>): void;
}
type Allowed = Record<string, { of: (second: Second) => number; share: number; amount: number; warmUp?: number }>;
interface Verdict {
  readonly figures: string[];
  readonly faults: string[];
  readonly unjudged: string[];
}
const { Observation, judge } = (await import(pathToFileURL(resolve('bench/observation.mjs')).href)) as {
  readonly Observation: new (started: number) => Watching;
  readonly judge: (seen: Seen, allowed: Allowed, slowMs: number) => Verdict;
};

const STARTED = 1000;
const SLOW_MS = 1000;
const ALLOWED: Allowed = {
  'memory in use, MB': { of: ({ inUse }) => inUse, share: 0.15, amount: 24, warmUp: 180 },
  'median of a second, ms': { of: ({ p50 }) => p50, share: 0.5, amount: 5 },
};
const QUIET: Second = { answers: 200, p50: 2, p99: 20, slowest: 40, inUse: 200, swapping: false };
const held = (length: number, of: (second: number) => Partial<Second> = () => ({})): Second[] =>
  Array.from({ length }, (_, second) => ({ ...QUIET, ...of(second) }));
const verdictOn = (seconds: Second[], unexpected = new Map<string, number>()): Verdict =>
  judge({ seconds, unexpected }, ALLOWED, SLOW_MS);

/** An answer to what was due after so many seconds. */
const answerTo = (second: number, ms: number, isExpected = true): Answer => ({
  request: { method: 'GET', path: '/service?mainSearchCriteria.v.c=I10' },
  status: isExpected ? 200 : 0,
  dueAt: STARTED + second * 1000,
  ms,
  isExpected,
});

describe('what is observed', () => {
  test('answers belong to the second in which they were due, however late they come', () => {
    const seen = new Observation(STARTED);
    seen.answer(answerTo(0.5, 3));
    seen.tick({ inUse: 200, swapping: false });
    seen.answer(answerTo(1.9, 5));
    seen.tick({ inUse: 201, swapping: true });
    seen.tick({ inUse: 202, swapping: false });
    seen.answer(answerTo(1.1, 7000));
    expect(seen.seconds).toEqual([
      { answers: 1, p50: 3, p99: 3, slowest: 3, inUse: 200, swapping: false },
      { answers: 2, p50: 7000, p99: 7000, slowest: 7000, inUse: 201, swapping: true },
      { answers: 0, p50: 0, p99: 0, slowest: 0, inUse: 202, swapping: false },
    ]);
  });

  test('a stall that begins around a swap and outlasts it is a fault', () => {
    const seen = new Observation(STARTED);
    for (let second = 0; second < 12; second += 1) {
      // From the third second to the tenth nothing is answered; the time around the swap ends with the sixth.
      if (second < 3 || second === 10) seen.answer(answerTo(second, 2));
      if (second === 10) for (let due = 3; due < 10; due += 1) seen.answer(answerTo(due, (10 - due) * 1000));
      seen.tick({ inUse: 200, swapping: second < 6 });
    }
    expect(judge(seen, {}, SLOW_MS).faults).toEqual(['3 slow seconds around swaps, the slowest answer after 7000 ms']);
  });

  test('what is not answered as it must be is counted, without what was asked about', () => {
    const seen = new Observation(STARTED);
    for (const isExpected of [true, false, false]) seen.answer(answerTo(0, 2, isExpected));
    expect(judge(seen, {}, SLOW_MS).faults).toEqual(['2 × GET /service: no answer']);
  });
});

describe('what is judged', () => {
  test('a quiet soak has no fault, and its figures are told', () => {
    expect(verdictOn(held(600, (second) => ({ swapping: second % 60 > 30 })))).toEqual({
      figures: [
        'memory in use, MB: 200.0 in the first third, 200.0 in the last',
        'median of a second, ms: 2.0 in the first third, 2.0 in the last',
      ],
      faults: [],
      unjudged: [],
    });
  });

  test.each<[string, (second: number) => Partial<Second>, string]>([
    ['memory that grows', (second) => ({ inUse: 200 + second }), 'memory in use, MB: from '],
    ['answers that become slower', (second) => ({ p50: second / 10 }), 'median of a second, ms: from '],
    [
      'a slow second around a swap',
      (second) => ({ swapping: second % 60 > 30, slowest: second === 95 ? SLOW_MS + 1 : 40 }),
      '1 slow seconds around swaps, the slowest answer after 1001 ms',
    ],
  ])('%s is a fault', (_what, of, fault) => {
    expect(verdictOn(held(600, of)).faults).toEqual([expect.stringContaining(fault)]);
  });

  test('a slow second far from any swap is none', () => {
    expect(verdictOn(held(600, (second) => ({ slowest: second === 95 ? 5000 : 40 }))).faults).toEqual([]);
  });

  test('what there were too few seconds for is not judged, and is said not to be', () => {
    const { figures, faults, unjudged } = verdictOn(held(150, (second) => ({ inUse: 200 + 10 * second })));
    expect([figures.length, faults, unjudged]).toEqual([1, [], ['memory in use, MB']]);
    expect(verdictOn(held(5)).unjudged).toEqual(['memory in use, MB', 'median of a second, ms']);
  });
});
