import { expect, test } from '@jest/globals';
import type { Variant } from '../../src/edge/answers/answer-cache.js';
import { AnswerCache } from '../../src/edge/answers/answer-cache.js';
import { toAnswer } from '../../src/edge/answers/send.js';
import { TEST_TIME } from '../support/connector.js';
import { MemoryLibrary } from '../support/memory-library.js';

const status = new MemoryLibrary({ articles: [], mappings: [], crosswalks: [] }).status();
const VARIANT: Variant = { status, encoding: 'identity', baseUrl: '', negotiated: '' };
const NO_PARAMETERS = { names: new Set<string>(), anyCase: true };
const PLAIN = { status: 200, contentType: 'text/plain', body: 'x', facts: { outcome: 'ok' } };
const ANSWER = toAnswer(
  PLAIN,
  [],
  { path: '/service', protocol: 'none', headerKind: 'api', document: undefined, renderError: () => PLAIN },
  'identity',
  1400,
);

test('the budget in bytes counts the addresses as they were spelt, not only the answers', () => {
  const maxBytes = 200_000;
  const cache = new AnswerCache({ maxBytes, maxEntryBytes: maxBytes, maxAgeMs: 3_600_000 });
  // One answer, asked for in a hundred spellings that are four times the budget.
  const spellings = Array.from({ length: 100 }, (_, n) => `/service?${'&'.repeat(8000)}${n}`);
  for (const address of spellings) {
    const slot = cache.slotFor(NO_PARAMETERS, { path: '/service', parameters: [] }, address, VARIANT);
    if (slot) cache.keep(slot, ANSWER, TEST_TIME);
  }
  const known = spellings.filter((address) => cache.findSpelling(address, VARIANT, TEST_TIME));
  expect(known).toContain(spellings.at(-1));
  expect(known.join('').length).toBeLessThanOrEqual(maxBytes);
});

test('nothing is answered that was computed of another status of the library', () => {
  const cache = new AnswerCache({ maxBytes: 200_000, maxEntryBytes: 200_000, maxAgeMs: 3_600_000 });
  const place = (variant: Variant) =>
    cache.slotFor(NO_PARAMETERS, { path: '/service', parameters: [] }, '/service', variant);
  const slot = place(VARIANT);
  if (!slot) throw new Error('no place for an answer');
  cache.keep(slot, ANSWER, TEST_TIME);
  expect(cache.find(slot, TEST_TIME)).toBe(ANSWER);
  // Of the same name: it is the object that counts.
  const next = { ...VARIANT, status: { ...status } };
  expect(cache.findSpelling('/service', next, TEST_TIME)).toBeUndefined();
  expect(cache.usage()).toEqual({ answers: 0, bytes: 0 });
  // An answer that was computed before comes too late to be kept.
  cache.keep(slot, ANSWER, TEST_TIME);
  expect(cache.usage().answers).toBe(0);
});
