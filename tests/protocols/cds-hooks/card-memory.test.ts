import { expect, test } from '@jest/globals';
import { CardMemory } from '../../../src/protocols/cds-hooks/card-memory.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const place = (userId: string) => ({ userId, patientId: 'p', encounterId: 'e' });
const ASTHMA = { id: 'topic-asthma' };
const memoryOf = (limits: Partial<ConstructorParameters<typeof CardMemory>[0]> = {}): CardMemory =>
  new CardMemory({ cardPlaces: 10, cardsRemembered: 10, cardMemoryMs: 1000, ...limits });
const card = (uuid: string) => ({ uuid, hook: 'order-sign', linked: [] });

test('what was shown is news again when it is forgotten, as is what was overridden', () => {
  const memory = memoryOf();
  memory.remember(card('1'), place('a'), [ASTHMA.id], NOW);
  expect(memory.override('1', 'order-sign', later(500))).toEqual([]);
  expect(memory.findNew(place('a'), [ASTHMA, { id: 'x' }], later(1499))).toEqual([]);
  expect(memory.findNew(place('a'), [ASTHMA], later(1500))).toEqual([ASTHMA]);
});

test('a card is believed once, at its own service, while it is remembered', () => {
  const memory = memoryOf();
  for (const uuid of ['1', '2']) memory.remember(card(uuid), place(uuid), [ASTHMA.id], NOW);
  expect(memory.override('1', 'patient-view', NOW)).toBeUndefined();
  expect(memory.override('1', 'order-sign', NOW)).toEqual([]);
  expect(memory.override('1', 'order-sign', NOW)).toBeUndefined();
  expect(memory.override('2', 'order-sign', later(1000))).toBeUndefined();
});

test('no more places are remembered than may be: the oldest goes', () => {
  const memory = memoryOf({ cardPlaces: 2 });
  for (const user of ['a', 'b', 'c']) memory.remember(card(user), place(user), [ASTHMA.id], NOW);
  expect(['a', 'b', 'c'].map((user) => memory.findNew(place(user), [ASTHMA], NOW).length)).toEqual([1, 0, 0]);
});

test('ids that run together are not taken for each other', () => {
  const memory = memoryOf();
  memory.remember(card('1'), { userId: 'a', patientId: 'bc', encounterId: undefined }, [ASTHMA.id], NOW);
  expect(memory.findNew({ userId: 'ab', patientId: 'c', encounterId: undefined }, [ASTHMA], NOW)).toEqual([ASTHMA]);
});
