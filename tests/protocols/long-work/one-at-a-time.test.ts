import { expect, test } from '@jest/globals';
import { OneAtATime } from '../../../src/protocols/long-work/one-at-a-time.js';

const isThere = () => false;
const isGone = () => true;

test('requests are worked on one after the other, in their order; whose client has gone is passed over', async () => {
  const queue = new OneAtATime();
  const done: string[] = [];
  const leave = await queue.enter(isThere, Infinity);
  const work = async (name: string, isAbandoned: () => boolean) => {
    const end = await queue.enter(isAbandoned, Infinity);
    done.push(name);
    await Promise.resolve();
    end();
  };
  const all = [work('first', isThere), work('gone', isGone), work('second', isThere)];
  expect(done).toEqual([]);
  leave();
  leave();
  const ends = await Promise.allSettled(all);
  expect([done, ends.map(({ status }) => status)]).toEqual([
    ['first', 'second'],
    ['fulfilled', 'rejected', 'fulfilled'],
  ]);
});

test('who has waited too long is told to ask again; what was done already waits as long as it takes', async () => {
  const queue = new OneAtATime();
  const leave = await queue.enter(isThere, Infinity);
  const written = queue.enter(isThere, Infinity);
  await expect(queue.enter(isThere, 1)).rejects.toMatchObject({ code: 'overloaded' });
  leave();
  (await written)();
  (await queue.enter(isThere, 1))();
});
