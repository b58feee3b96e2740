import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readListLines } from '../../src/core/list/list-lines.js';
import { LIMITS } from '../../src/limits.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { growthOf, MOST_GROWTH } from '../support/growth.js';
import { ask } from './ask.js';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const FHIR_JSON = { 'Content-Type': 'application/fhir+json' };
const FHIR_XML = { 'Content-Type': 'application/fhir+xml' };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const { maxAttributes, maxEchoChars, maxElements, maxListChars, maxMembers } = LIMITS;

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => connector.stop());

const post = (path: string, headers: Record<string, string>, body: string) =>
  ask(connector.url, path, { method: 'POST', headers, body });
const members = (count: number): string => Array.from({ length: count }, (_, at) => `"a${at}":1`).join();
const attributes = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}="1"`).join(' ');
const names = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}`).join();

describe('each limit holds at its value and rejects one past it', () => {
  type Ask = (count: number) => ReturnType<typeof post>;
  const rows: [string, number, number, Ask][] = [
    [
      'members of a FHIR resource',
      maxMembers - 1,
      400,
      (count) => post('/fhir/$knowledge-request', FHIR_JSON, `{"resourceType":"Condition",${members(count)}}`),
    ],
    [
      'members of a call of CDS Hooks',
      maxMembers - 3,
      400,
      (count) => {
        const context = '"context":{"userId":"Practitioner/1","patientId":"1","encounterId":"1"}';
        const call = `"hook":"encounter-discharge","hookInstance":"0b4dd2b4-f66d-4ab4-a3a0-a7bd5a6e2ff0"`;
        return post('/cds-services/encounter-discharge', JSON_TYPE, `{${call},${context},${members(count)}}`);
      },
    ],
    [
      'attributes of an element of FHIR',
      maxAttributes - 1,
      400,
      (count) =>
        post('/fhir/$knowledge-request', FHIR_XML, `<Condition xmlns="http://hl7.org/fhir" ${attributes(count)}/>`),
    ],
    [
      'attributes of an element of C-CDA',
      maxAttributes - 1,
      400,
      (count) => {
        const document = `<ClinicalDocument xmlns="urn:hl7-org:v3" ${attributes(count)}><a/></ClinicalDocument>`;
        return post('/packet', FORM, `list=${encodeURIComponent(document)}`);
      },
    ],
    [
      'names of elements, in several parameters together',
      maxElements - 1,
      400,
      (count) => post('/fhir/DocumentReference/_search', FORM, `_count=1&_elements=date&_elements=${names(count)}`),
    ],
    ['characters of a list', maxListChars, 413, (count) => post('/packet', FORM, `list=${'+'.repeat(count - 3)}E11`)],
  ];
  test.each(rows)('%s', async (_name, most, status, send) => {
    const [allowed, rejected] = [await send(most), await send(most + 1)];
    // A hook without data is 412.
    expect([[200, 412].includes(allowed.status), rejected.status]).toEqual([true, status]);
  });
});

test('a rejected list comes back in its form, unless it is long: then the page says so', async () => {
  // Below the limit of a list, and of too many entries.
  const short = await post('/packet', FORM, `list=${'a%0A'.repeat(1001)}`);
  expect([short.status, short.text.includes('a\na\na\n')]).toEqual([400, true]);
  const long = await post('/packet', FORM, `list=${'zq,'.repeat(maxEchoChars / 2)}`);
  expect([long.status, long.text.includes('zq,'), long.text.length < maxEchoChars]).toEqual([400, false, true]);
  expect(long.text).toContain('too long to be shown here again');
});

test.each([
  ['lines', 'ab\n'],
  ['commas', 'a,'],
  ['numbers', 'a 2) '],
  ['bullets', '- \n'],
  ['blanks', ' '],
])('reading a list of %s takes no longer than its length makes it', async (_name, piece) => {
  const read = (chars: number): unknown => readListLines(piece.repeat(chars / piece.length), new Map());
  expect(await growthOf(400_000, read)).toBeLessThan(MOST_GROWTH);
});
