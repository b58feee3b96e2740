import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from './support/connector.js';
import { startConnector } from './support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

test('an infobutton call for N53.14 gets its article', async () => {
  const query = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
  const response = await fetch(`${connector.url}/service?${query}&knowledgeResponseType=application/json`);
  const { feed } = (await response.json()) as { feed: { entry: { link: { href: string }[] }[] } };
  expect(feed.entry[0]?.link[0]?.href).toContain('https://medlineplus.gov/ency/article/001282.htm');
});
