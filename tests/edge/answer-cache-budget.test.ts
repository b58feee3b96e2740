import { expect, test } from '@jest/globals';
import { type Variant, AnswerCache } from '../../src/edge/answers/answer-cache.js';
import { toAnswer } from '../../src/edge/answers/answer-builder.js';
import { TEST_TIME } from '../support/connector.js';
import { MemoryLibrary } from '../support/memory-library.js';

const status = new MemoryLibrary({ articles: [], mappings: [], crosswalks: [] }).status();
const VARIANT: Variant = { status, encoding: 'identity', baseUrl: '', negotiated: '' };
const PLAIN = { status: 200, contentType: 'text/plain', body: 'x', facts: { outcome: 'ok' } };
const ANSWER = toAnswer(
  PLAIN,
  [],
  { path: '/service', protocol: 'none', headerKind: 'api', document: undefined, renderError: () => PLAIN },
  'identity',
  1400,
);

test('the budget in bytes counts the addresses, not only the answers', () => {
  const maxBytes = 200_000;
  const cache = new AnswerCache({ maxBytes, maxEntryBytes: maxBytes, maxAgeMs: 3_600_000 });
  // A hundred addresses that are four times the budget.
  const addresses = Array.from({ length: 100 }, (_, n) => `/service?${'&'.repeat(8000)}${n}`);
  for (const address of addresses) {
    cache.find(address, VARIANT, TEST_TIME);
    cache.keep(address, VARIANT, ANSWER, TEST_TIME);
  }
  const known = addresses.filter((address) => cache.find(address, VARIANT, TEST_TIME));
  expect(known).toContain(addresses.at(-1));
  expect(known.join('').length).toBeLessThanOrEqual(maxBytes);
});

test('nothing is answered that was computed of another status of the library', () => {
  const cache = new AnswerCache({ maxBytes: 200_000, maxEntryBytes: 200_000, maxAgeMs: 3_600_000 });
  expect(cache.find('/service', VARIANT, TEST_TIME)).toBeUndefined();
  cache.keep('/service', VARIANT, ANSWER, TEST_TIME);
  expect(cache.find('/service', VARIANT, TEST_TIME)).toBe(ANSWER);
  // Of the same name: it is the object that counts.
  const next = { ...VARIANT, status: { ...status } };
  expect(cache.find('/service', next, TEST_TIME)).toBeUndefined();
  expect(cache.usage()).toEqual({ answers: 0, bytes: 0 });
  // An answer that was computed before comes too late to be kept.
  cache.keep('/service', VARIANT, ANSWER, TEST_TIME);
  expect(cache.usage().answers).toBe(0);
});
