import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import { startConnector, type TestConnector } from '../support/connector.js';

const FOLDER = 'docs/bruno';
const { buildCollection } = (await import(pathToFileURL(resolve('tools/bruno/collection.mjs')).href)) as {
  readonly buildCollection: () => Record<string, string>;
};

const paths = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name).slice(FOLDER.length + 1));
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');

/** The blocks of a Bru file, by name, without the indent of their lines. */
const readBlocks = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/^(\S+) \{\n([^]*?)^\}$/gm)].map(([, name = '', lines = '']) => [
      name,
      lines.replace(/^ {2}/gm, '').trimEnd(),
    ]),
  );

/** The names and values of a block. */
const readPairs = (block = ''): [string, string][] =>
  block.split('\n').flatMap((line) => {
    const at = line.indexOf(': ');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 2)] as [string, string]];
  });

interface BruRequest {
  readonly path: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly checks: [string, string][];
}

function readRequest(path: string): BruRequest {
  const blocks = readBlocks(read(path));
  const method = ['get', 'post', 'put', 'delete'].find((name) => blocks.has(name)) ?? '';
  const form = blocks.get('body:form-urlencoded');
  const encoded = form === undefined ? undefined : new URLSearchParams(readPairs(form)).toString();
  const { url = '' } = Object.fromEntries(readPairs(blocks.get(method)));
  const headers = Object.fromEntries(readPairs(blocks.get('headers')));
  const body = blocks.get('body:json') ?? encoded;
  return { path, method: method.toUpperCase(), url, headers, body, checks: readPairs(blocks.get('assert')) };
}

const OPERATORS: Record<string, (value: unknown, wanted: string) => boolean> = {
  eq: (value, wanted) => String(value) === wanted,
  contains: (value, wanted) => String(value).includes(wanted),
  isDefined: (value) => value !== undefined,
  isNotEmpty: (value) => value !== '' && value !== undefined,
};

/** Finds a value by its path, as Bruno does: `res.body.feed.entry[0].title`. */
const findValue = (res: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .slice(1)
    .filter((name) => name !== '')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], res);

const requests = paths.filter((path) => /\/(?!folder\.)[^/]+\.bru$/.test(path) && !path.startsWith('environments'));
const BASE = readPairs(readBlocks(read('environments/local.bru')).get('vars'))[0];

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

test('docs/bruno is what tools/bruno/write.mjs writes', () => {
  const written = Object.fromEntries(paths.map((path) => [path, read(path)]));
  expect(written).toEqual(buildCollection());
});

test('there are requests for each task, below one address', () => {
  expect(BASE).toEqual(['baseUrl', 'http://127.0.0.1:3000']);
  const tasks = requests.map((path) => path.split('/')[0]);
  const expected = ['switch-from-medlineplus-connect', 'fhir-search', 'knowledge-request', 'cds-hooks'];
  expect([...new Set(tasks)].sort()).toEqual(expected.sort());
});

test.each(requests)('%s is answered as it says', async (path) => {
  const { method, url, headers, body, checks } = readRequest(path);
  expect(url).toMatch(/^\{\{baseUrl\}\}\//);
  const address = url.replace('{{baseUrl}}', '');
  const reply = await ask(connector.url, address, { method, headers, ...(body === undefined ? {} : { body }) });
  const isJson = reply.headers['content-type']?.includes('json') === true;
  const res = { status: reply.status, body: isJson ? (JSON.parse(reply.text) as unknown) : reply.text };
  expect(checks.length).toBeGreaterThan(0);
  for (const [value, check] of checks) {
    const [, operator = '', wanted = ''] = /^(\w+) ?(.*)$/.exec(check) ?? [];
    const found = findValue(res, value);
    expect([value, check, OPERATORS[operator]?.(found, wanted) === true ? 'as expected' : found]).toEqual([
      value,
      check,
      'as expected',
    ]);
  }
});
