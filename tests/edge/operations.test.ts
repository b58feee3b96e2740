import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RequestError } from '../../src/core/errors.js';
import { formatOf } from '../http/decent.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import type { CountedLibrary } from './counted-library.js';
import { openCounted } from './counted-library.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';

let counted: CountedLibrary;
let connector: TestConnector;
beforeAll(async () => {
  counted = await openCounted();
  connector = await startConnector({ library: counted.library, env: { LOG_LEVEL: 'fatal' } });
});
afterAll(async () => {
  await connector.stop();
  counted.remove();
});

test('/healthz says that the server is alive', async () => {
  const reply = await ask(connector.url, '/healthz');
  expect([reply.status, JSON.parse(reply.text), reply.headers['cache-control']]).toEqual([
    200,
    { status: 'ok' },
    'no-store',
  ]);
});

test('/readyz names the release and what it holds', async () => {
  const reply = await ask(connector.url, '/readyz');
  const { release, articles, mappings } = connector.library.status();
  expect(JSON.parse(reply.text)).toMatchObject({ status: 'ready', release, articles, mappings });
});

describe('/metrics', () => {
  const counter = async (line: RegExp): Promise<number> =>
    Number(line.exec((await ask(connector.url, '/metrics')).text)?.[1] ?? 0);

  test.each([
    ['answers', 'N53.14', /^answers_total\{protocol="medlineplus-connect",outcome="answered"\} (\d+)/m],
    ['own rows', 'N53.14', /^matches_total\{kind="own"\} (\d+)/m],
    ['ancestors', 'E11.3211', /^matches_total\{kind="ancestor"\} (\d+)/m],
    ['misses', 'ZZZ', /^answers_total\{protocol="medlineplus-connect",outcome="empty"\} (\d+)/m],
  ])('counts %s, kept answers included', async (_name, code, line) => {
    const before = await counter(line);
    for (let n = 0; n < 3; n += 1) await ask(connector.url, `/service?${CS}&mainSearchCriteria.v.c=${code}`);
    expect(await counter(line)).toBe(before + 3);
  });

  test('names the release and the time that requests take', async () => {
    const { text, headers } = await ask(connector.url, '/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toContain(`library_info{release="${connector.library.status().release}"} 1`);
    expect(text).toMatch(/^http_request_duration_seconds_count\{[^}]*protocol="medlineplus-connect"/m);
  });

  test('never gives a series to what a client makes up', async () => {
    // A request is counted once its connection has let it go: a moment after its answer is read.
    const series = async (before = -1): Promise<number> => {
      const now = (await ask(connector.url, '/metrics')).text.split('\n').length;
      return now === before ? now : series(now);
    };
    for (const method of ['GET', 'PUT']) await ask(connector.url, `/made-up?x`, { method });
    const before = await series();
    for (let n = 0; n < 20; n += 1) await ask(connector.url, `/made-up-${n}?x${n}`, { headers: { Accept: `a/b${n}` } });
    expect(await series()).toBe(before);
  });
});

test('a library that cannot answer now is told as 503 with Retry-After, in the asked format', async () => {
  counted.failWith(new RequestError('library-unavailable'));
  const asked = [
    [`/service?${CS}&mainSearchCriteria.v.c=J45`, 'xml'],
    [`/service?${CS}&mainSearchCriteria.v.c=J45&knowledgeResponseType=application/json`, 'json'],
    [`/application?${CS}&mainSearchCriteria.v.c=J45`, 'html'],
    ['/fhir/DocumentReference/topic-acne-en', 'operation-outcome'],
  ] as const;
  for (const [path, format] of asked) {
    const reply = await ask(connector.url, path);
    expect([reply.status, reply.headers['retry-after'], formatOf(reply)]).toEqual([503, '2', format]);
  }
  counted.failWith(undefined);
  expect((await ask(connector.url, '/fhir/DocumentReference/topic-acne-en')).status).toBe(200);
});
