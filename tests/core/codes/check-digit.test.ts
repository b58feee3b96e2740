import { describe, expect, test } from '@jest/globals';
import { hasMod10CheckDigit, hasVerhoeffCheckDigit } from '../../../src/core/codes/check-digit.js';

describe('Verhoeff', () => {
  // 2363 is the worked example of the literature; the others are SNOMED CT concepts.
  test.each(['2363', '195967001', '44054006', '52702003', '138875005', '73211009', '900000000000207008'])(
    '%s is right',
    (digits) => {
      expect(hasVerhoeffCheckDigit(digits)).toBe(true);
    },
  );

  test.each(['2364', '195967002', '44054007', '900000000000207009'])('%s is wrong', (digits) => {
    expect(hasVerhoeffCheckDigit(digits)).toBe(false);
  });

  test.each([
    ['195967001', '159967001'],
    ['44054006', '44045006'],
  ])('the neighbours exchanged in %s are noticed: %s', (right, exchanged) => {
    expect(hasVerhoeffCheckDigit(right)).toBe(true);
    expect(hasVerhoeffCheckDigit(exchanged)).toBe(false);
  });
});

describe('modulus 10', () => {
  test.each(['4548-4', '2345-7', '69730-0', '30313-1', '1003-3', '10331-7', '718-7', '8867-4'])(
    '%s is right',
    (code) => {
      const [number = '', check = ''] = code.split('-');
      expect(hasMod10CheckDigit(number, check)).toBe(true);
    },
  );

  test.each(['4548-5', '2345-0', '69730-1', '718-8'])('%s is wrong', (code) => {
    const [number = '', check = ''] = code.split('-');
    expect(hasMod10CheckDigit(number, check)).toBe(false);
  });
});
