import { describe, expect, test } from '@jest/globals';
import type { LanguageLink } from '../../../src/core/model/article.js';
import { findForeignLanguage, linksForReader, linksIn, nameLanguage } from '../../../src/core/model/language-links.js';
import { testArticle } from '../../support/memory-library.js';

const link = (language: string): LanguageLink => ({
  language,
  title: 'A vaccine',
  url: `https://pages.example/${language}`,
  publisher: 'A publisher',
});
const LIST: LanguageLink = { language: 'mul', url: 'https://pages.example/languages', publisher: 'A publisher' };

describe('a language that is none of ours', () => {
  test.each([
    ['vi', 'vi'],
    [' VI ', 'vi'],
    ['vie', 'vi'],
    ['vi-VN', 'vi'],
    ['vi_VN', 'vi'],
    ['zh', 'zh'],
    ['chi', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-TW', 'zh-Hant'],
    ['zh-Hant', 'zh-Hant'],
    ['hat', 'ht'],
    ['vi-x-anything', 'vi'],
  ])('%p is %s', (sent, tag) => {
    expect(findForeignLanguage(sent)).toBe(tag);
  });

  test.each([
    '',
    'en',
    'es-MX',
    'spa',
    'español',
    'mul',
    'und',
    'qqq',
    'x-vi',
    'vi vn',
    'constructor',
    'vi'.repeat(30),
  ])('%p is none', (sent) => {
    expect(findForeignLanguage(sent)).toBeUndefined();
  });

  test('has a name in each of ours', () => {
    expect([nameLanguage('ht', 'en'), nameLanguage('ht', 'es')]).toEqual(['Haitian Creole', 'criollo haitiano']);
    expect([nameLanguage('tl', 'en'), nameLanguage('fil', 'en')]).toEqual(['Tagalog', 'Filipino']);
  });
});

describe('the links of an article', () => {
  const links = [LIST, link('es'), link('zh-Hans'), link('zh'), link('tl'), link('vi')];
  const languagesIn = (tag: string): string[] => linksIn({ links }, tag).map(({ language }) => language);

  test('are those in the language, however its tag is written', () => {
    expect(languagesIn('vi')).toEqual(['vi']);
    expect(languagesIn('zh')).toEqual(['zh-Hans', 'zh']);
    expect(languagesIn('zh-Hant')).toEqual([]);
    // ISO 639 calls Tagalog's standard form Filipino; Intl takes one for the other.
    expect(languagesIn('fil')).toEqual(['tl']);
    expect(languagesIn('pl')).toEqual([]);
    expect(languagesIn('no tag')).toEqual([]);
  });

  test("for a reader whose language is not the text's: those in it, then the page that lists all", () => {
    const article = testArticle('vis-mmr', { links });
    expect(linksForReader(article, 'en', 'vi')).toEqual([link('vi'), LIST]);
    expect(linksForReader(article, 'en', 'es')).toEqual([link('es'), LIST]);
    expect(linksForReader(article, 'es', 'es')).toEqual([LIST]);
    expect(linksForReader(testArticle('vis-mmr'), 'en', 'vi')).toEqual([]);
  });
});
