import { expect, test } from '@jest/globals';
import { OneAtATime, type Entrant } from '../../../src/protocols/long-work/one-at-a-time.js';

const from = (client: string): Entrant => ({ client, isAbandoned: () => false });
const there = from('one');
const gone: Entrant = { client: 'one', isAbandoned: () => true };
const EVER = { maxWaitMs: Infinity };

/** Work of clients by names (`a1` is of `a`), and which of it is done. */
function createWork(queue: OneAtATime, most?: number) {
  const done: string[] = [];
  const work = async (name: string, entrant = from(name.charAt(0))): Promise<void> => {
    const end = await queue.enter(entrant, most === undefined ? EVER : { ...EVER, most });
    done.push(name);
    await Promise.resolve();
    end();
  };
  return { done, work };
}
const outcomes = async (all: readonly Promise<void>[]): Promise<string[]> =>
  (await Promise.allSettled(all)).map((one) =>
    one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code,
  );

test('requests of a client are worked on one after the other, in their order; one whose client has gone is passed over', async () => {
  const queue = new OneAtATime();
  const leave = await queue.enter(there, EVER);
  const { done, work } = createWork(queue);
  const all = [work('first', there), work('gone', gone), work('second', there)];
  expect(done).toEqual([]);
  leave();
  leave();
  expect([await outcomes(all), done]).toEqual([
    ['done', 'bad-request', 'done'],
    ['first', 'second'],
  ]);
});

test('clients take turns: one with many waits behind the one of another', async () => {
  const queue = new OneAtATime();
  const leave = await queue.enter(from('a'), EVER);
  const { done, work } = createWork(queue);
  const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'].map((name) => work(name));
  leave();
  await Promise.all(all);
  expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
});

test('where no more may wait, the client with the most loses its newest; a client with as many as others gets no place', async () => {
  const queue = new OneAtATime();
  const leave = await queue.enter(from('a'), EVER);
  const { done, work } = createWork(queue, 4);
  const all = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'c1', 'd1', 'e1'].map((name) => work(name));
  leave();
  expect(await outcomes(all)).toEqual([
    ...['done', 'overloaded', 'overloaded', 'overloaded', 'overloaded'],
    ...['done', 'overloaded', 'overloaded'],
    ...['done', 'done', 'overloaded'],
  ]);
  expect(done).toEqual(['a1', 'b1', 'c1', 'd1']);
});

test('a request that has waited too long is rejected; what was done already waits as long as it takes', async () => {
  const queue = new OneAtATime();
  const leave = await queue.enter(there, EVER);
  const written = queue.enter(there, EVER);
  await expect(queue.enter(there, { maxWaitMs: 1 })).rejects.toMatchObject({ code: 'overloaded' });
  leave();
  (await written)();
  (await queue.enter(there, { maxWaitMs: 1 }))();
});
