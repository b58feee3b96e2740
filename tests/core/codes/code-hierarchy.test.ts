import { describe, expect, test } from '@jest/globals';
import { findAncestors, truncate } from '../../../src/core/codes/code-hierarchy.js';
import type { CodeSystemId } from '../../../src/core/codes/code-systems.js';
import type { Coding, Concept } from '../../../src/core/codes/concept.js';

/** A library that knows these codes and what is above each, and notes what it is asked. */
function knowing(system: CodeSystemId, parents: Readonly<Record<string, string | undefined>>) {
  const asked: string[][] = [];
  const findConcepts = (codings: readonly Coding[]): Concept[] => {
    asked.push(codings.map(({ code }) => code));
    return codings.flatMap(({ code }) =>
      code in parents
        ? [
            {
              system,
              code,
              title: code,
              parent: parents[code],
              billable: undefined,
              active: true,
              names: [],
              release: '',
            },
          ]
        : [],
    );
  };
  const ancestors = (code: string): string[] =>
    findAncestors({ system, code }, { findConcepts }).map(
      (one) => `${one.code}${one.concept ? '' : ' (not described)'}`,
    );
  return { ancestors, asked };
}

describe('what is above a code', () => {
  test('is what the library states, and where it does not, what the letters tell, in as few questions as there may be', () => {
    const { ancestors, asked } = knowing('icd-10-cm', { S72: 'S70-S79', 'S70-S79': '19', '19': undefined });
    expect(ancestors('S72.001')).toEqual(['S72.00 (not described)', 'S72.0 (not described)', 'S72', 'S70-S79', '19']);
    expect(asked).toEqual([['S72.001', 'S72.00', 'S72.0', 'S72'], ['S70-S79'], ['19']]);
  });

  test('goes by what is stated against the letters', () => {
    const { ancestors } = knowing('icd-10-cm', { 'S72.001A': 'S72.0', 'S72.0': undefined });
    expect(ancestors('S72.001A')).toEqual(['S72.0', 'S72 (not described)']);
  });

  test('passes over what only fills a place', () => {
    const { ancestors, asked } = knowing('icd-10-cm', { W19: undefined });
    expect(ancestors('W19.XXXA')).toEqual(['W19']);
    expect(asked).toEqual([['W19.XXXA', 'W19']]);
  });

  test('ends where it goes on without end', () => {
    const endless = new Proxy<Record<string, string>>({}, { get: (_, code) => `${String(code)}1`, has: () => true });
    expect(knowing('loinc', endless).ancestors('1').length).toBe(100);
  });

  test('is nothing where neither tells', () => {
    expect(knowing('snomed-ct', {}).ancestors('195967001')).toEqual([]);
  });

  test('ends where it goes round in a circle', () => {
    expect(knowing('loinc', { a: 'b', b: 'c', c: 'a' }).ancestors('a')).toEqual(['b', 'c']);
  });
});

test.each([
  ['icd-10-cm', 'S72.001A', 'S72.001'],
  ['icd-10-cm', 'S72.0', 'S72'],
  ['icd-10-cm', 'S72', undefined],
  ['icd-10-cm', 'T36.0X1A', 'T36.0X1'],
  ['icd-10-cm', 'T36.0X', 'T36.0'],
  ['icd-10-cm', 'S70-S79', undefined],
  ['icd-9-cm', 'E850.1', 'E850'],
  ['icd-9-cm', 'E850', undefined],
  ['snomed-ct', '195967001', undefined],
] as const)('the letters of %s %s tell of %s above it', (system, code, above) => {
  expect(truncate({ system, code })).toBe(above);
});
