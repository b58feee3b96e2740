import { describe, expect, test } from '@jest/globals';
import { findSubject } from '../../../src/core/words/find-subject.js';
import { KnownWords } from '../../../src/core/words/known-words.js';

const row = (text: string) => ({
  text,
  language: 'en' as const,
  means: text,
  articles: [text],
  isErrorProne: false,
  isWord: false,
  isAbbreviation: false,
});
const context = ['wont go away', 'since yesterday', 'diet', 'husband', 'stairs'].map(
  (text) => ({ text, language: 'en' }) as const,
);
const layWords = ['drinks too much', 'swollen feet', 'chest pain', 'rash'].map(row);
const known = KnownWords.of({ layWords, context });

const named = (text: string): readonly string[] => (text === 'heart failure' ? ['topic-heartfailure'] : []);

const subjectOf = (line: string) => {
  const subject = findSubject(line, 'en', { known, named });
  return subject && { ...subject, words: subject.words.map(({ text }) => text) };
};

describe('what a line is about', () => {
  test.each([
    ['gout diet', ['gout']],
    ['a hiccup that wont go away', ['hiccup']],
    ['my knee since yesterday', ['knee']],
    ['heart attack diet', ['heart attack', 'heart']],
    ['cholesterol 280', ['cholesterol']],
  ])('%s: without the words around it', (line, texts) => {
    expect(subjectOf(line)).toMatchObject({ texts, words: [] });
  });

  test('a known phrase may have words of those around it', () => {
    expect(subjectOf('my husband drinks too much')).toMatchObject({ words: ['drinks too much'], rest: '' });
  });

  test('of several things each known phrase is covered, the longest first, and what is left', () => {
    expect(subjectOf('rash and swollen feet')).toMatchObject({ words: ['swollen feet', 'rash'], rest: '' });
    expect(subjectOf('lupus rash')).toMatchObject({ words: ['rash'], rest: 'lupus', isRestFirst: true });
    expect(subjectOf('rash lupus')).toMatchObject({ words: ['rash'], rest: 'lupus', isRestFirst: false });
  });

  test('a phrase of several words that is the name of an article is known as that', () => {
    expect(subjectOf('heart failure rash')).toMatchObject({ words: ['heart failure', 'rash'], rest: '', covered: 2 });
    expect(subjectOf('heart rash')).toMatchObject({ words: ['rash'], rest: 'heart' });
  });

  test.each(['since yesterday', 'diet', 'chest pain without rash'])(
    'nothing is left where only those around are there, or something is denied: %s',
    (line) => {
      expect(subjectOf(line)).toBeUndefined();
    },
  );

  test('a word that denies is never around a subject', () => {
    expect(subjectOf('gout no diet')).toMatchObject({ texts: [] });
  });
});
