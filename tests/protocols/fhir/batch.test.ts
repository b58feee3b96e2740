import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, BundleEntry, OperationOutcome } from '@medplum/fhirtypes';
import { LIMITS } from '../../../src/limits.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ask } from '../../http/ask.js';
import { ICD, askFhir } from './fhir-server.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  askFhir<Bundle | OperationOutcome>(connector.url, '', {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const entryOf = (url: string, method = 'GET', more: object = {}) => ({ request: { method, url, ...more } });
const batch = (entry: unknown[], type = 'batch') => post({ resourceType: 'Bundle', type, entry });
const entriesOf = async (entry: unknown[]): Promise<BundleEntry[]> => {
  const { reply, resource } = await batch(entry);
  expect([reply.status, (resource as Bundle).type]).toEqual([200, 'batch-response']);
  return (resource as Bundle).entry ?? [];
};

describe('a batch', () => {
  test('answers each entry as it would be answered alone', async () => {
    const urls = ['DocumentReference/topic-acne-en', `DocumentReference?event=${ICD}|J45`, 'metadata', '/metadata'];
    const entries = await entriesOf([...urls, `${connector.url}/fhir/metadata`].map((url) => entryOf(url)));
    expect(entries.map(({ response }) => response?.status)).toEqual(Array(5).fill('200 OK'));
    for (const [index, url] of urls.slice(0, 3).entries()) {
      expect(entries[index]?.resource).toEqual((await askFhir(connector.url, `/${url}`)).resource);
    }
    const [read] = entries;
    expect(read?.response?.etag).toBe(`W/"${read?.resource?.meta?.versionId ?? ''}"`);
    expect(read?.response?.lastModified).toBe(read?.resource?.meta?.lastUpdated);
  });

  test('tells an entry’s error within it', async () => {
    const sent = [
      [entryOf('DocumentReference/none-en'), '404'],
      [entryOf('Patient/1'), '404'],
      [entryOf('$hello', 'POST'), '404'],
      [entryOf('DocumentReference/topic-acne-en/_search'), '404'],
      [entryOf('DocumentReference?event=a|b|c'), '400'],
      [entryOf('metadata', 'POST'), '405'],
      [entryOf('metadata', 'PATCH'), '400'],
      [entryOf('metadata', 'get'), '400'],
      [entryOf('', 'POST'), '400'],
      [entryOf('http://example.org/fhir/metadata'), '400'],
      [entryOf('DocumentReference/%E0%A4%A'), '400'],
      [{}, '400'],
      [{ request: { method: 'GET' } }, '400'],
      [entryOf('metadata'), '200'],
    ] as const;
    const entries = await entriesOf(sent.map(([entry]) => entry));
    expect(entries.map(({ response }) => response?.status.slice(0, 3))).toEqual(sent.map(([, status]) => status));
    for (const [index, { response }] of entries.slice(0, -1).entries()) {
      const [issue] = (response?.outcome as OperationOutcome).issue;
      expect(issue).toMatchObject({
        severity: 'error',
        details: { text: expect.stringContaining(`Bundle.entry[${index}]: `) },
        expression: [expect.stringMatching(new RegExp(`^Bundle\\.entry\\[${index}\\](\\.request)?$`))],
      });
    }
    expect((entries[0]?.response?.outcome as OperationOutcome).issue[0]?.code).toBe('not-found');
  });

  test('knows what the client holds', async () => {
    const url = 'DocumentReference/topic-acne-en';
    const [first] = await entriesOf([entryOf(url)]);
    const ifNoneMatch = first?.response?.etag;
    const [again, other] = await entriesOf([
      entryOf(url, 'GET', { ifNoneMatch }),
      entryOf(url, 'GET', { ifNoneMatch: 'W/"x"' }),
    ]);
    expect([again?.response?.status, again?.resource, other?.response?.status]).toEqual([
      '304 Not Modified',
      undefined,
      '200 OK',
    ]);
  });

  test('goes by each entry’s own conditions, and by none of the whole request’s', async () => {
    const url = 'DocumentReference/topic-acne-en';
    const [first] = await entriesOf([entryOf(url)]);
    const etag = first?.response?.etag ?? '';
    const conditions = [
      [{ ifNoneMatch: '*' }, '304'],
      [{ ifNoneMatch: etag.replace('W/', '') }, '304'],
      [{ ifModifiedSince: first?.response?.lastModified }, '304'],
      [{ ifModifiedSince: '2001-01-01T00:00:00Z' }, '200'],
      [{ ifNoneMatch: 'W/"x"', ifModifiedSince: first?.response?.lastModified }, '200'],
      [{}, '200'],
    ] as const;
    const sent = conditions.map(([condition]) => entryOf(url, 'GET', condition));
    const { resource } = await post({ resourceType: 'Bundle', type: 'batch', entry: sent }, { 'If-None-Match': etag });
    const statuses = (resource as Bundle).entry?.map(({ response }) => response?.status.slice(0, 3));
    expect(statuses).toEqual(conditions.map(([, status]) => status));
  });

  test('answers HEAD without the resource', async () => {
    const [head, none] = await entriesOf([
      entryOf('DocumentReference/topic-acne-en', 'HEAD'),
      entryOf('DocumentReference/none-en', 'HEAD'),
    ]);
    expect([head?.response?.status, head?.resource, none?.response?.status]).toEqual([
      '200 OK',
      undefined,
      '404 Not Found',
    ]);
    expect(head?.response?.etag).toMatch(/^W\/"/);
  });

  test('does not fail for what one entry brings', async () => {
    const lookup = entryOf('CodeSystem/$lookup', 'POST');
    const wrong = { resourceType: 'Parameters', parameter: [{ name: 'code', valueCode: 5 }] };
    const entries = await entriesOf([
      { ...lookup, resource: wrong },
      { ...lookup, resource: { id: 'a' } },
      { ...lookup, resource: 'a' },
      { ...lookup, resource: null },
      entryOf('metadata'),
    ]);
    expect(entries.map(({ response }) => response?.status.slice(0, 3))).toEqual(['400', '400', '400', '400', '200']);
    const { issue } = entries[0]?.response?.outcome as OperationOutcome;
    expect(issue[0]?.expression).toEqual(['Bundle.entry[0].resource.parameter[0].valueCode']);
  });

  test('may be empty, and in XML', async () => {
    expect(await entriesOf([])).toEqual([]);
    const xml =
      '<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/><entry><request><method value="GET"/><url value="metadata"/></request></entry></Bundle>';
    const { reply, resource } = await post(xml, {
      'Content-Type': 'application/fhir+xml',
      Accept: 'application/fhir+xml',
    });
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/fhir+xml; charset=utf-8']);
    expect((resource as Bundle).entry?.[0]?.resource?.resourceType).toBe('CapabilityStatement');
  });
});

test('a transaction is told where to turn', async () => {
  const { reply, resource } = await batch([entryOf('metadata')], 'transaction');
  const [issue] = (resource as OperationOutcome).issue;
  expect([reply.status, issue?.code, issue?.details?.text]).toEqual([
    422,
    'not-supported',
    expect.stringContaining('as a batch'),
  ]);
});

describe('what is refused', () => {
  test.each<[string, unknown, Record<string, string>, number]>([
    ['no body', '', {}, 400],
    ['no JSON', '{', {}, 400],
    ['a list', '[]', {}, 400],
    ['null', 'null', {}, 400],
    ['no resource', '{}', {}, 400],
    ['an unknown type', { resourceType: 'Hello' }, {}, 400],
    ['a type of JavaScript', { resourceType: '__proto__' }, {}, 400],
    ['another resource', { resourceType: 'Patient' }, {}, 400],
    ['another Bundle', { resourceType: 'Bundle', type: 'collection' }, {}, 400],
    ['entries that are no list', { resourceType: 'Bundle', type: 'batch', entry: {} }, {}, 400],
    ['an entry that is null', { resourceType: 'Bundle', type: 'batch', entry: [null] }, {}, 400],
    ['a list where one belongs', { resourceType: 'Bundle', type: ['batch'] }, {}, 400],
    [
      'a number where text belongs',
      { resourceType: 'Bundle', type: 'batch', entry: [{ request: { url: 5 } }] },
      {},
      400,
    ],
    ['no end of depth', `{"resourceType":"Bundle","a":${'['.repeat(5000)}${']'.repeat(5000)}}`, {}, 400],
    ['another media type', '{}', { 'Content-Type': 'text/csv' }, 415],
    ['no media type', { resourceType: 'Bundle', type: 'batch' }, { 'Content-Type': '' }, 415],
    ['another version', '{}', { 'Content-Type': 'application/fhir+json; fhirVersion=3.0' }, 415],
    ['another charset', '{}', { 'Content-Type': 'application/fhir+json; charset=latin1' }, 415],
    ['a form', 'a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['compressed', '{}', { 'Content-Encoding': 'gzip' }, 415],
    ['XML that is called JSON', '<Bundle/>', {}, 400],
    ['JSON that is called XML', '{"resourceType":"Bundle"}', { 'Content-Type': 'application/fhir+xml' }, 400],
  ])('%s', async (_name, body, headers, status) => {
    const { reply, resource } = await post(body, headers);
    expect([reply.status, resource.resourceType]).toEqual([status, 'OperationOutcome']);
  });

  test('an entry whose address, condition or parameters are longer or more than those of a request', async () => {
    const { maxAddressChars, maxParameters } = LIMITS;
    const address = (length: number) => 'metadata?x='.padEnd(length, 'x');
    const parameters = (count: number) => `metadata?${Array(count).fill('x=1').join('&')}`;
    const entries = await entriesOf([
      entryOf(address(maxAddressChars)),
      entryOf(address(maxAddressChars + 1)),
      // An unanchored pattern took seconds for these.
      entryOf(`DocumentReference${'/'.repeat(60_000)}x`, 'DELETE'),
      entryOf('DocumentReference', 'POST', { ifNoneExist: 'identifier='.padEnd(maxAddressChars + 1, 'x') }),
      entryOf(parameters(maxParameters)),
      entryOf(parameters(maxParameters + 1)),
    ]);
    const statuses = entries.map(({ response }) => response?.status.slice(0, 3));
    expect(statuses).toEqual(['200', '414', '414', '414', '200', '400']);
  });

  test('what is left of a Bundle whose answers are too much to be held', async () => {
    const read = entryOf('CodeSystem/articles');
    const { status, text, body } = await ask(connector.url, '/fhir', {
      method: 'POST',
      headers: { 'Content-Type': 'application/fhir+json' },
      body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: Array(LIMITS.maxBatchEntries).fill(read) }),
    });
    const { entry = [] } = JSON.parse(text) as Bundle;
    const given = entry.filter(({ resource }) => resource?.resourceType === 'CodeSystem');
    const refused = entry.slice(given.length).map(({ response }) => response);
    expect([status, entry.length, given.length > 1]).toEqual([200, LIMITS.maxBatchEntries, true]);
    expect(new Set(refused.map((response) => response?.status))).toEqual(new Set(['422 Unprocessable Entity']));
    expect((refused[0]?.outcome as OperationOutcome).issue[0]).toMatchObject({
      code: 'too-costly',
      details: { text: expect.stringContaining('larger than 16 MiB') },
      expression: [`Bundle.entry[${given.length}]`],
    });
    // The one that would pass the limit is no longer given.
    expect(body.length).toBeLessThanOrEqual(LIMITS.maxAnswerBytes);
    expect(body.length * (1 + 2 / given.length)).toBeGreaterThan(LIMITS.maxAnswerBytes);
  });

  test('more entries than one Bundle may hold, and a body that is too large', async () => {
    const entries = (count: number) => Array.from({ length: count }, () => entryOf('Patient/1'));
    expect((await batch(entries(LIMITS.maxBatchEntries))).reply.status).toBe(200);
    expect((await batch(entries(LIMITS.maxBatchEntries + 1))).reply.status).toBe(400);
    const values = LIMITS.maxResourceElements / 2;
    const many = await post(`{"resourceType":"Parameters","parameter":[${'{},'.repeat(values)}{}]}`);
    expect([many.reply.status, many.reply.text]).toEqual([400, expect.stringContaining('more than 500000 elements')]);
    const large = (bytes: number) => ' '.repeat(bytes);
    expect((await post(large(LIMITS.maxResourceBytes))).reply.status).toBe(400);
    expect((await post(large(LIMITS.maxResourceBytes + 1))).reply.status).toBe(413);
  });
});
