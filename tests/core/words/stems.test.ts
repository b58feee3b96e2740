import { describe, expect, test } from '@jest/globals';
import { KnownWords } from '../../../src/core/words/known-words.js';
import { toStems } from '../../../src/core/words/everyday-words.js';

describe('words without the endings of verbs', () => {
  test.each([
    ['es', 'dientes salir', 'dientes salen'],
    ['es', 'atragantarse carne', 'atraganto carne'],
    ['es', 'doler muela', 'duele muela'],
    ['en', 'baby choking', 'baby choked'],
    ['en', 'bleeding stopped', 'bleeding stop'],
  ] as const)('%s: %s and %s have one key', (language, one, other) => {
    expect(toStems(one, language)).toBe(toStems(other, language));
  });

  test.each([
    ['es', 'ojo', 'oir'],
    ['es', 'casa', 'caso'],
    ['en', 'king', 'ked'],
  ] as const)('%s: a short word loses nothing: %s, %s', (language, one, other) => {
    expect(toStems(one, language)).not.toBe(toStems(other, language));
  });
});

describe('known words in other forms', () => {
  const row = (text: string, article = text) => ({
    ...{ text, language: 'en' as const, means: text, articles: [article] },
    ...{ isErrorProne: false, isWord: false, isAbbreviation: false },
  });
  const known = KnownWords.of({
    layWords: ['change trach', 'burned mouth', 'burning mouth', 'burning feet'].map((text) => row(text)),
  });

  test('are found where none is known as it is written', () => {
    expect(known.find('changing trach', 'en')?.text).toBe('change trach');
    expect(known.findAsWritten('changing trach', 'en')).toBeUndefined();
    expect(known.find('mouth burned', 'en')?.text).toBe('burned mouth');
  });

  test('are not found where two forms lead to different articles', () => {
    expect(known.find('burns mouth', 'en')).toBeUndefined();
    expect(known.find('burned feet', 'en')?.text).toBe('burning feet');
  });
});
