import { describe, expect, test } from '@jest/globals';
import { ARTICLE_KINDS, handoutName, handoutUrl, publisherTextIn, textIn } from '../../../src/core/model/article.js';
import type { Publisher } from '../../../src/core/model/article.js';
import { testArticle, testText } from '../../support/memory-library.js';

test('the kinds are those that open an id', () => {
  expect([...ARTICLE_KINDS].sort()).toEqual([
    'drug',
    'ency',
    'encypi',
    'genetics',
    'herb',
    'label',
    'local',
    'test',
    'topic',
    'vis',
  ]);
});

describe('the text of an article', () => {
  const both = testArticle('topic-a');
  const english = testArticle('topic-a', { texts: { en: testText('topic-a', 'en') } });

  test.each([
    ['comes in the language asked first', both, ['es', 'en'], 'es'],
    ['comes in the other where the first is missing', english, ['es', 'en'], 'en'],
    ['is none in a language that nobody would accept', english, ['es'], undefined],
    ['is none where the article has none', testArticle('topic-a', { texts: {} }), ['en', 'es'], undefined],
  ] as const)('%s', (_name, article, languages, language) => {
    expect(textIn(article, languages)?.language).toBe(language);
  });
});

describe("a publisher's words", () => {
  const words = (attribution: string) => ({ attribution, rights: '©', disclaimer: 'call 911' });
  const publisher: Publisher = {
    id: 'adam',
    name: 'A.D.A.M.',
    url: 'https://a.example',
    licensed: true,
    texts: { en: words('Source'), es: words('Fuente') },
  };

  test.each([
    ['come in the language asked', publisher, 'Fuente'],
    ['come in English where it is missing', { ...publisher, texts: { en: words('Source') } }, 'Source'],
    ['are at least the name', { ...publisher, texts: {} }, 'A.D.A.M.'],
  ])('%s', (_name, asked, attribution) => {
    expect(publisherTextIn(asked, 'es').attribution).toBe(attribution);
  });
});

test.each(['icd10_n53.14_en.pdf', 'drug_50% glucose_en.html', 'drug_a+b#1_es.pdf'])(
  'the address of the handout %s leads back to it',
  (name) => {
    expect(handoutName(handoutUrl(name))).toBe(name);
  },
);

test.each([
  ['handouts/a%2.pdf', 'a%2.pdf'],
  ['https://medlineplus.gov/handouts/a.pdf', undefined],
  ['', undefined],
])('the handout at %j is %j', (url, name) => {
  expect(handoutName(url)).toBe(name);
});
