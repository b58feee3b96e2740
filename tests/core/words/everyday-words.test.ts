import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { EverydayWords } from '../../../src/core/words/everyday-words.js';
import { KnownWords } from '../../../src/core/words/known-words.js';
import { phraseOf } from '../../../src/core/search/text-query.js';
import { parseRecords } from '../../../src/build/read-rows.js';

const EVERYDAY = [
  { text: 'puffy', language: 'en', means: 'swelling' },
  { text: 'swollen', language: 'en', means: 'swelling' },
  { text: 'sore', language: 'en', means: 'pain' },
  { text: 'belly', language: 'en', means: 'stomach' },
  { text: 'belly button', language: 'en', means: 'umbilical' },
  { text: 'jaw', language: 'en', means: '[part]' },
  { text: 'finger', language: 'en', means: '[part]' },
  { text: 'labs', language: 'en', means: '[test]' },
  { text: 'pican', language: 'es', means: 'comezón' },
] as const;

const row = (text: string, article: string) => ({
  text,
  language: 'en' as const,
  means: `meaning of ${text}`,
  articles: [article],
  isErrorProne: false,
  isWord: false,
  isAbbreviation: false,
});
const known = KnownWords.of({
  layWords: [
    row('swollen ankles', 'ankles'),
    row("can't sleep", 'insomnia'),
    row('lump in breast', 'lump'),
    row('pain neck', 'one'),
    row('neck sore', 'other'),
    row('swollen [part]', 'swelling'),
    row('kidney test', 'kidneys'),
  ],
  everyday: EVERYDAY,
});
const articleOf = (line: string): string | undefined => known.find(line, 'en')?.meanings[0]?.articles[0];

describe('lay words are found', () => {
  test.each([
    ['my ankles are puffy', 'ankles'],
    ['ankle swollen', 'ankles'],
    ["can't sleep", 'insomnia'],
    ['breast lump', 'lump'],
    ['labs kidney', 'kidneys'],
    // The denial is a word of its own, and what would lose it finds nothing.
    ['can sleep', undefined],
    ['ankles not swollen', undefined],
    ['ankles without swelling', undefined],
    ['without swollen ankles', undefined],
    ['swollen ankles and knees', undefined],
    // Two rows of these words lead to different articles.
    ['sore neck', undefined],
    ['swollen', undefined],
  ])('in any order and form: %s → %s', (line, article) => {
    expect(articleOf(line)).toBe(article);
  });

  test('of any part of the body, where they are asked for it', () => {
    const atPart = (line: string): string | undefined => known.findAtPart(line, 'en')?.meanings[0]?.articles[0];
    expect(articleOf('swollen jaw')).toBeUndefined();
    expect([atPart('puffy fingers'), atPart('swollen jaw')]).toEqual(['swelling', 'swelling']);
    expect([atPart('swollen throat'), atPart('jaw not swollen')]).toEqual([undefined, undefined]);
  });
});

test('a phrase that denies something is no synonym within a longer line', () => {
  const words = KnownWords.of({ layWords: [row('pain without medicine', 'one'), row('sleep apnea', 'other')] });
  expect(words.findSynonyms(['pain medicine', 'sleep apnea'].map(phraseOf)).map(({ term }) => term)).toEqual([
    'sleep apnea',
  ]);
});

test('a line is rewritten in the words of pages, of its own language', () => {
  const everyday = new EverydayWords(EVERYDAY);
  expect(everyday.rewrite('Puffy, sore jaw', 'en')).toBe('swelling pain jaw');
  expect(everyday.rewrite('me pican los pies', 'es')).toBe('comezon pies');
  expect(everyday.rewrite('puffy', 'es')).toBeUndefined();
  // The longest phrase comes first, and none of its words is rewritten alone.
  expect(everyday.rewrite('sore belly button', 'en')).toBe('pain umbilical');
  expect(everyday.rewrite('sore belly', 'en')).toBe('pain stomach');
  // A word for many things would find any page of its own.
  expect(everyday.rewrite('panel labs', 'en')).toBeUndefined();
});

test('no everyday word leads to another, or is there twice', () => {
  const rows = parseRecords(readFileSync('resources/search/everyday-words.csv', 'utf8')).map(({ record }) => record);
  const keys = rows.map(({ text = '', language = '' }) => `${language} ${text}`);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  const replaced = new Set(keys.filter((_, at) => rows[at]?.means !== '[part]'));
  const chains = rows.filter(({ language = '', means = '' }) => replaced.has(`${language} ${means}`));
  expect(chains.map(({ text, means }) => `${text ?? ''} → ${means ?? ''}`)).toEqual([]);
  expect(rows.filter(({ language = '', means = '' }) => !['en', 'es'].includes(language) || means === '')).toEqual([]);
});
