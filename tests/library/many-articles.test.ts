import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

test('more articles than are kept in memory are all found, in the order asked, whatever was asked before', () => {
  const { library } = connector;
  const ids = library.findArticleIds({ prefix: '' });
  expect(ids).toHaveLength(library.status().articles);
  const found = (asked: readonly string[]) => library.findArticles(asked).map(({ id }) => id);
  expect(found(ids.slice(0, 3000))).toEqual(ids.slice(0, 3000));
  expect(found(ids)).toEqual(ids);
  const backwards = [...ids].reverse();
  expect(found(backwards)).toEqual(backwards);
});
