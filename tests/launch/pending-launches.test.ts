import { expect, test } from '@jest/globals';
import type { Ehr } from '../../src/config/ehrs.js';
import { LIMITS } from '../../src/limits.js';
import { PendingLaunches, type PendingLaunch } from '../../src/upstream/smart/pending-launches.js';
import { replaceLimit } from '../support/replace-limit.js';

const EHR = { iss: 'https://ehr.example/fhir', clientId: 'x' } as unknown as Ehr;
const NOW = new Date('2026-11-24T12:00:00Z');
const KEY = 'a secret of all instances that is long enough';
const later = (ms: number): Date => new Date(NOW.getTime() + ms);
const launch = (state: string): PendingLaunch => ({
  ehr: EHR,
  state,
  nonce: 'n'.repeat(32),
  codeVerifier: 'v'.repeat(64),
  redirectUri: 'https://education.example/callback',
  scopeVersion: 2,
  isStandalone: false,
});
const failure = { reason: 'wrong-state' };

test('a launch comes back as it was, whatever number of others begins, and is small', async () => {
  const launches = new PendingLaunches([EHR], undefined);
  const sealed = await launches.seal(launch('first'), NOW);
  for (let count = 0; count <= 5000; count += 1) await launches.seal(launch(`s-${count}`), NOW);
  expect(await launches.open(sealed, 'first', later(1000))).toMatchObject(launch('first'));
  // A browser sends all that are under way at once.
  expect(sealed.length).toBeLessThan(700);
  expect(sealed).not.toContain(Buffer.from('vvvvvv').toString('base64url'));
});

test('it is opened once, by its own state, in time, and not from the future', async () => {
  const launches = new PendingLaunches([EHR], undefined);
  const sealed = await launches.seal(launch('one'), NOW);
  const [head = '', ...rest] = sealed.split('.');
  const cut = `${head}.${rest.slice(0, -1).join('.')}.${(rest.at(-1) ?? '').slice(0, -2)}AA`;
  await expect(launches.open(cut, 'one', NOW)).rejects.toMatchObject(failure);
  await expect(launches.open('', 'one', NOW)).rejects.toMatchObject(failure);
  await expect(launches.open(sealed, 'two', NOW)).rejects.toMatchObject(failure);
  await expect(launches.open(sealed, 'one', later(LIMITS.pendingLaunchMs + 10_000))).rejects.toMatchObject(failure);
  await expect(launches.open(sealed, 'one', later(-60_000))).rejects.toMatchObject(failure);
  await expect(new PendingLaunches([], undefined).open(sealed, 'one', NOW)).rejects.toMatchObject(failure);
  await launches.open(sealed, 'one', NOW);
  await expect(launches.open(sealed, 'one', NOW)).rejects.toMatchObject(failure);
});

test('instances with the same key open each other’s launches, others do not', async () => {
  const sealed = await new PendingLaunches([EHR], KEY).seal(launch('shared'), NOW);
  await expect(new PendingLaunches([EHR], undefined).open(sealed, 'shared', NOW)).rejects.toMatchObject(failure);
  await expect(new PendingLaunches([EHR], `${KEY}!`).open(sealed, 'shared', NOW)).rejects.toMatchObject(failure);
  expect(await new PendingLaunches([EHR], KEY).open(sealed, 'shared', NOW)).toMatchObject({ state: 'shared' });
});

test('the memory of used launches forgets the oldest, whose codes the EHR exchanges no more', async () => {
  const limit = replaceLimit('usedLaunches', 2);
  const launches = new PendingLaunches([EHR], undefined);
  const all = await Promise.all(
    ['a', 'b', 'c'].map(async (state) => [await launches.seal(launch(state), NOW), state] as const),
  );
  for (const [sealed, state] of all) await launches.open(sealed, state, NOW);
  const [first, , last] = all;
  expect(await launches.open(...(first ?? ['', '']), NOW)).toMatchObject({ state: 'a' });
  await expect(launches.open(...(last ?? ['', '']), NOW)).rejects.toMatchObject(failure);
  limit.restore();
});
