import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseYaml } from '../../../src/core/read-data-file.js';
import { understandWords } from '../../../src/core/words/understand-words.js';
import { readVocabulary } from '../../../src/read-vocabulary.js';
import { readFileSync } from 'node:fs';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

const vocabulary = readVocabulary('resources');
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const listIds = async (query: string, language: 'en' | 'es' = 'en'): Promise<string[]> => {
  const request = { query, language, kind: 'article', count: 4 } as const;
  const { hits } = await understandWords(request, connector.library, vocabulary);
  return hits.flatMap((hit) => (hit.kind === 'article' ? [hit.article.id] : []));
};

test.each([
  ['MMR vaccine', 'vis-mmr'],
  ['hepatitis B vaccine', 'vis-hepatitis-b'],
  ['hep B shot', 'vis-hepatitis-b'],
  ['DTaP vaccine', 'vis-dtap'],
  ['Tdap vaccine', 'vis-tdap'],
  ['flu shot', 'vis-influenza-inactivated'],
  ['FluMist', 'vis-influenza-live-intranasal'],
  ['shingles vaccine', 'vis-shingles'],
  ['Shingrix', 'vis-shingles'],
  ['Gardasil 9', 'vis-hpv'],
  ['covid booster', 'vis-covid-19'],
  ['RSV vaccine', 'vis-rsv'],
  ['Beyfortus', 'vis-immunization-information-statement'],
  ['is the hpv vaccine safe', 'vis-hpv'],
])("%s finds CDC's statement first", async (query, first) => {
  expect((await listIds(query))[0]).toBe(first);
});

test('a combination finds the statement on each of its vaccines', async () => {
  expect(await listIds('Pediarix')).toEqual(expect.arrayContaining(['vis-dtap', 'vis-polio', 'vis-hepatitis-b']));
});

test('a disease and vaccines in general have no statement first', async () => {
  expect((await listIds('shingles'))[0]).not.toMatch(/^vis-/);
  expect((await listIds('vaccines'))[0]).toBe('topic-vaccines');
});

test('a reader of Spanish finds a page in Spanish first', async () => {
  expect((await listIds('vacuna contra la gripe', 'es'))[0]).toBe('topic-flushot');
});

test('every page that a statement leads is there', () => {
  const table = parseYaml(readFileSync('resources/search/vaccine-statements.yaml', 'utf8')) as Record<string, string>;
  const ids = Object.entries(table).flatMap(([statement, pages]) => [statement, ...pages.split(' ')]);
  const found = new Set(connector.library.findArticles(ids).map(({ id }) => id));
  expect(ids.filter((id) => !found.has(id))).toEqual([]);
});
