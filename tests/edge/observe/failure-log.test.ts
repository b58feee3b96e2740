import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createFailureLog } from '../../../src/edge/observe/failure-log.js';
import { TEST_TIME } from '../../support/connector.js';

const REQUEST = { requestId: 'a', route: '/service' };
const failing = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

/** Writes failures at so many seconds, and answers which of them were logged. */
function logged(failures: readonly (readonly [second: number, failure: unknown, isForeseen: boolean])[]): unknown[] {
  const lines: string[] = [];
  let now = TEST_TIME;
  const log = createFailureLog(pino({ base: null }, { write: (line: string) => void lines.push(line) }), () => now);
  for (const [second, failure, isForeseen] of failures) {
    now = new Date(TEST_TIME.getTime() + second * 1000);
    log(failure, { ...REQUEST, requestId: String(second) }, isForeseen);
  }
  return lines.map((line) => (JSON.parse(line) as { requestId: string }).requestId);
}

test('what is wrong with the machine is told once a minute, wherever it is met', () => {
  const disk = () => failing('the disk', 'ENOSPC');
  const failures = [0, 1, 59, 60, 61, -5].map((second) => [second, disk(), true] as const);
  expect(logged(failures)).toEqual(['0', '60', '-5']);
  expect(
    logged([
      [0, disk(), true],
      [1, failing('the database', 'ECONNREFUSED'), true],
      [2, disk(), true],
    ]),
  ).toEqual(['0', '1']);
});

test('a fault of the program is told each time, and what has no code by its place', () => {
  const fault = failing('a fault');
  expect(logged([0, 1, 2].map((second) => [second, fault, false] as const))).toEqual(['0', '1', '2']);
  expect(
    logged([
      [0, fault, true],
      [1, fault, true],
      [2, new TypeError('another'), true],
      [3, undefined, true],
    ]),
  ).toEqual(['0', '2', '3']);
});

test('nothing of a message is logged: it may quote the request', () => {
  const lines: string[] = [];
  const log = createFailureLog(
    pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    () => TEST_TIME,
  );
  log(failing('Jane Smith'), REQUEST, true);
  log('Jane Smith', REQUEST, false);
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('Jane');
});
