import { describe, expect, test } from '@jest/globals';
import type { CodeSystemId } from '../../../src/core/codes/code-systems.js';
import {
  detectOtherSystem,
  displayCode,
  normalizeCode,
  toNdc11,
  toNdc542,
} from '../../../src/core/codes/normalize-code.js';

type Row = readonly [system: CodeSystemId, sent: string, code: string];

const POSSIBLE: readonly Row[] = [
  ['icd-10-cm', 'N53.14', 'N53.14'],
  ['icd-10-cm', 'N5314', 'N53.14'],
  ['icd-10-cm', 'n53.14', 'N53.14'],
  ['icd-10-cm', 'n5314', 'N53.14'],
  ['icd-10-cm', ' N53.14 ', 'N53.14'],
  ['icd-10-cm', '\tN53.14\u00a0\n', 'N53.14'],
  ['icd-10-cm', 'L70', 'L70'],
  ['icd-10-cm', 'E11.-', 'E11'],
  ['icd-10-cm', 'E11.3-', 'E11.3'],
  ['icd-10-cm', 'E11.32--', 'E11.32'],
  ['icd-10-cm', 'T40.1x1a', 'T40.1X1A'],
  ['icd-10-cm', 'w19xxxa', 'W19.XXXA'],
  ['icd-10-cm', 'S72001D', 'S72.001D'],
  ['icd-10-cm', 'C7A.00', 'C7A.00'],
  ['icd-10-cm', 'c7b00', 'C7B.00'],
  ['icd-10-cm', 'M1A.9XX0', 'M1A.9XX0'],
  ['icd-10-cm', 'Z3A20', 'Z3A.20'],
  ['icd-10-cm', 'U07.1', 'U07.1'],
  ['icd-10', 'j459', 'J45.9'],
  ['icd-9-cm', '250', '250'],
  ['icd-9-cm', '25000', '250.00'],
  ['icd-9-cm', '250.0', '250.0'],
  ['icd-9-cm', '008.45', '008.45'],
  ['icd-9-cm', 'v22.1', 'V22.1'],
  ['icd-9-cm', 'V221', 'V22.1'],
  ['icd-9-cm', 'E8859', 'E885.9'],
  ['icd-9-cm', 'E885', 'E885'],
  ['icd-9-cm', 'E030', 'E030'],
  ['snomed-ct', ' 195967001 ', '195967001'],
  ['snomed-ct', '44054006', '44054006'],
  ['snomed-ct', '52702003', '52702003'],
  ['rxnorm', ' 6809', '6809'],
  ['rxnorm', '2600000', '2600000'],
  ['ndc', '00456140530', '00456140530'],
  ['ndc', '00310-0751-39', '00310075139'],
  ['ndc', '0310-0751-39', '00310075139'],
  ['ndc', '12345-678-90', '12345067890'],
  ['ndc', '12345-6789-1', '12345678901'],
  ['ndc', '00310 0751 39', '00310075139'],
  ['loinc', '4548-4', '4548-4'],
  ['loinc', ' 2345-7', '2345-7'],
  ['loinc', '69730-0', '69730-0'],
  ['loinc', '30313-1', '30313-1'],
  ['cpt', '99213', '99213'],
  ['cpt', '0001f', '0001F'],
  ['cvx', '8', '08'],
  ['cvx', '140', '140'],
  ['mesh', 'd003920', 'D003920'],
  ['mesh', 'Q000628', 'Q000628'],
  ['drug-name', '  Metformin   HCl ', 'metformin hcl'],
  ['drug-name', '\u202eMet\u001bformin\n', 'metformin'],
  ['drug-name', 'x'.repeat(500), 'x'.repeat(500)],
];

const IMPOSSIBLE: readonly (readonly [system: CodeSystemId, sent: string])[] = [
  ['icd-10-cm', ''],
  ['icd-10-cm', '   '],
  ['icd-10-cm', 'diabetes'],
  ['icd-10-cm', '250.00'],
  ['icd-10-cm', 'N'],
  ['icd-10-cm', 'N5'],
  ['icd-10-cm', 'N53.14567'],
  ['icd-10-cm', 'N5.314'],
  ['icd-10-cm', 'NN3.14'],
  ['icd-10-cm', 'N53..14'],
  ['icd-10-cm', 'N53.14;N53.11'],
  ['icd-10-cm', 'Ñ53.14'],
  ['icd-10-cm', 'Ｎ53.14'],
  ['icd-9-cm', '25'],
  ['icd-9-cm', '250.000'],
  ['icd-9-cm', 'N53.14'],
  ['icd-9-cm', 'E11.9'],
  ['snomed-ct', '195967002'],
  ['snomed-ct', '12345'],
  ['snomed-ct', '0195967001'],
  ['snomed-ct', '1959670010000000001'],
  ['rxnorm', '0'],
  ['rxnorm', 'metformin'],
  ['rxnorm', '123456789'],
  ['ndc', '123456789012'],
  ['ndc', '1234-567-89'],
  ['ndc', '00310-0751-39-1'],
  ['ndc', '0031A075139'],
  ['loinc', '4548-5'],
  ['loinc', '45484'],
  ['loinc', '4548-'],
  ['loinc', 'BRCA1'],
  ['cpt', '9921'],
  ['cpt', '992133'],
  ['cvx', '1234'],
  ['mesh', '003920'],
  ['drug-name', '  '],
  ['drug-name', '\u202e'],
  ['drug-name', 'x'.repeat(501)],
];

describe('a code as its system writes it', () => {
  test.each(POSSIBLE)('%s %j is %s', (system, sent, code) => {
    expect(normalizeCode(system, sent)).toBe(code);
  });

  test.each(IMPOSSIBLE)('%s cannot have %j', (system, sent) => {
    expect(normalizeCode(system, sent)).toBeUndefined();
  });

  test('an over-long text is impossible without looking', () => {
    expect(normalizeCode('icd-10-cm', 'N53.14'.padEnd(1_000_000, 'X'))).toBeUndefined();
  });
});

describe('an NDC', () => {
  test.each([
    ['00310075139', '00310-0751-39'],
    ['00456140530', '00456-1405-30'],
  ])('%s is written %s', (ndc11, ndc542) => {
    expect(toNdc542(ndc11)).toBe(ndc542);
    expect(displayCode('ndc', ndc11)).toBe(ndc542);
    expect(toNdc11(ndc542)).toBe(ndc11);
  });

  test('of ten digits without hyphens could be three different drugs', () => {
    expect(toNdc11('0310075139')).toBeUndefined();
  });

  test('is the only code that is written otherwise than it is kept', () => {
    expect(displayCode('icd-10-cm', 'N53.14')).toBe('N53.14');
    expect(displayCode('rxnorm', '00310075139')).toBe('00310075139');
  });
});

test("a drug's name is one line without control characters, its words one blank apart", () => {
  expect(normalizeCode('drug-name', '!\t\u0000\t!')).toBe('! !');
  expect(normalizeCode('drug-name', ' Insulin\n\u202eGlargine ')).toBe('insulin glargine');
});

describe('the system that an impossible code plainly belongs to', () => {
  test.each<readonly [system: CodeSystemId, sent: string, other: CodeSystemId]>([
    ['icd-9-cm', 'N53.14', 'icd-10-cm'],
    ['icd-9-cm', ' n5314 ', 'icd-10-cm'],
    ['icd-9-cm', 'L70', 'icd-10-cm'],
    ['icd-9-cm', 'E11.9', 'icd-10-cm'],
    ['icd-10-cm', '250.00', 'icd-9-cm'],
    ['icd-10-cm', '195967001', 'snomed-ct'],
    ['icd-9-cm', '195967001', 'snomed-ct'],
    ['snomed-ct', 'J45.909', 'icd-10-cm'],
    ['rxnorm', '4548-4', 'loinc'],
    ['rxnorm', '00310-0751-39', 'ndc'],
    ['loinc', 'E11.9', 'icd-10-cm'],
    ['cpt', '4548-4', 'loinc'],
  ])('under %s, %j looks like %s', (system, sent, other) => {
    expect(detectOtherSystem(system, sent)).toBe(other);
  });

  test.each<readonly [system: CodeSystemId, sent: string]>([
    ['icd-9-cm', '250.00'], // possible where it is
    ['icd-10-cm', 'N53.14'],
    ['icd-10-cm', 'diabetes'],
    ['icd-10-cm', '250'],
    ['icd-10-cm', '12345'],
    ['loinc', 'BRCA1'],
    ['snomed-ct', '195967002'], // a wrong check digit is nobody's code
    ['loinc', '4548-5'],
    ['icd-10-cm', ''],
  ])('under %s, %j looks like nothing', (system, sent) => {
    expect(detectOtherSystem(system, sent)).toBeUndefined();
  });
});
