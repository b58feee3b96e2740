import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readSourceAttributes } from '../../src/web/pages/source-attributes-page.js';
import { startConnector, type TestConnector } from '../support/connector.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const mappings = readSourceAttributes().entries.filter(({ file }) => file !== undefined);

test('every mapping that ships is there, with its rows by origin', () => {
  expect(mappings).toHaveLength(7);
  for (const { file = '', rows } of mappings) {
    const counts: Record<string, number> = {};
    for (const { origin = '' } of parse<Record<string, string>>(readFileSync(`mappings/${file}.csv`), {
      columns: true,
    }))
      counts[origin] = (counts[origin] ?? 0) + 1;
    expect([file, rows]).toEqual([file, counts]);
  }
});

test('error rates are those of mappings/README.md', () => {
  const lines = readFileSync('mappings/README.md', 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll(',', '')));
  for (const { codes, read, firstWrong } of mappings.flatMap(({ errors = [] }) => errors)) {
    const row = lines.find(([, name]) => name === codes.replaceAll(',', ''));
    expect([codes, row?.[2], row?.[3]]).toEqual([codes, String(read), String(firstWrong)]);
  }
});

test('page and JSON have all of it; the page about the library leads there', async () => {
  const open = async (path: string) => (await fetch(connector.url + path)).text();
  expect(await open('/about')).toContain('href="/source-attributes"');
  const [page, spanish] = [await open('/source-attributes'), await open('/source-attributes?lang=es')];
  for (const { name } of readSourceAttributes().entries)
    expect(page).toContain(name.replaceAll("'", '&#39;').slice(0, 4));
  expect(page).toContain('No health information here is generated text');
  expect(spanish).toContain('Las entradas están en inglés');
  expect(JSON.parse(await open('/source-attributes.json'))).toEqual(readSourceAttributes());
});
