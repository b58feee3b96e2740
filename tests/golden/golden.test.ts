import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';

/**
 * Answers byte for byte. A file changes only with GOLDEN_UPDATE=1 (`npm run golden:update`), and each change of one is
 * read before it is committed: a client somewhere parses these bytes.
 */
const UPDATE = process.env.GOLDEN_UPDATE === '1';
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

let connector: TestConnector;
beforeAll(async () => {
  // No port in any body; the clock stands still in every test connector.
  connector = await startConnector({ env: { PUBLIC_URL: 'http://connector.test' } });
});
afterAll(() => connector.stop());

const ICD_10_CM = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
const N53_14 = `${ICD_10_CM}&mainSearchCriteria.v.c=N53.14`;
const SPANISH = 'informationRecipient.languageCode.c=es';

const REQUESTS: readonly [name: string, query: string, status: number][] = [
  ['n53.14-en', N53_14, 200],
  ['n53.14-es', `${N53_14}&${SPANISH}`, 200],
  ['aggregate', `${N53_14}&mainSearchCriteria.v.c1=E11.3211&${ICD_10_CM.replace('.cs=', '.cs1=')}`, 200],
  ['miss', `${ICD_10_CM}&mainSearchCriteria.v.c=ZZZ99`, 200],
  ['error', 'mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.cs=1.2.3', 400],
  ['error-es', `mainSearchCriteria.v.c=N53.14&${SPANISH}`, 400],
  ['explained', `${N53_14}&explain=true`, 200],
];

// The callback is an object that a linter knows, since the files are scripts.
const SCRIPT = 'knowledgeResponseType=application/javascript&callback=document.showEducation';

const FORMATS: readonly [file: string, path: string, type: string, query: string][] = [
  ['medlineplus/*.xml', '/service', 'text/xml', 'knowledgeResponseType=text/xml'],
  ['medlineplus/*.json', '/service', 'application/json', 'knowledgeResponseType=application/json'],
  ['medlineplus/*.js', '/service', 'application/javascript', SCRIPT],
  ['medlineplus/*.html', '/application', 'text/html', ''],
  ['hl7/*.xml', '/infobutton', 'text/xml', 'knowledgeResponseType=text/xml'],
  ['hl7/*.json', '/infobutton', 'application/json', 'knowledgeResponseType=application/json'],
  ['hl7/*.js', '/infobutton', 'application/javascript', SCRIPT],
  ['hl7/*.html', '/infobutton', 'text/html', 'knowledgeResponseType=text/html'],
];

/** The version of a page's own files: it changes with their style, and with nothing that a client reads. */
const VERSION = /(\/assets\/\w+\.\w+)\?v=[0-9a-f]{10}/g;

describe.each(FORMATS)('%s', (pattern, path, type, format) => {
  test.each(REQUESTS)('holds the bytes of %s', async (name, query, status) => {
    const response = await fetch(`${connector.url}${path}?${query}&${format}`);
    const answered = Buffer.from(await response.arrayBuffer());
    const bytes = type === 'text/html' ? Buffer.from(answered.toString('utf8').replace(VERSION, '$1')) : answered;
    // A browser runs no script of a 4xx.
    const sent = type === 'application/javascript' ? 200 : status;
    expect([response.status, response.headers.get('content-type')]).toEqual([sent, `${type}; charset=utf-8`]);
    expect(bytes.toString('utf8')).not.toContain('127.0.0.1');
    const file = FOLDER + pattern.replace('*', name);
    if (UPDATE) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    expect(existsSync(file)).toBe(true);
    expect(bytes.toString('utf8')).toBe(readFileSync(file, 'utf8'));
    expect(bytes.equals(readFileSync(file))).toBe(true);
  });
});

test('there is no golden file that nobody compares', () => {
  const compared = FORMATS.flatMap(([pattern]) => REQUESTS.map(([name]) => pattern.replace('*', name)));
  const there = ['medlineplus', 'hl7'].flatMap((dialect) =>
    readdirSync(FOLDER + dialect).map((name) => `${dialect}/${name}`),
  );
  expect(there.sort()).toEqual(compared.sort());
});
