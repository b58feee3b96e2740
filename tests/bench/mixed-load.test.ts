import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';

interface Answer {
  readonly status: number;
  readonly dueAt: number;
  readonly ms: number;
  readonly isExpected: boolean;
}
interface Load {
  readonly url: string;
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly answerMs?: number;
  readonly onAnswer: (answer: Answer) => void;
}
const { startLoad } = (await import(pathToFileURL(resolve('bench/mixed-load.mjs')).href)) as {
  readonly startLoad: (load: Load) => () => Promise<void>;
};

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function listen(answer: RequestListener): Promise<string> {
  const made = createServer(answer);
  server = made;
  await new Promise<void>((listening) => made.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const pause = (ms: number): Promise<void> => new Promise((end) => setTimeout(end, ms));

test.each<[string, RequestListener]>([
  ['never answers', () => undefined],
  ['never ends its answers', (_request, response) => response.write('half of it')],
])(
  'a server that %s is not waited for: each request counts as unanswered, and the load ends',
  async (_what, answer) => {
    const url = await listen(answer);
    const answers: Answer[] = [];
    const end = startLoad({
      url,
      ratePerSecond: 100,
      connections: 2,
      answerMs: 100,
      onAnswer: (one) => answers.push(one),
    });
    while (answers.length < 4) await pause(20);
    await end();
    for (const { status, isExpected, ms } of answers) {
      expect([status, isExpected]).toEqual([0, false]);
      expect(ms).toBeGreaterThan(90);
    }
  },
);

test('while a server stands still, what is due waits: its waiting is part of how long it took', async () => {
  let first = true;
  const url = await listen((_request, response) => {
    setTimeout(() => response.end(), first ? 500 : 0);
    first = false;
  });
  const answers: Answer[] = [];
  const end = startLoad({ url, ratePerSecond: 100, connections: 1, onAnswer: (one) => answers.push(one) });
  while (answers.length < 20) await pause(20);
  await end();
  const slow = answers.filter(({ ms }) => ms > 250);
  expect(slow.length).toBeGreaterThan(5);
  // Each was due a hundredth of a second after the one before it.
  const [one, next] = answers.slice(3);
  expect((next?.dueAt ?? 0) - (one?.dueAt ?? 0)).toBeCloseTo(10, 3);
});
