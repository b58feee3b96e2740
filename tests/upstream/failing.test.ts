import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/limits.js';
import { ask } from '../http/ask.js';
import type { AnswerCase } from '../support/answer-case.js';
import { toRows } from '../support/answer-case.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { MemoryLibrary } from '../support/memory-library.js';
import type { OtherServer } from './other-server.js';
import { NOT_FOUND, send, startOther, translation } from './other-server.js';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const UNKNOWN = ['10000006', '10002003', '10004002', '10006000'];
const query = (code = UNKNOWN[0]): string =>
  `mainSearchCriteria.v.cs=http://snomed.info/sct&mainSearchCriteria.v.c=${String(code)}&knowledgeResponseType=application/json`;

const OURS: AnswerCase = {
  name: 'ours',
  rows: ['icd-10-cm|J45 -> topic-asthma equivalent', 'snomed-ct|195967001 -> topic-asthma equivalent'],
  ask: '',
  expect: { articles: [] },
};

let other: OtherServer;
let connector: TestConnector;
const start = (timeoutMs: string) =>
  startConnector({
    library: new MemoryLibrary(toRows(OURS)),
    env: { TERMINOLOGY_SERVER: other.url, UPSTREAM_TIMEOUT_MS: timeoutMs },
  });
beforeEach(async () => {
  other = await startOther();
  connector = await start('1200');
});
afterEach(async () => {
  await connector.stop();
  await other.stop();
});

const ASTHMA = translation(`equivalent ${ICD}|J45`);

const FAILING: [string, (response: ServerResponse) => void, string, number][] = [
  ['does not answer', () => undefined, 'timeout', 2],
  ['breaks off', (response) => response.socket?.destroy(), 'unreachable', 2],
  [
    'begins an answer and does not end it',
    (response) => response.writeHead(200, { 'Content-Type': 'application/fhir+json' }).write('{"resourceType":'),
    'timeout',
    2,
  ],
  ['fails', (response) => response.writeHead(503).end('{}'), 'unreachable', 2],
  ['refuses', (response) => response.writeHead(401).end('{}'), 'refused', 1],
  ['is busy', (response) => response.writeHead(429).end('{}'), 'busy', 1],
  ['answers with a page', (response) => response.end('<html></html>'), 'bad-answer', 1],
  [
    'answers with another resource',
    (response) => {
      send(response, NOT_FOUND);
    },
    'bad-answer',
    1,
  ],
  ['is not there, but something else is', (response) => response.writeHead(404).end('<html></html>'), 'bad-answer', 1],
  [
    'answers with more than it may',
    (response) => {
      send(response, { ...ASTHMA, id: 'x'.repeat(LIMITS.upstreamAnswerBytes) });
    },
    'unreachable',
    2,
  ],
];

describe.each(FAILING)('a server that %s', (_name, answer, outcome, calls) => {
  test('leaves our own answer as it is, not kept by anyone, and counted', async () => {
    other.answer = (_request, response) => {
      answer(response);
    };
    const reply = await ask(connector.url, `/service?${query()}`);
    expect([reply.status, reply.headers['x-answer'], reply.headers['cache-control']]).toEqual([
      200,
      'code-not-mapped',
      'no-store',
    ]);
    // A retry that nobody waits for any more is given up.
    while ((await counted()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await counted()).toEqual([`upstream_calls_total{operation="translate",outcome="${outcome}"} 1`]);
    expect(other.asked.length).toBeLessThanOrEqual(calls);
    other.answer = (_request, response) => {
      send(response, ASTHMA);
    };
    const better = await ask(connector.url, `/service?${query()}`);
    expect([better.headers['x-answer'], better.headers['cache-control']]).toEqual([
      'elsewhere',
      'private, max-age=0, must-revalidate',
    ]);
  });
});

const metrics = async (): Promise<string> => (await ask(connector.url, '/metrics')).text;
const counted = async (): Promise<string[]> => (await metrics()).match(/^upstream_calls_total\{.*$/gm) ?? [];

test('a redirect is not followed', async () => {
  const elsewhere = await startOther();
  other.answer = ({ url = '' }, response) => {
    response.writeHead(302, { Location: elsewhere.url.replace('/fhir', url) }).end();
  };
  expect((await ask(connector.url, `/service?${query()}`)).headers['x-answer']).toBe('code-not-mapped');
  expect([other.asked.length > 0, elsewhere.asked.length]).toEqual([true, 0]);
  await elsewhere.stop();
});

test('one failure is made good by the retry', async () => {
  other.answer = (_request, response) => {
    if (other.asked.length === 1) response.writeHead(500).end();
    else send(response, ASTHMA);
  };
  expect((await ask(connector.url, `/service?${query()}`)).headers['x-answer']).toBe('elsewhere');
  expect(other.asked).toHaveLength(2);
});

test('nothing compressed is asked for, nor taken, lest it be any size when opened', async () => {
  const encodedAs = async (encoding: string, body: string | Buffer, code = UNKNOWN[0]) => {
    other.answer = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/fhir+json', 'Content-Encoding': encoding }).end(body);
    };
    return (await ask(connector.url, `/service?${query(code)}`)).headers['x-answer'];
  };
  expect(await encodedAs('gzip', gzipSync(JSON.stringify(ASTHMA)))).toBe('code-not-mapped');
  expect(other.asked[0]?.headers['accept-encoding']).toBe('identity');
  expect(await encodedAs('identity', JSON.stringify(ASTHMA), UNKNOWN[1])).toBe('elsewhere');
});

test('a server that fails on end is left alone; the log says so once and names no code', async () => {
  other.answer = (_request, response) => {
    response.writeHead(500).end();
  };
  for (const code of UNKNOWN) await ask(connector.url, `/service?${query(code)}`);
  expect(other.asked).toHaveLength(LIMITS.upstreamFailures);
  const text = await metrics();
  expect(text).toMatch(/^upstream_breaker_state\{state="open"\} 1$/m);
  expect(text).toMatch(/^upstream_calls_total\{operation="translate",outcome="not-asked"\} \d+$/m);
  const told = connector.logLines.filter(({ msg }) => String(msg).includes('terminology server'));
  expect(told).toHaveLength(1);
  expect(JSON.stringify(told)).not.toContain(UNKNOWN[0]);
});

test('a chart of many unknown codes keeps to so many calls at once', async () => {
  let atOnce = 0;
  let most = 0;
  other.answer = (_request, response) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    setTimeout(() => {
      atOnce -= 1;
      send(response, NOT_FOUND, 404);
    }, 5);
  };
  // However slow the machine is, the calls are not given up.
  await connector.stop();
  connector = await start('60000');
  // Valid RxNorm codes of no drug; each is a question for its name.
  const parameter = Array.from({ length: 60 }, (_, index) => ({
    name: 'coding',
    valueCoding: { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: String(99_990_000 + index) },
  }));
  const reply = await ask(connector.url, '/fhir/$knowledge-request', {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Parameters', parameter }),
  });
  expect(reply.status).toBe(200);
  expect(other.asked.length).toBeGreaterThan(LIMITS.upstreamCalls);
  expect(most).toBeLessThanOrEqual(LIMITS.upstreamCalls);
});
