import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { foldPlural, foldText, toSound, tokensOf, trigramsOf } from '../../../src/core/search/text-tokens.js';
import { anyText } from '../../support/any-text.js';

describe('folding', () => {
  test.each([
    ['Riñón', 'rinon'],
    ['RIÑÓN', 'rinon'],
    ['Ménière', 'meniere'],
    ['ﬁbrosis', 'fibrosis'],
    ['İ', 'i'],
    ['½', '1⁄2'],
    ['', ''],
  ])('%s → %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test('twice changes nothing more, and case and accents never count', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldText(text);
        expect(foldText(folded)).toBe(folded);
        expect(foldText(text.normalize('NFD'))).toBe(foldText(text.normalize('NFC')));
      }),
    );
  });
});

describe('plurals', () => {
  test.each([
    ['stone', 'stones'],
    ['kidney', 'kidneys'],
    ['allergy', 'allergies'],
    ['rash', 'rashes'],
    ['disease', 'diseases'],
    ['illness', 'illnesses'],
    ['virus', 'viruses'],
    ['bone', 'bones'],
    ['tube', 'tubes'],
    ['rinon', 'rinones'],
    ['infeccion', 'infecciones'],
    ['dolor', 'dolores'],
    ['enfermedad', 'enfermedades'],
    ['cicatriz', 'cicatrices'],
    ['hueso', 'huesos'],
    ['bebe', 'bebes'],
  ])('%s and %s are one term', (one, many) => {
    expect(foldPlural(many)).toBe(foldPlural(one));
  });

  test.each([
    ['aid', 'aids'],
    ['pen', 'penis'],
    ['lup', 'lupus'],
    ['mal', 'male'],
    ['dos', 'dose'],
    ['gas', 'ga'],
    ['b1', 'b1s'],
  ])('%s and %s are two', (a, b) => {
    expect(foldPlural(a)).not.toBe(foldPlural(b));
  });
});

describe('tokens', () => {
  const brief = (text: string): string[] => tokensOf(text).map(({ word, from, to }) => `${word} ${from}-${to}`);

  test.each<[string, string[]]>([
    ['Kidney Stones', ['kidney 0-0', 'stones 1-1']],
    ['X-ray', ['x 0-0', 'ray 1-1', 'xray 0-1']],
    ['COVID-19 vaccine', ['covid 0-0', '19 1-1', 'covid19 0-1', 'vaccine 2-2']],
    ['Fracture of the femur', ['fracture 0-0', 'femur 1-1']],
    ['Piedras en el riñón', ['piedras 0-0', 'rinon 1-1']],
    ['Hepatitis A', ['hepatitis 0-0', 'a 1-1']],
    ["Alzheimer's disease", ['alzheimer 0-0', 'disease 1-1']],
    ['Legionnaires’ disease', ['legionnaires 0-0', 'disease 1-1']],
    ["O'Brien", ['obrien 0-0']],
    ['metformin 2.5 mg/5 mL', ['metformin 0-0', '2.5 1-1', 'mg 2-2', '5 3-3', 'ml 4-4']],
    ['22q11.2 deletion', ['22q11 0-0', '2 1-1', '22q112 0-1', 'deletion 2-2']],
    ['C. diff.', ['c 0-0', 'diff 1-1']],
    ['out-of-hospital', ['out 0-0', 'hospital 1-1', 'outofhospital 0-1']],
    ['the of', []],
    ['???', []],
    ['', []],
  ])('of %j', (text, tokens) => {
    expect(brief(text)).toEqual(tokens);
  });

  test('of any text stand in their order, side by side', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parts = tokensOf(text).filter(({ from, to }) => from === to);
        expect(parts.map(({ from }) => from)).toEqual(parts.map((_, index) => index));
        for (const { word } of tokensOf(text)) expect(word).not.toBe('');
      }),
    );
  });
});

describe('sounds', () => {
  test.each([
    ['tylenol', 'tilenol'],
    ['diarrhoea', 'diarea'],
    ['pneumonia', 'neumonia'],
    ['psychosis', 'sicosis'],
    ['phlegm', 'flegm'],
    ['cholesterol', 'colesterol'],
    ['azucar', 'asucar'],
    ['anaemia', 'anemia'],
    ['vomito', 'bomito'],
  ])('%s sounds like %s', (a, b) => {
    expect(toSound(a)).toBe(toSound(b));
  });
});

test('trigrams mark both ends and come once', () => {
  expect(trigramsOf('asma')).toEqual([' as', 'asm', 'sma', 'ma ']);
  expect(trigramsOf('aaaa')).toEqual([' aa', 'aaa', 'aa ']);
  expect(trigramsOf('a')).toEqual([' a ']);
});
