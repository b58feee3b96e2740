import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import { textIn } from '../../../src/core/model/article.js';
import { toCard } from '../../../src/protocols/cds-hooks/card.js';
import { loadTexts } from '../../../src/texts.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { checkCards } from './hook-calls.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

test.each(['en', 'es'] as const)('where the EHR can launch our page, a card in %s leads there too', (language) => {
  const articles = connector.library.findArticles(['topic-asthma', 'topic-gout', 'topic-flu']).flatMap((article) => {
    const text = textIn(article, [ANYONE.language]);
    return text ? [{ article, text }] : [];
  });
  const smartLink = { url: 'https://education.example/launch', appContext: 'opaque' };
  const { config } = connector;
  const card = toCard(
    {
      ...{ uuid: '6e4d4a0e-27f1-4b1f-8d4e-8e1f0d9a1c11', articles, language, foreignLanguage: 'vi' },
      ...{ baseUrl: 'https://education.example', smartLink },
    },
    { ...config, texts: loadTexts(config.resourcesDir) },
  );
  checkCards({ cards: [card] });
  expect(card.links.map(({ type }) => type)).toEqual(['absolute', 'absolute', 'absolute', 'smart']);
  expect(card.links.at(-1)).toMatchObject(smartLink);
  expect(card.source.label).toBe(config.connectorName);
});
