import { describe, expect, test } from '@jest/globals';
import { isBillingCode } from '../../../src/core/codes/billing-codes.js';
import { isImpossibleInEditions } from '../../../src/core/codes/editions.js';
import { detectBillingSystem, normalizeCode } from '../../../src/core/codes/normalize-code.js';

describe('what is typed as a billing code', () => {
  test.each(['J0696', 'H0001', 'G0438', 'G0439', 'A4253', 'E0601'])('%s is read as no code of ICD-10-CM', (typed) => {
    expect(detectBillingSystem(typed)).toBe('hcpcs');
    expect(isBillingCode('icd-10-cm', normalizeCode('icd-10-cm', typed) ?? '', typed)).toBe(true);
  });

  test.each(['J0190', 'E1165', 'e1132', 'N5314', 'H00.01', 'S72001A', 'G4733'])('%s is read as one', (typed) => {
    expect(isBillingCode('icd-10-cm', normalizeCode('icd-10-cm', typed) ?? '', typed)).toBe(false);
  });

  test('a procedure of ICD-10-PCS has seven characters', () => {
    expect(detectBillingSystem('XW03331')).toBe('icd-10-pcs');
    expect(detectBillingSystem('0SRD0J9')).toBe('icd-10-pcs');
    expect(detectBillingSystem('XW0333O')).toBeUndefined();
    expect(detectBillingSystem('1234567')).toBeUndefined();
  });
});

describe('a code below one that has none below it', () => {
  test.each(['Q99.99X', 'E11.999', 'J06.96', 'I10.5'])('%s is impossible', (code) => {
    expect(isImpossibleInEditions('icd-10-cm', code)).toBe(true);
  });

  test.each(['Q99.9', 'E11', 'E11.65', 'S72.001A', 'S72.001Z', 'A42.53', 'W19.XXXA', 'K6A.01'])(
    '%s is not: there it is, or below a header',
    (code) => {
      expect(isImpossibleInEditions('icd-10-cm', code)).toBe(false);
    },
  );
});
