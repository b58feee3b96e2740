import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SimilarTerm } from '../../../src/core/search/search-index.js';
import { chooseSpellings, parseQuery, phraseOf, listPhrases } from '../../../src/core/search/text-query.js';
import { foldPlural } from '../../../src/core/search/text-tokens.js';
import { anyText } from '../../support/any-text.js';

test('a query is its words without stop words, of a compound the parts, twelve at most', () => {
  expect(parseQuery('the X-rays of a Riñón')).toEqual([
    { word: 'x', term: 'x' },
    { word: 'rays', term: 'ray' },
    { word: 'a', term: 'a' },
    { word: 'rinon', term: 'rinon' },
  ]);
  expect(parseQuery('word '.repeat(50))).toHaveLength(12);
});

test('a phrase is told by its terms, however it is written', () => {
  expect(phraseOf('Piedras en el Riñón')).toBe(phraseOf('piedra riñones'));
});

test('phrases of a query come the longest first', () => {
  expect(listPhrases(['a', 'b', 'c']).map(({ term, from, to }) => `${term} ${from}-${to}`)).toEqual([
    'a b c 0-3',
    'a b 0-2',
    'b c 1-3',
    'a 0-1',
    'b 1-2',
    'c 2-3',
  ]);
});

describe('spellings', () => {
  const similar = (...words: string[]): SimilarTerm[] =>
    words.map((word, index) => ({ term: foldPlural(word), word, documents: index + 1 }));
  const chosen = (word: string, ...words: string[]): string[] =>
    chooseSpellings(word, similar(...words)).map(({ term, weight }) => `${term} ${weight}`);

  test('the nearest by sound are taken, of these the nearest by letters first, then those of most documents', () => {
    expect(chosen('tilenol', 'tylenol', 'tinol')).toEqual(['tylenol 0.85']);
    expect(chosen('diabetis', 'diabetic', 'diabetes')).toEqual(['diabet 0.75', 'diabetic 0.75']);
    expect(chosen('hypertenshion', 'hypertension')).toEqual(['hypertension 0.85']);
  });

  test('a short word may be one letter away, a longer one two, a very short one none', () => {
    expect(chosen('gowt', 'gout', 'goat')).toEqual(['goat 0.75', 'gout 0.75']);
    expect(chosen('gwt', 'gout')).toEqual([]);
    expect(chosen('atacck', 'attack')).toEqual(['attack 0.85']);
    expect(chosen('strokess', 'strong')).toEqual([]);
  });

  test.each([
    ['blah', 'blau'],
    ['hello', 'hellp'],
    ['hola', 'holt'],
    ['thanks', 'tank'],
    ['gracias', 'gracile'],
    ['dragon', 'radon'],
    ['psalm', 'palm'],
    ['factura', 'fractura'],
    ['taxes', 'tabes'],
    ['tiger', 'titer'],
    ['hockey', 'honey'],
    ['camera', 'cadera'],
    ['carrot', 'charcot'],
    ['cebolla', 'ebola'],
    ['theater', 'heather'],
    ['internet', 'internal'],
    ['contract', 'contra'],
    ['whatever', 'water'],
  ])('what people say, %s, is no misspelt %s', (word, other) => {
    expect(chosen(word, other)).toEqual([]);
  });

  test.each([
    ['lupis', 'lupus'],
    ['fevre', 'fever'],
    ['mumbs', 'mumps'],
    ['astma', 'asthma'],
    ['asmtha', 'asthma'],
    ['eksema', 'eczema'],
    ['diabtes', 'diabetes'],
    ['hart', 'heart'],
    ['exzema', 'eczema'],
    ['ecema', 'eczema'],
    ['insomia', 'insomnia'],
    ['lukemia', 'leukemia'],
    ['siezure', 'seizure'],
    ['prostrate', 'prostate'],
    ['kemotherapy', 'chemotherapy'],
  ])('%s is a misspelt %s', (word, other) => {
    expect(chosen(word, other)).toHaveLength(1);
  });

  test('a plural is compared with the singular that the index has', () => {
    expect(chosen('alzhimers', 'alzheimer')).toEqual(['alzheimer 0.75']);
  });
});

test('no text breaks the reading of a query', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const { word, term } of parseQuery(text)) {
        expect(word).not.toBe('');
        expect(term).not.toBe('');
      }
    }),
  );
});
