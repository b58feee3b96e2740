import { expect, test } from '@jest/globals';
import { CardMemory } from '../../../src/protocols/cds-hooks/card-memory.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const place = (userId: string) => ({ userId, patientId: 'p', encounterId: 'e' });
const ASTHMA = { id: 'topic-asthma' };
const GOUT = { id: 'topic-gout' };
const memoryOf = (limits: Partial<ConstructorParameters<typeof CardMemory>[0]> = {}): CardMemory =>
  new CardMemory({ cardPlaces: 10, cardsRemembered: 10, cardMemoryMs: 1000, ...limits });
const linked = (...articles: readonly { readonly id: string }[]) =>
  articles.map(({ id }) => ({ article: id, language: 'en' as const, coding: undefined }));
const HOOK = 'order-sign';

test('the same card has the same id until it is answered, another card has another', () => {
  const memory = memoryOf();
  const first = memory.remember(HOOK, linked(ASTHMA), place('a'), NOW);
  expect(memory.remember(HOOK, linked(ASTHMA), place('a'), later(500))).toBe(first);
  expect(memory.findOpen(place('a'), [ASTHMA], later(500))).toEqual([ASTHMA]);
  const others = [
    memory.remember(HOOK, linked(ASTHMA, GOUT), place('a'), NOW),
    memory.remember(HOOK, linked(ASTHMA), place('b'), NOW),
    memory.remember('patient-view', linked(ASTHMA), place('a'), NOW),
  ];
  expect(new Set([first, ...others]).size).toBe(4);
  memory.answer(first, HOOK, later(500));
  expect(memory.remember(HOOK, linked(ASTHMA), place('a'), later(500))).not.toBe(first);
});

test('what was answered or opened may be offered again when it is forgotten', () => {
  const memory = memoryOf();
  const uuid = memory.remember(HOOK, linked(ASTHMA), place('a'), NOW);
  expect(memory.answer(uuid, HOOK, later(500))).toEqual(linked(ASTHMA));
  expect(memory.findOpen(place('a'), [ASTHMA, GOUT], later(1499))).toEqual([GOUT]);
  expect(memory.findOpen(place('a'), [ASTHMA], later(1500))).toEqual([ASTHMA]);
});

test('an opened article counts as seen, the others of its card do not; a launch opens all of them', () => {
  const memory = memoryOf();
  const uuid = memory.remember(HOOK, linked(ASTHMA, GOUT), place('a'), NOW);
  memory.open(uuid, 'topic-flu', NOW);
  expect(memory.findOpen(place('a'), [ASTHMA, GOUT, { id: 'topic-flu' }], NOW)).toHaveLength(3);
  memory.open(uuid, ASTHMA.id, NOW);
  expect(memory.findOpen(place('a'), [ASTHMA, GOUT], NOW)).toEqual([GOUT]);
  expect(memory.findOpen(place('b'), [ASTHMA, GOUT], NOW)).toEqual([ASTHMA, GOUT]);
  memory.open(uuid, undefined, NOW);
  expect(memory.findOpen(place('a'), [ASTHMA, GOUT], NOW)).toEqual([]);
  memory.open('no-card', undefined, NOW);
});

test('feedback on a card is accepted once, at its own service, while it is remembered', () => {
  const memory = memoryOf();
  const [one = '', two = ''] = ['1', '2'].map((user) => memory.remember(HOOK, linked(ASTHMA), place(user), NOW));
  expect(memory.answer(one, 'patient-view', NOW)).toBeUndefined();
  expect(memory.answer(one, HOOK, NOW)).toEqual(linked(ASTHMA));
  expect(memory.answer(one, HOOK, NOW)).toBeUndefined();
  expect(memory.answer(two, HOOK, later(1000))).toBeUndefined();
});

test('no more places are remembered than may be: the oldest goes', () => {
  const memory = memoryOf({ cardPlaces: 2 });
  for (const user of ['a', 'b', 'c']) memory.answer(memory.remember(HOOK, linked(ASTHMA), place(user), NOW), HOOK, NOW);
  expect(['a', 'b', 'c'].map((user) => memory.findOpen(place(user), [ASTHMA], NOW).length)).toEqual([1, 0, 0]);
});

test('ids that run together are not taken for each other', () => {
  const memory = memoryOf();
  const one = { userId: 'a', patientId: 'bc', encounterId: undefined };
  memory.answer(memory.remember(HOOK, linked(ASTHMA), one, NOW), HOOK, NOW);
  expect(memory.findOpen({ userId: 'ab', patientId: 'c', encounterId: undefined }, [ASTHMA], NOW)).toEqual([ASTHMA]);
});
