import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Feedback, FeedbackQueue } from '../../src/core/evaluation/feedback.js';
import { icd10 } from './seeded-library.js';

/** A queue of its own, for as long as a test needs it. */
export interface OpenedQueue {
  readonly queue: FeedbackQueue;
  /** Another process opens the same queue. */
  readonly again: () => FeedbackQueue;
  readonly remove: () => Promise<void>;
}

const MONDAY = new Date('2026-11-23T09:00:00Z');
const TUESDAY = new Date('2026-11-24T09:00:00Z');

const said = (facts: Partial<Feedback> = {}): Feedback => ({
  reason: 'wrong-age',
  article: 'topic-acne',
  language: 'en',
  coding: icd10('L70.0'),
  remark: '',
  ...facts,
});

/** Contract of every queue of feedback. @param open opens a queue that holds at most so many entries */
export function feedbackContract(name: string, open: (most: number) => Promise<OpenedQueue>): void {
  describe(`${name} (queue of feedback)`, () => {
    let opened: OpenedQueue;
    beforeEach(async () => {
      opened = await open(3);
    });
    afterEach(async () => {
      await opened.remove();
    });

    test('is empty at first', async () => {
      expect(await opened.queue.list()).toEqual([]);
    });

    test('counts up what is said again, and keeps the first and the last day', async () => {
      await opened.queue.add(said(), MONDAY);
      await opened.queue.add(said(), TUESDAY);
      const days = { firstOn: '2026-11-23', lastOn: '2026-11-24' };
      expect(await opened.queue.list()).toEqual([{ ...said(), count: 2, ...days }]);
    });

    test('tells apart reason, language, code, article and remark', async () => {
      const other: Partial<Feedback>[] = [{ reason: 'other' }, { coding: undefined }];
      for (const facts of [{}, ...other]) await opened.queue.add(said(facts), MONDAY);
      const entries = await opened.queue.list();
      expect(entries.map(({ reason, coding }) => [reason, coding?.code])).toEqual([
        ['wrong-age', undefined],
        ['other', 'L70.0'],
        ['wrong-age', 'L70.0'],
      ]);
    });

    test('lets go what has not been said for longest where it is full', async () => {
      await opened.queue.add(said({ article: 'topic-d' }), MONDAY);
      await opened.queue.add(said({ article: 'topic-c' }), MONDAY);
      await opened.queue.add(said({ article: 'topic-c' }), MONDAY);
      await opened.queue.add(said({ article: 'topic-b' }), TUESDAY);
      await opened.queue.add(said({ article: 'topic-a' }), TUESDAY);
      expect((await opened.queue.list()).map(({ article }) => article)).toEqual(['topic-a', 'topic-b', 'topic-c']);
    });

    test('takes out what was listed, but not what has been said again since', async () => {
      await opened.queue.add(said(), MONDAY);
      await opened.queue.add(said({ reason: 'other' }), MONDAY);
      const listed = await opened.queue.list();
      await opened.queue.add(said(), TUESDAY);
      await opened.queue.remove(listed);
      expect((await opened.queue.list()).map(({ reason, count }) => [reason, count])).toEqual([['wrong-age', 2]]);
    });

    test('is shared by processes, and stays', async () => {
      const other = opened.again();
      await Promise.all([opened.queue.add(said(), MONDAY), other.add(said(), MONDAY)]);
      expect(await other.list()).toMatchObject([{ count: 2 }]);
      await other.close();
      expect(await opened.queue.list()).toMatchObject([{ count: 2 }]);
    });
  });
}
