import { expect, test } from '@jest/globals';
import { Progress } from '../../../src/cli/reports/progress.js';

/** A progress whose clock stands until it is moved. */
function progress(isTTY: boolean) {
  let now = 0;
  let text = '';
  const shown = new Progress('import cvx', { isTTY, write: (part) => (text += part) }, () => now);
  return {
    shown,
    wait: (ms: number) => (now += ms),
    take: () => {
      const taken = text;
      text = '';
      return taken;
    },
  };
}

test('on a terminal a bar grows with the bytes, ten times a second at most, and is taken away at the end', () => {
  const { shown, wait, take } = progress(true);
  shown.total(1000);
  shown.bytes(100);
  expect(take()).toBe('');
  wait(100);
  shown.bytes(400);
  expect(take()).toBe(`\rimport cvx [${'#'.repeat(15)}${'.'.repeat(15)}]  50 % 0 rows\u001b[K`);
  wait(100);
  shown.rows(12_345);
  shown.bytes(1000);
  expect(take()).toMatch(/\] {2}50 % 12,345 rows/);
  wait(100);
  shown.bytes(1);
  expect(take()).toMatch(/#{30}\] 100 %/);
  shown.end();
  expect(take()).toBe('\r\u001b[K');
});

test('elsewhere a line is written every ten seconds, and none at the end', () => {
  const { shown, wait, take } = progress(false);
  shown.total(200);
  wait(9_999);
  shown.bytes(50);
  expect(take()).toBe('');
  wait(1);
  shown.rows(7);
  expect(take()).toBe('import cvx: 25 %, 7 rows\n');
  shown.end();
  expect(take()).toBe('');
});

test('before the size is known nothing is claimed', () => {
  const { shown, wait, take } = progress(false);
  wait(10_000);
  shown.bytes(5);
  expect(take()).toBe('import cvx: 0 %, 0 rows\n');
});
