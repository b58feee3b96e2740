import { describe, expect, test } from '@jest/globals';
import { describeWithData, read } from '../support/shared-data.js';
import { ENGLISH, readCsv } from './tables.js';

/** resources/articles/language-link.csv: pages in further languages. */

const LINKS = readCsv('resources/articles/language-link.csv').map(({ line, cells }) => ({
  line,
  article: cells['article'] ?? '',
  language: cells['language'] ?? '',
  title: cells['title'] ?? '',
  url: cells['url'] ?? '',
  publisher: cells['publisher'] ?? '',
}));
type Link = (typeof LINKS)[number];
const failing = (isWrong: (link: Link) => boolean): string[] =>
  LINKS.filter(isWrong).map(({ line, article, language }) => `${line} ${article} ${language}`);

/** Where each publisher's pages are. */
const HOSTS: Readonly<Record<string, RegExp>> = {
  MedlinePlus: /^https:\/\/medlineplus\.gov\/languages\/[a-z0-9]+\.html$/,
  'Immunize.org': /^https:\/\/www\.immunize\.org\/wp-content\/uploads\/vis\/[a-z0-9_]+\.pdf$/,
  'American Cancer Society': /^https:\/\/www\.cancer\.org\/content\/dam\/[\w/-]+\.pdf$/,
  'Health Information Translations':
    /^https:\/\/storage\.googleapis\.com\/healthinfotranslations-pdfdocs\/[\w-]+\.pdf$/,
};

describe('every link', () => {
  test('is of an article that is here', () => {
    expect(LINKS.length).toBeGreaterThan(500);
    expect(failing(({ article }) => !ENGLISH.has(article))).toEqual([]);
  });

  test("has its publisher's address, each once for an article", () => {
    expect(failing(({ url, publisher }) => !HOSTS[publisher]?.test(url))).toEqual([]);
    const keys = LINKS.map(({ article, url }) => `${article} ${url}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('is in a language that has a name', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
    expect(failing(({ language }) => names.of(language) === undefined)).toEqual([]);
  });

  test("to a list of languages is MedlinePlus's list of the topic itself", () => {
    const isList = ({ language }: Link): boolean => language === 'mul';
    const wrong = failing(
      (link) =>
        isList(link) && link.url !== `https://medlineplus.gov/languages/${link.article.slice('topic-'.length)}.html`,
    );
    expect(wrong).toEqual([]);
    expect(failing((link) => isList(link) !== (link.title === ''))).toEqual([]);
    expect(failing((link) => isList(link) !== (link.publisher === 'MedlinePlus'))).toEqual([]);
  });

  test('about a cancer is of a page about that cancer, its treatment or its screening', () => {
    const wrong = failing(
      ({ publisher, article }) =>
        publisher === 'American Cancer Society' && !/cancer/.test(`${article} ${ENGLISH.get(article)?.id ?? ''}`),
    );
    expect(wrong).toEqual([]);
  });
});

describeWithData('languages', 'beside the lists that were found', () => {
  const addresses = new Set(LINKS.map(({ url }) => url));

  test('every statement and leaflet is here, in each of nine languages', () => {
    const found = read('languages/vis_and_acs_handouts_by_language.csv').map(({ url = '' }) => url);
    expect(found).toHaveLength(198);
    expect(found.filter((url) => !addresses.has(url))).toEqual([]);
  });

  test("every list of languages is here, but for two under topics' former addresses", () => {
    const listed = [
      ...read('medlineplus/2026-04/topic_facts_en.csv').map((row) => row['languages_url'] ?? ''),
      ...read('languages/medlineplus_language_pages_and_pdfs.csv').map(({ url = '' }) => url),
    ].filter((url) => url.startsWith('https://medlineplus.gov/languages/'));
    expect(new Set(listed).size).toBeGreaterThan(275);
    expect([...new Set(listed)].filter((url) => !addresses.has(url))).toEqual([
      'https://medlineplus.gov/languages/opioidmisuseandaddiction.html',
      'https://medlineplus.gov/languages/pregnancyanddruguse.html',
    ]);
  });
});
