import { expect, test } from '@jest/globals';
import { OneAtATime } from '../../src/protocols/one-at-a-time.js';

const LONG_MS = 600_000;
const isThere = (): boolean => false;

test('large requests are worked on one after the other, in their order; one whose client has gone is passed over', async () => {
  const queue = new OneAtATime(LONG_MS);
  const order: string[] = [];
  const goneClients = new Set<string>();
  const work = async (name: string): Promise<void> => {
    const leave = await queue.enter(() => goneClients.has(name));
    order.push(name);
    await Promise.resolve();
    order.push(`${name} ends`);
    leave();
    leave();
  };
  const first = await queue.enter(isThere);
  const all = [work('b'), work('gone'), work('c')];
  goneClients.add('gone');
  const results = Promise.allSettled(all);
  await Promise.resolve();
  expect(order).toEqual([]);
  first();
  expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(order).toEqual(['b', 'b ends', 'c', 'c ends']);
  // It is free again.
  (await queue.enter(isThere))();
});

test('a request that waits too long is told to ask again later, and is not in the way of others', async () => {
  const queue = new OneAtATime(1);
  const leave = await queue.enter(isThere);
  await expect(queue.enter(isThere)).rejects.toMatchObject({ code: 'overloaded' });
  leave();
  (await queue.enter(isThere))();
});
