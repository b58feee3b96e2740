import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { createShippedDatabase } from '../support/shipped-database.js';

const query = jest.spyOn(pg.Client.prototype, 'query');

let connector: TestConnector;
beforeAll(async () => {
  // Nothing comes from the answer cache: what is counted is what an answer asks that is none of the last.
  const env = { DATABASE_URL: await createShippedDatabase(), CACHE_MAX_BYTES: '0' };
  connector = await startConnector({ env });
});
afterAll(async () => {
  await connector.stop();
  query.mockRestore();
});
beforeEach(() => {
  query.mockClear();
});

/** What the database was asked since the case began, by name: no answer's are the looks for swaps and a session's settings. */
function asked(): string[] {
  const statements = query.mock.calls.map(([first]) => first as unknown as string | { name?: string; text: string });
  const named = statements.map((one) => (typeof one === 'string' ? one : (one.name ?? one.text)));
  return named.filter((name) => name !== 'version' && !name.startsWith('SET ')).sort();
}

async function get(path: string): Promise<void> {
  const response = await fetch(`${connector.url}${path}`);
  await response.arrayBuffer();
  expect(response.status).toBe(200);
}

const SYSTEM = 'http://hl7.org/fhir/sid/icd-10-cm';
const code = (value: string): string =>
  `mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${value}`;
const drug = (name: string): string => `mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.dn=${name}`;
const chart = (codes: readonly string[]): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/fhir+json' },
  body: JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: codes.map((one) => ({
      resource: { resourceType: 'Condition', code: { coding: [{ system: SYSTEM, code: one }] } },
    })),
  }),
});

test('what is not in memory yet is read in one statement for all articles of an answer', async () => {
  await get(`/service?${code('W19')}`);
  await get(`/infobutton?${drug('metformin')}`);
  expect(asked()).toEqual(['find-articles', 'find-articles', 'find-mappings', 'find-mappings']);
});

/** What is told of it, what it is called and what is above it, what is below it, and what it is elsewhere. */
const PAGE_OF_CODE = ['find-children', 'find-concepts', 'find-crosswalks-from', 'find-mappings'];

/** A search goes step by step: words, what else they may mean, words that sound alike, documents, what their codes are called. */
const MISSPELT = [
  'find-concepts',
  'find-documents',
  'find-grams',
  'find-synonyms',
  'find-terms',
  'find-terms',
  'find-terms-by-id',
];

describe('once articles are in memory', () => {
  beforeAll(async () => {
    const { library } = connector;
    const ids = await library.findArticleIdsByPrefix('');
    expect(ids.length).toBeGreaterThan(1000);
    await Promise.all([library.findArticles(ids), library.findCodes(ids)]);
    // What goes by no code is read once for all: the first $lookup and the first search over FHIR do.
    await get('/fhir/DocumentReference?_text=asthma');
    await get(`/fhir/CodeSystem/$lookup?system=${SYSTEM}&code=A09`);
    // Of what is above codes there is little: after the first code of a chapter it is in memory.
    await get('/code/icd-10-cm/M16.0');
  });

  test.each([
    ['MedlinePlus Connect', ['find-mappings'], `/service?${code('J45.909')}`],
    ['MedlinePlus Connect, JSON', ['find-mappings'], `/service?${code('I10')}&knowledgeResponseType=application/json`],
    ['HL7 Infobutton', ['find-mappings'], `/infobutton?${code('E11.9')}`],
    ['HL7 Infobutton by the name of a drug', ['find-mappings'], `/infobutton?${drug('ibuprofen')}`],
    ['DocumentReference by event', ['find-mappings'], `/fhir/DocumentReference?event=${SYSTEM}|K21.9`],
    ['DocumentReference by what it explains', ['find-mappings'], `/fhir/DocumentReference?explains=${SYSTEM}|M54.50`],
    ['DocumentReference by words', [], '/fhir/DocumentReference?_text=diabetes'],
    ['$translate', ['find-mappings'], `/fhir/ConceptMap/$translate?system=${SYSTEM}&code=R51.9`],
    ['$validate-code', ['find-concepts'], `/fhir/CodeSystem/$validate-code?url=${SYSTEM}&code=J02.9`],
    ['$lookup', ['find-children', 'find-concepts'], `/fhir/CodeSystem/$lookup?system=${SYSTEM}&code=N20.0`],
    ['a page of a code', ['find-concepts', 'find-mappings'], `/application?${code('H40.9')}`],
    ['a list of codes', ['find-mappings'], '/find?q=G43.909%0AN18.6%0AL40.9%0AB20%0AE78.5%0AF32.9'],
    ['the page of a code in its system', PAGE_OF_CODE, '/code/icd-10-cm/M16.11'],
    ['the page of an article', ['find-concepts'], '/article/topic-asthma'],
    ['a search for a code', ['find-concepts', 'find-concepts-below', 'find-mappings'], '/search?q=D64.9'],
    ['a search for words', ['find-concepts', 'find-documents', 'find-synonyms', 'find-terms'], '/search?q=asthma'],
    ['a search for words not spelt right', MISSPELT, '/search?q=diabtes'],
  ])('%s asks %j', async (_name, expected, path) => {
    await get(path);
    expect(asked()).toEqual(expected);
  });

  test('a chart of forty codes asks no more than one of one', async () => {
    const codes = Array.from({ length: 40 }, (_, index) => `S${10 + index}`);
    const response = await fetch(`${connector.url}/fhir/$knowledge-request`, chart(codes));
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    expect(asked()).toEqual(['find-mappings']);
  });
});
