import { jest } from '@jest/globals';
import { LIMITS } from '../../src/limits.js';

/** Sets one of the server's limits for tests that would take long to come to it; `restore` takes it back. */
export function replaceLimit(name: keyof typeof LIMITS, value: number): { restore: () => void } {
  const limits: Record<keyof typeof LIMITS, number> = LIMITS;
  return jest.replaceProperty(limits, name, value);
}
