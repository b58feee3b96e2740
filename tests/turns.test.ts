import { nextTick } from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createStarts, createTurns } from '../src/turns.js';

const SLICE_MS = 12;
const STEP_MS = 5;
const STEPS = 12;

/** Time that passes by work alone. */
function workedTime() {
  let now = 1000;
  const turns = createTurns(() => now, SLICE_MS);
  return {
    turns,
    work: (ms: number): void => {
      now += ms;
    },
  };
}

test('of all that takes long one goes on in each turn of the event loop, for one slice, in its order', async () => {
  const { turns, work } = workedTime();
  /** Who worked in each turn of the loop, a letter a step. */
  const done: string[] = [''];
  const isOver = new Set<string>();
  const names = ['a', 'b', 'c', 'd'];
  const request = async (name: string): Promise<void> => {
    for (let step = 0; step < STEPS; step += 1) {
      const turn = turns.giveWay();
      if (turn) await turn;
      done[done.length - 1] = `${done.at(-1) ?? ''}${name}`;
      work(STEP_MS);
    }
    isOver.add(name);
  };
  const watch = async (): Promise<void> => {
    while (isOver.size < names.length) {
      await setImmediate();
      done.push('');
    }
  };
  await Promise.all([watch(), ...names.map(request)]);
  const worked = done.filter((steps) => steps !== '');
  // A step that began within the slice is finished.
  const most = Math.ceil(SLICE_MS / STEP_MS);
  expect(worked.slice(1).filter((steps) => steps.length > most || new Set(steps).size > 1)).toEqual([]);
  expect(worked.slice(1, 5).map((steps) => steps[0])).toEqual(['a', 'b', 'c', 'd']);
  expect(worked.join('').length).toBe(names.length * STEPS);
});

test('what is done within a slice waits for nobody, unless it asks for a turn of its own', async () => {
  const { turns, work } = workedTime();
  const others = turns.giveWay();
  work(SLICE_MS - 1);
  expect([others, turns.giveWay()]).toEqual([undefined, undefined]);
  work(1);
  const order: string[] = [];
  const late = turns.giveWay()?.then(() => order.push('late'));
  const own = turns.takeTurn().then(() => order.push('own'));
  order.push('now');
  await Promise.all([late, own]);
  expect(order).toEqual(['now', 'late', 'own']);
  // The slice is over: the next work begins one of its own.
  await setImmediate();
  expect(turns.giveWay()).toBeUndefined();
});

test('of requests that come at once as many begin in a turn as fit into a slice, in their order, however they go on', async () => {
  let now = 1000;
  const begin = createStarts(() => now, SLICE_MS);
  const done: string[] = [''];
  let left = 0;
  const request = async (name: string): Promise<void> => {
    left += 1;
    const turn = begin();
    if (turn) await turn;
    // A handler does its work after some steps.
    await Promise.resolve();
    await Promise.resolve();
    done[done.length - 1] = `${done.at(-1) ?? ''}${name}`;
    now += STEP_MS;
    left -= 1;
  };
  const watch = async (): Promise<void> => {
    do {
      await setImmediate();
      done.push('');
    } while (left > 0);
  };
  const all = [watch()];
  for (const name of 'abcdefgh') {
    all.push(request(name));
    // Each comes by an event of its own, after what the one before it has done at once.
    await new Promise<void>((resolve) => {
      nextTick(resolve);
    });
    await Promise.resolve();
    await Promise.resolve();
  }
  await Promise.all(all);
  expect(done.filter((names) => names !== '')).toEqual(['abc', 'def', 'gh']);
  await setImmediate();
  expect(begin()).toBeUndefined();
});
