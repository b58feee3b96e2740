import { describe, expect, test } from '@jest/globals';
import { ageInCode } from '../../../src/core/codes/stated-in-code.js';
import { describeWithData, read } from '../../support/shared-data.js';

describe('the age that a code tells', () => {
  test.each([
    ['M08.1', 'adolescent'],
    ['L40.54', 'child'],
    ['C93.30', 'child'],
    ['R63.31', 'infant'],
    ['F93.0', 'child'],
    ['P07.39', 'newborn'],
    ['Z38.00', 'newborn'],
    ['M06.1', 'adult'],
    ['R54', 'aged'],
  ] as const)('%s: among others %s', (code, age) => {
    expect(ageInCode('icd-10-cm', code)).toContain(age);
  });

  test.each([
    ['E11.9', 'a disease of any age'],
    ['F94.0', 'its own title tells none, and its page is about no age'],
    ['G12.0', 'the age at which it begins'],
    ['G47.33', 'adult and pediatric in one code'],
  ])('%s tells none: %s', (code) => {
    expect(ageInCode('icd-10-cm', code)).toEqual([]);
  });

  test('the longest beginning counts', () => {
    expect(ageInCode('icd-9-cm', '313.9')).toContain('child');
    expect(ageInCode('icd-9-cm', '313.23')).toEqual([]);
    expect(ageInCode('icd-10-cm', 'M42.12')).not.toContain('child');
    expect(ageInCode('icd-10-cm', 'F98.5')).not.toContain('child');
  });

  test('other systems tell none', () => {
    expect(ageInCode('snomed-ct', '770')).toEqual([]);
  });
});

describeWithData('medlineplus', 'beside the official titles', () => {
  const NAMES_AN_AGE = /juvenil|p[a]?ediatr|child|infan|newborn|neonat|adolesc|toddler|\bbab(y|ies)\b/i;
  /** Codes whose title holds such a word and tells no age of the patient, and why. */
  const TELLS_NONE: readonly (readonly [codes: RegExp, reason: string])[] = [
    [/^O/, 'the mother is the patient, or the mother of the child'],
    [/^A50/, 'a late form, found in adults'],
    [/^(E83\.82|F80\.81|F98\.[89]|F98$|G12\.0|G40\.B|Q61\.1)/, 'the age at which it begins'],
    [/^(F94|F94\.0|M91|J84\.8|Z13)$/, 'not true of all codes below'],
    [/^(G43\.C|G47\.33|R45\.83|R62$|T7[46])/, 'child or adult'],
    [/^H18\.52/, 'a word in brackets for a disease of any age'],
    [/^H26\.0/, 'presenile is among them'],
    [/^L08\.82/, 'not of a newborn'],
    [/^N(35\.021|64\.3)/, 'an injury of the mother, or none'],
    [/^(W|X|V|Y)/, 'a thing, a place or a person that did something'],
    [/^Z(02\.84|04\.4|04\.7|62|69|72\.81|63|71\.84|76\.81|79|84|87|91)/, 'a relation, a history, or no page at all'],
    [/^Z(00\.1|32|33|39)/, 'the parents read, or the codes below tell'],
  ];

  test('every code that names an age tells it, or is judged to tell none', () => {
    const titles = [
      ...read('icd10cm/icd10cm_merged.csv.gz').map(({ code = '', description = '' }) => [code, description] as const),
      ...read('icd10cm/icd10cm_2027.csv.gz').map(({ code = '', title = '' }) => [code, title] as const),
    ];
    const open = titles.filter(
      ([code, title]) =>
        NAMES_AN_AGE.test(title) &&
        ageInCode('icd-10-cm', code).length === 0 &&
        !TELLS_NONE.some(([codes]) => codes.test(code)),
    );
    expect(open).toEqual([]);
  });
});
