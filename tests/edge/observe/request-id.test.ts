import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, sendBytes } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';

const GOOD = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const OURS = '7f2c1c1e-0b52-4a55-9f6b-3a6a2f1d9e01';

const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  writeFileSync(join(folder.path, 'icd10_n53.14_en.pdf'), '%PDF-1.4\n');
  connector = await startConnector({ env: { LOCAL_LIBRARY: folder.path } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const PLACES: [string, string, string, number][] = [
  ['an answer', 'GET', `/service?${GOOD}`, 200],
  ['a kept answer', 'GET', `/service?${GOOD}`, 200],
  ['a HEAD', 'HEAD', `/service?${GOOD}`, 200],
  ['an error', 'GET', '/service?mainSearchCriteria.v.c=N53.14', 400],
  ['an over-long address', 'GET', `/service?x=${'x'.repeat(9000)}`, 414],
  ['a wrong method', 'DELETE', '/service', 405],
  ['a preflight', 'OPTIONS', '/service', 204],
  ['an address of a pattern', 'GET', '/fhir/DocumentReference/topic-acne-en', 200],
  ['a FHIR error', 'GET', '/fhir/DocumentReference/none-en', 404],
  ['what is nowhere', 'GET', '/nowhere', 404],
  ['a page', 'GET', '/find?q=asthma', 200],
  ['a style sheet', 'GET', '/assets/page.css', 200],
  ['a handout', 'GET', '/handouts/icd10_n53.14_en.pdf', 200],
  ['a handout that is not there', 'GET', '/handouts/none.pdf', 404],
  ['health', 'GET', '/healthz', 200],
];

describe.each(PLACES)('%s', (_name, method, path, status) => {
  test('has an id of its own, which its log line names', async () => {
    const before = connector.logLines.length;
    const replies = [await ask(connector.url, path, { method }), await ask(connector.url, path, { method })];
    const ids = replies.map(({ headers }) => headers['x-request-id']);
    expect(replies.map((reply) => reply.status)).toEqual([status, status]);
    for (const id of ids) expect(id).toMatch(UUID);
    expect(new Set(ids).size).toBe(2);
    expect(connector.logLines.slice(before).map(({ requestId }) => requestId)).toEqual(ids);
  });

  test('keeps an id that a machine has made', async () => {
    const { headers } = await ask(connector.url, path, { method, headers: { 'X-Request-Id': OURS } });
    expect([headers['x-request-id'], headers['x-correlation-id']]).toEqual([OURS, undefined]);
    expect(connector.logLines.at(-1)).toMatchObject({ requestId: OURS });
  });
});

test('a 304 has one as well', async () => {
  const { headers } = await ask(connector.url, `/service?${GOOD}`);
  const again = await ask(connector.url, `/service?${GOOD}`, { headers: { 'If-None-Match': headers.etag } });
  expect([again.status, again.text]).toEqual([304, '']);
  expect(again.headers['x-request-id']).toMatch(UUID);
});

test('what is not HTTP has one as well', async () => {
  const reply = await sendBytes(connector.url, ['GARBAGE\r\n\r\n']);
  const [, id] = /^X-Request-Id: (\S+)\r$/m.exec(reply) ?? [];
  expect(id).toMatch(UUID);
  expect(connector.logLines.at(-1)).toMatchObject({ requestId: id, status: 400 });
});

test.each(['0123456789abcdef0123456789ABCDEF', OURS.toUpperCase()])('%s is taken over', async (sent) => {
  const { headers } = await ask(connector.url, '/healthz', { headers: { 'X-Request-Id': sent } });
  expect(headers['x-request-id']).toBe(sent);
});

describe('an id that may name somebody', () => {
  test.each(['MRN-0048812', 'smith.john', '19610304', 'a'.repeat(64), '0123456789abcdef'])(
    '%s goes back to its sender, and no further',
    async (sent) => {
      const before = connector.logLines.length;
      const { headers } = await ask(connector.url, `/service?${GOOD}`, { headers: { 'X-Request-Id': sent } });
      expect(headers['x-request-id']).toMatch(UUID);
      expect(headers['x-correlation-id']).toBe(sent);
      expect(JSON.stringify(connector.logLines.slice(before))).not.toContain(sent);
      expect((await ask(connector.url, `/service?${GOOD}`)).headers['x-correlation-id']).toBeUndefined();
    },
  );

  test.each(['a'.repeat(65), 'a b', 'a,b', '<script>', 'x"y', '', 'é', 'a;b=c'])(
    'what could do harm is not sent back: %j',
    async (sent) => {
      const { status, headers } = await ask(connector.url, '/healthz', {
        headers: { 'X-Request-Id': Buffer.from(sent).toString('latin1') },
      });
      expect([status, headers['x-correlation-id']]).toEqual([200, undefined]);
      expect(headers['x-request-id']).toMatch(UUID);
    },
  );

  test('sent twice it is none', async () => {
    const { headers } = await ask(connector.url, '/healthz', { headers: { 'X-Request-Id': [OURS, OURS] } });
    expect(headers['x-request-id']).toMatch(UUID);
    expect(headers['x-request-id']).not.toBe(OURS);
  });
});

test('scripts of other origins may send and read it', async () => {
  const headers = { Origin: 'https://ehr.example', 'Access-Control-Request-Method': 'GET' };
  const preflight = await ask(connector.url, '/service', { method: 'OPTIONS', headers });
  expect(preflight.headers['access-control-allow-headers']).toMatch(/X-Request-Id, traceparent, tracestate/);
  const { headers: told } = await ask(connector.url, `/service?${GOOD}`);
  expect(told['access-control-expose-headers']).toMatch(/X-Request-Id, X-Correlation-Id/);
});
