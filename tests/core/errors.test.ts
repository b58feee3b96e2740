import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ERRORS, RequestError } from '../../src/core/errors.js';
import type { ErrorCode } from '../../src/core/errors.js';

/** FHIR R4, value set issue-type. */
const ISSUE_TYPES = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden suppressed processing ' +
    'not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly ' +
    'business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational'
  ).split(' '),
);

const codes = Object.keys(ERRORS) as ErrorCode[];

describe.each(codes)('%s', (code) => {
  test('is a status of an error and an issue type of FHIR', () => {
    expect(ERRORS[code].status).toBeGreaterThanOrEqual(400);
    expect(ERRORS[code].status).toBeLessThan(600);
    expect(ISSUE_TYPES).toContain(ERRORS[code].issue);
  });

  test.each(['en', 'es'])('has its text in %s', (language) => {
    const file = new URL(`../../resources/i18n/${language}.json`, import.meta.url);
    const { errors } = JSON.parse(readFileSync(file, 'utf8')) as { errors: Record<string, string> };
    expect(errors[code]).toMatch(/\S/);
  });
});

test.each<readonly [ErrorCode, number]>([
  ['missing-code-system', 400],
  ['unknown-code-system', 400],
  ['bad-callback', 400],
  ['not-found', 404],
  ['method-not-allowed', 405],
  ['unsupported-response-type', 406],
  ['body-too-large', 413],
  ['address-too-long', 414],
  ['unsupported-media-type', 415],
  ['rate-limited', 429],
  ['library-unavailable', 503],
])('%s is answered with %d', (code, status) => {
  expect(new RequestError(code).status).toBe(status);
});

test('an error carries its code, its values and what lies behind it, and no text of its own', () => {
  const cause = new Error('disk');
  const error = new RequestError('too-many-criteria', { most: 50 }, cause);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'RequestError', code: 'too-many-criteria', values: { most: 50 }, cause });
  expect(error.message).toBe('too-many-criteria');
});
