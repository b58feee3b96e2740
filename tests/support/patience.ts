import { afterAll, beforeAll, jest } from '@jest/globals';
import { WRITE_PATIENCE } from '../../src/library/open.js';
import { replaceLimit } from './replace-limit.js';

/** Longer than any machine stands still. */
const LONG_MS = 300_000;

/**
 * Gives a suite's databases and Bundles as long as they need: the program's deadlines for a connection, a lock, a turn to write and a
 * Bundle are those of a request that somebody waits for, and on a slow machine they would decide its tests. Called where a suite's hooks stand.
 */
export function beLongSuffering(): void {
  const patience: Record<'lockMs' | 'statementMs', number> = WRITE_PATIENCE;
  let replaced: { restore: () => void }[] = [];
  beforeAll(() => {
    replaced = [
      replaceLimit('databaseConnectMs', LONG_MS),
      replaceLimit('writeWaitMs', LONG_MS),
      replaceLimit('catchUpMs', LONG_MS),
      replaceLimit('maxBatchMs', LONG_MS),
      jest.replaceProperty(patience, 'lockMs', LONG_MS),
      jest.replaceProperty(patience, 'statementMs', LONG_MS),
    ];
  });
  afterAll(() => {
    for (const one of replaced) one.restore();
  });
}
