import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  setFlagsFromString('--allow-natives-syntax');
  connector = await startConnector();
});
afterAll(async () => {
  setFlagsFromString('--no-allow-natives-syntax');
  await connector.stop();
});

/** How many hidden classes objects are of: only the engine knows. */
function countShapes(all: readonly object[]): number {
  const haveSameShape = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (
    a: object,
    b: object,
  ) => boolean;
  const shapes: object[] = [];
  for (const one of all) if (!shapes.some((shape) => haveSameShape(shape, one))) shapes.push(one);
  return shapes.length;
}

test('articles are of one shape, and their texts: code that meets thousands of shapes runs slowly', () => {
  const { library } = connector;
  const articles = library.findArticles(library.findArticleIds({ prefix: '' }).slice(0, 2000));
  expect(countShapes(articles)).toBe(1);
  expect(countShapes(articles.flatMap(({ texts }) => Object.values(texts)))).toBe(1);
});
