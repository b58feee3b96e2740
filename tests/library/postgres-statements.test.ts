import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, databaseOf, openLibrary } from '../../src/library/open.js';
import { openFeedback } from '../../src/library/open-feedback.js';
import { StoredLibrary } from '../../src/library/stored/stored-library.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

const server = suitePostgres();

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions & { readonly database: { readonly url: string; readonly maxConnections: number } };
beforeEach(async () => {
  folder = temporaryFolder();
  // One connection: its session tells of all that was asked.
  places = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 1 } };
});
afterEach(() => {
  folder.remove();
});

const icd10 = (code: string) => ({ system: 'icd-10-cm', code }) as const;

test('each question is one statement, however much is asked at once, and is prepared by its name', async () => {
  await buildLibraryFile(places);
  const reader = await databaseOf(places).openReader();
  const library = await StoredLibrary.open(reader);
  /** Prepared statements of the session but for the look for swaps: name → how often it was run. */
  const counts = async (): Promise<Record<string, number>> => {
    const rows = await reader.all<{ name: string; runs: number }>(
      "SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE name <> 'version'",
    );
    return Object.fromEntries(rows.map(({ name, runs }) => [name, runs]));
  };
  expect(await counts()).toEqual({});
  const codings = ['W19', 'N53.14', 'J45.909', 'E11.9', 'A01', 'B02', 'C03', 'D04', 'E05'].map(icd10);
  const snomed = { system: 'snomed-ct', code: '195967001' } as const;
  await library.findMappings([...codings, snomed]);
  expect(await counts()).toEqual({ 'find-mappings': 1 });
  await library.findArticles(['topic-falls', 'topic-asthma', 'ency-001282', 'nothing']);
  await library.findConcepts(codings);
  expect(await counts()).toEqual({ 'find-mappings': 1, 'find-articles': 1, 'find-concepts': 1 });
  // From memory, and again with what is not there.
  await library.findMappings(codings);
  await library.findMappings([icd10('F06'), icd10('G07')]);
  expect(await counts()).toEqual({ 'find-mappings': 2, 'find-articles': 1, 'find-concepts': 1 });
  await library.close();
});

test('what many ask at once of one kind is one statement of each kind, and each is planned once for all', async () => {
  await buildLibraryFile(places);
  const reader = await databaseOf(places).openReader();
  const library = await StoredLibrary.open(reader);
  const codes = ['W19', 'N53.14', 'J45.909', 'E11.9'].map(icd10);
  const articles = ['topic-falls', 'topic-asthma', 'ency-001282', 'topic-diabetestype2'];
  const together = await Promise.all([
    ...codes.map((coding) => library.findMappings([coding])),
    ...codes.map((coding) => library.findArticleIds(coding)),
    ...codes.map((coding) => library.findConceptsBelow([coding], 3)),
    library.findSynonyms(['sugar diabetes']),
    library.findSynonyms(['high blood', 'sugar diabetes']),
    ...codes.map((coding) => library.findChildren(coding)),
    ...codes.map((coding) => library.findCrosswalks(coding, 'to')),
    ...articles.map((id) => library.findArticles([id])),
    ...articles.map((id) => library.findCodes([id])),
  ]);
  const prepared = await reader.all<{ name: string; generic: number; custom: number }>(
    `SELECT name, generic_plans AS generic, custom_plans AS custom
     FROM pg_prepared_statements WHERE name <> 'version' ORDER BY name`,
  );
  const once = ['articles', 'children', 'codes', 'concepts-below', 'crosswalks-to', 'mappings', 'synonyms'];
  expect(prepared).toEqual(once.map((name) => ({ name: `find-${name}`, generic: 1, custom: 0 })));
  await library.close();
  // Each as if it were asked alone.
  const { library: alone } = await openLibrary(places);
  const oneByOne: unknown[] = [];
  for (const coding of codes) oneByOne.push(await alone.findMappings([coding]));
  for (const coding of codes) oneByOne.push(await alone.findArticleIds(coding));
  for (const coding of codes) oneByOne.push(await alone.findConceptsBelow([coding], 3));
  for (const terms of [['sugar diabetes'], ['high blood', 'sugar diabetes']])
    oneByOne.push(await alone.findSynonyms(terms));
  for (const coding of codes) oneByOne.push(await alone.findChildren(coding));
  for (const coding of codes) oneByOne.push(await alone.findCrosswalks(coding, 'to'));
  for (const id of articles) oneByOne.push(await alone.findArticles([id]));
  for (const id of articles) oneByOne.push(await alone.findCodes([id]));
  expect(together).toEqual(oneByOne);
  await alone.close();
});

test('who asks for thousands of codes below one makes no other question longer', async () => {
  await buildLibraryFile(places);
  const { library: alone } = await openLibrary(places);
  const asked = [3, 3, 5000].map((most, index) => ({ codings: [icd10(['W19', 'E11', 'E'][index] ?? '')], most }));
  const oneByOne = [];
  for (const { codings, most } of asked) oneByOne.push(await alone.findConceptsBelow(codings, most));
  await alone.close();
  const reader = await databaseOf(places).openReader();
  const read = jest.spyOn(reader, 'read');
  const library = await StoredLibrary.open(reader);
  const together = await Promise.all(asked.map(({ codings, most }) => library.findConceptsBelow(codings, most)));
  expect(together).toEqual(oneByOne);
  expect(read.mock.calls).toMatchObject([
    ['find-concepts-below', { most: 3, codings: [{ code: 'W19' }, { code: 'E11' }] }],
    ['find-concepts-below', { most: 5000, codings: [{ code: 'E' }] }],
  ]);
  await library.close();
});

test('what a session needs is set by statements: a pooler refuses what is set as a connection is opened', async () => {
  await buildLibraryFile(places);
  const reader = await databaseOf(places).openReader();
  const settings = await reader.all(
    `SELECT name, setting FROM pg_settings
     WHERE name IN ('statement_timeout', 'jit', 'plan_cache_mode') AND source = 'session' ORDER BY name`,
  );
  expect(settings).toEqual([
    { name: 'jit', setting: 'off' },
    { name: 'plan_cache_mode', setting: 'force_generic_plan' },
    { name: 'statement_timeout', setting: '5000' },
  ]);
  const opened = `SELECT name FROM pg_settings WHERE source = 'client'
    AND name NOT IN ('application_name', 'client_encoding', 'database', 'user', 'DateStyle')`;
  expect(await reader.all(opened)).toEqual([]);
  await reader.close();
  const writer = await databaseOf(places).connect({ lockMs: 700, statementMs: 300 });
  expect(await writer.all(opened)).toEqual([]);
  expect(await writer.all('SHOW lock_timeout')).toEqual([{ lock_timeout: '700ms' }]);
  expect(await writer.all('SHOW idle_in_transaction_session_timeout')).toEqual([
    { idle_in_transaction_session_timeout: '10s' },
  ]);
  await writer.close();
});

/** The tables as an older program has left them, after its first or its second change of them. */
async function makeOld(version: number): Promise<void> {
  const client = new pg.Client({ connectionString: places.database.url });
  await client.connect();
  await client.query('CREATE TABLE schema_version (version INTEGER NOT NULL)');
  await client.query('INSERT INTO schema_version VALUES ($1)', [version]);
  for (const name of ['schema', 'written-schema', 'feedback-schema'].slice(0, version)) {
    await client.query(readFileSync(`resources/sql/postgres/${name}.sql`, 'utf8'));
  }
  if (version === 2) {
    await client.query(`INSERT INTO written_version (type, id, version, method, written_at, content)
      VALUES ('Document', 'old', 1, 'PUT', '2026-01-01T00:00:00.000Z', '{"id":"old"}')`);
    await client.query(`INSERT INTO written_resource VALUES ('Document', 'old', 1,
      '${JSON.stringify(handoutRows('local-old', 'W20', 'Old'))}')`);
  }
  await client.end();
}

test.each([1, 2, 3])('tables of version %s are brought up to date, with all they hold', async (version) => {
  await makeOld(version);
  const [first, second] = await Promise.all([openLibrary(places), openLibrary(places)]);
  const [written] = await first.written.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
  expect(written?.sequence).toBe(version === 2 ? 2 : 1);
  expect((await second.written.findLatest('Document', ['old', 'a'])).map(({ id }) => id).sort()).toEqual(
    version === 2 ? ['a', 'old'] : ['a'],
  );
  expect(await first.library.findArticleIds(icd10('W20'))).toEqual(version === 2 ? ['local-old'] : []);
  const queue = openFeedback(places);
  await queue.add({ reason: 'other', article: 'local-a', language: 'en', coding: undefined, remark: '' }, NOW);
  expect(await second.feedback?.list()).toHaveLength(1);
  await queue.close();
  for (const { written: store, library } of [first, second]) {
    await store.close();
    await library.close();
  }
});
