import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LANGUAGES } from '../../../src/core/model/language.js';
import { foldText } from '../../../src/core/search/text-tokens.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

/** Triamcinolone is offered by its routes. */
const MOST_OTHERWISE = { en: 1, es: 1 };

test.each(LANGUAGES)(
  'an article’s exact title finds it first, or one of the same title: all titles in %s',
  async (language) => {
    const vocabulary = readVocabulary('resources');
    const { library } = connector;
    const articles = library.findArticles([...library.findArticleIds({ prefix: '' })]);
    const otherwise: string[] = [];
    let titles = 0;
    for (const { texts } of articles) {
      const title = texts[language]?.title;
      // People judged another page right for a few titles, each named with its reason.
      if (title === undefined || vocabulary.judgedTitles.has(`${language} ${foldText(title)}`)) continue;
      titles += 1;
      const understood = await understandWords(
        { query: title, language, kind: 'article', count: 3 },
        library,
        vocabulary,
      );
      // A drug with pages for several routes is offered by route, none first.
      const offered =
        understood.kind === 'abbreviation'
          ? understood.readings.flatMap(({ articles: of }) => of)
          : understood.hits.slice(0, 1);
      const names = offered.flatMap((hit) =>
        hit.kind === 'article' ? Object.values(hit.article.texts).map((text) => foldText(text.title)) : [],
      );
      // CDC's statement on a vaccine stands before the other pages on it.
      const [led] = offered;
      const isLedByStatement = led?.kind === 'article' && led.article.kind === 'vis';
      if (!isLedByStatement && !names.includes(foldText(title))) otherwise.push(title);
    }
    expect(titles).toBeGreaterThan(4000);
    process.stdout.write(
      `${language}: ${otherwise.length} of ${titles} otherwise: ${otherwise.slice(0, 40).join('; ')}\n`,
    );
    expect(otherwise.length).toBeLessThanOrEqual(MOST_OTHERWISE[language]);
  },
);
