import { describe, expect, test } from '@jest/globals';
import { findCarePhase } from '../../../src/core/codes/stated-in-code.js';

describe('the phase of care that a code tells', () => {
  test.each([
    ['S72.001A', 'initial'],
    ['S72.001C', 'initial'],
    ['S72.001D', 'subsequent'],
    ['S72.001R', 'subsequent'],
    ['M80.051P', 'subsequent'],
    ['M84.432K', 'subsequent'],
    ['T23.201S', 'sequela'],
    ['M97.01XD', 'subsequent'],
    ['W54.0XXS', 'sequela'],
    ['X78.1XXA', 'initial'],
    ['Y36.A1XD', 'subsequent'],
  ])('%s: %s', (code, phase) => {
    expect(findCarePhase('icd-10-cm', code)).toBe(phase);
  });

  test.each([
    ['a category', 'S72'],
    ['a code without its seventh character', 'S72.001'],
    ['the stage of glaucoma', 'H40.40X3'],
    ['the fetus', 'O36.4XX0'],
    ['a tophus', 'M1A.0110'],
    ['a place of occurrence', 'Y92.0101'],
    ['a placeholder', 'S72.00XX'],
    ['a letter of another chapter', 'R40.211A'],
  ])('%s tells none', (_what, code) => {
    expect(findCarePhase('icd-10-cm', code)).toBeUndefined();
  });

  test.each([
    ['909.0', 'sequela'],
    ['905.0', 'sequela'],
    ['E929.2', 'sequela'],
    ['820.00', undefined],
    ['910.0', undefined],
    ['E920.0', undefined],
  ])('ICD-9-CM %s: %s', (code, phase) => {
    expect(findCarePhase('icd-9-cm', code)).toBe(phase);
  });
});
