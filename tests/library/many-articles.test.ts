import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

test('more articles than are kept in memory are all found, in the order asked, whatever was asked before', async () => {
  const { library } = connector;
  const ids = await library.findArticleIdsByPrefix('');
  expect(ids).toHaveLength(library.status().articles);
  const found = async (asked: readonly string[]) => (await library.findArticles(asked)).map(({ id }) => id);
  expect(await found(ids.slice(0, 3000))).toEqual(ids.slice(0, 3000));
  expect(await found(ids)).toEqual(ids);
  const backwards = [...ids].reverse();
  expect(await found(backwards)).toEqual(backwards);
});
