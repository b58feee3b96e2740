import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runHere } from '../cli/run-cli.js';
import { startConnector, temporaryFolder, testConfig, type TestConnector } from '../support/connector.js';
import { putShippedLibrary } from '../support/shipped-library.js';

const FILES: Record<string, string> = {
  'codes.csv': 'system,code,count\nicd-10-cm,N53.14,3\n',
  'access.log':
    '192.0.2.1 - - [01/Dec/2026:10:00:00 +0000] "GET /service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14 HTTP/1.1" 200 1\n',
};
/** Commands of docs/operations/reference.md that only read, each with a part of its output. */
const PRINTED: Record<string, string> = {
  'lookup N53.14': 'Retrograde ejaculation',
  'lookup --system snomed 195967001 --language es --json': '"title": "Asma"',
  'coverage codes.csv': 'by the code itself',
  'replay access.log': '1 of them requests to MedlinePlus Connect',
};

const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
  await putShippedLibrary(testConfig(folder.path));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder.path, name), text);
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

test.each(Object.entries(PRINTED))('docs/operations/reference.md shows `%s`, which works', async (line, printed) => {
  expect(readFileSync('docs/operations/reference.md', 'utf8')).toContain(`\nnpx education-connect ${line}\n`);
  const words = line.split(' ').map((word) => (word in FILES ? join(folder.path, word) : word));
  const { code, stdout } = await runHere(words, { LIBRARY_PATH: testConfig(folder.path).libraryPath });
  expect(code).toBe(0);
  expect(stdout).toContain(printed);
});

test('the call of docs/ehr.md gets the card that it promises', async () => {
  const [, call = ''] = /```sh\n(curl -s http[^`]*)```/.exec(readFileSync('docs/ehr.md', 'utf8')) ?? [];
  const { stdout } = await promisify(execFile)('sh', ['-c', call.replace('http://127.0.0.1:3000', connector.url)]);
  const { cards } = JSON.parse(stdout) as { cards: { summary: string }[] };
  expect(cards.map(({ summary }) => summary)).toEqual(['Metformin: page for the patient']);
});
