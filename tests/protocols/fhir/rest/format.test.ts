import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { ask } from '../../../http/ask.js';
import type { TestConnector } from '../../../support/connector.js';
import { startConnector } from '../../../support/connector.js';
import { ICD, askFhir } from '../fhir-server.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const READ = '/DocumentReference/topic-acne-en';
const JSON_TYPE = 'application/fhir+json; charset=utf-8';
const XML_TYPE = 'application/fhir+xml; charset=utf-8';
const typeOf = async (path: string, accept: string): Promise<string | undefined> =>
  (await askFhir(connector.url, path, { headers: { Accept: accept } })).reply.headers['content-type'];

describe('JSON or XML', () => {
  test.each([
    ['application/fhir+xml', XML_TYPE],
    ['application/xml', XML_TYPE],
    ['text/xml', XML_TYPE],
    ['application/fhir+xml; fhirVersion=4.0', XML_TYPE],
    ['application/fhir+json;q=0.5, application/fhir+xml', XML_TYPE],
    ['application/fhir+json, application/fhir+xml', JSON_TYPE],
    ['application/fhir+xml;q=0.9, application/json', JSON_TYPE],
    ['application/fhir+xml, */*;q=0.1', XML_TYPE],
    ['image/png, application/xml;q=0.1', XML_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/fhir+json;q=0, */*', XML_TYPE],
    ['application/json; q=0.0, application/*', XML_TYPE],
    ['application/fhir+xml;q=0, */*', JSON_TYPE],
    ['application/json;q=0, application/fhir+json', JSON_TYPE],
  ])('Accept: %s', async (accept, type) => {
    expect(await typeOf(READ, accept)).toBe(type);
  });

  test('of an Accept header as long as headers may be, a hundred ranges are looked at', async () => {
    const after = (others: number): string => `${'image/png,'.repeat(others)}application/fhir+xml`;
    expect(await typeOf(READ, after(99))).toBe(XML_TYPE);
    const { reply } = await askFhir(connector.url, READ, { headers: { Accept: after(3000) } });
    expect([reply.status, reply.headers['content-type']]).toEqual([406, JSON_TYPE]);
  });

  test.each([
    'xml',
    'text/xml',
    'application/xml',
    'application/fhir%2Bxml',
    'application/fhir+xml',
    'XML',
    'xml;fhirVersion=4.0',
  ])('_format=%s overrides Accept', async (format) => {
    expect(await typeOf(`${READ}?_format=${format}`, 'application/fhir+json')).toBe(XML_TYPE);
  });

  test.each([
    READ,
    '/metadata',
    `/DocumentReference?explains=${ICD}|N53.14`,
    '/StructureDefinition/explained-input',
    '/Patient/1',
  ])('%s says the same in both, laid out or not', async (path) => {
    const mark = path.includes('?') ? '&' : '?';
    const forms = ['', '_format=xml', '_format=xml&_pretty=true', '_pretty=true'];
    const all: Resource[] = [];
    for (const form of forms) all.push((await askFhir(connector.url, `${path}${mark}${form}`)).resource);
    // Page links lead on in the form that was asked for.
    for (const one of all) expect({ ...one, link: [] }).toEqual({ ...all[0], link: [] });
  });

  test.each([
    ['404', '/DocumentReference/none-en', {}],
    ['405', '/metadata', { method: 'POST' }],
    ['414', `/metadata?x=${'x'.repeat(9000)}`, {}],
    ['415', '', { method: 'POST', body: 'a' }],
  ])('an error, %s, is told in the format asked for', async (status, path, asking) => {
    const headers = { Accept: 'application/fhir+xml', ...('method' in asking ? { 'Content-Type': 'text/csv' } : {}) };
    const { reply, resource } = await askFhir(connector.url, path, { ...asking, headers });
    expect([String(reply.status), reply.headers['content-type'], resource.resourceType]).toEqual([
      status,
      XML_TYPE,
      'OperationOutcome',
    ]);
  });
});

describe('what cannot be given', () => {
  test.each([
    ['application/fhir+xml; fhirVersion=3.0', XML_TYPE],
    ['application/fhir+xml; charset=utf-16', XML_TYPE],
    ['application/fhir+json; fhirVersion=5.0', JSON_TYPE],
    ['application/fhir+json;q=0, application/fhir+xml;q=0, */*', JSON_TYPE],
    ['image/png', JSON_TYPE],
  ])('Accept: %s is 406, told as near to it as can be', async (accept, type) => {
    const { reply } = await askFhir(connector.url, READ, { headers: { Accept: accept } });
    expect([reply.status, reply.headers['content-type']]).toEqual([406, type]);
  });
});

describe('conditions', () => {
  const read = (headers: Record<string, string>, method = 'GET') =>
    ask(connector.url, `/fhir${READ}`, { headers, method });

  test('a read says its version and when it changed; who holds that gets 304', async () => {
    const { headers } = await read({});
    const [tag, changed] = [headers.etag ?? '', headers['last-modified'] ?? ''];
    expect(tag).toMatch(/^W\/"[0-9a-f]{12}"$/);
    expect(new Date(changed).toUTCString()).toBe(changed);
    for (const held of [
      { 'If-None-Match': tag },
      { 'If-None-Match': tag.slice(2) },
      { 'If-Modified-Since': changed },
    ]) {
      for (const method of ['GET', 'HEAD']) {
        const reply = await read(held, method);
        expect([reply.status, reply.text, reply.headers.etag]).toEqual([304, '', tag]);
      }
    }
    for (const other of [{ 'If-None-Match': 'W/"x"' }, { 'If-Modified-Since': 'Mon, 01 Jan 2001 00:00:00 GMT' }])
      expect((await read(other)).status).toBe(200);
  });

  test.each([
    '/metadata',
    READ,
    `/DocumentReference?event=${ICD}|J45`,
    '/SearchParameter',
    '/DocumentReference/none-en',
  ])('HEAD %s is GET without a body', async (path) => {
    const [head, get] = [
      await ask(connector.url, `/fhir${path}`, { method: 'HEAD' }),
      await ask(connector.url, `/fhir${path}`),
    ];
    expect([head.status, head.text]).toEqual([get.status, '']);
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified'])
      expect(head.headers[name]).toBe(get.headers[name]);
  });
});

test('a page of another site may ask: CORS, with FHIR’s headers', async () => {
  const { status, headers } = await ask(connector.url, `/fhir${READ}`, { method: 'OPTIONS' });
  expect([status, headers['access-control-allow-origin']]).toEqual([204, '*']);
  for (const name of ['Prefer', 'If-Match', 'If-None-Match', 'If-None-Exist', 'Content-Type', 'Authorization'])
    expect(headers['access-control-allow-headers']).toContain(name);
  const { headers: answered } = await ask(connector.url, `/fhir${READ}`);
  for (const name of ['ETag', 'Last-Modified', 'Location', 'Content-Location'])
    expect(answered['access-control-expose-headers']).toContain(name);
});

test('an outcome says what is wrong in words, with a code of issue-type', async () => {
  const { resource } = await askFhir(connector.url, '/Patient/1');
  expect(resource).toMatchObject({
    issue: [
      { severity: 'error', code: 'not-supported', details: { text: expect.stringContaining('Patient') as unknown } },
    ],
  });
});
