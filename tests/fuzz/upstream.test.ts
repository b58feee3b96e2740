import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasVerhoeffCheckDigit } from '../../src/core/codes/check-digit.js';
import { LIMITS } from '../../src/limits.js';
import { ask } from '../http/ask.js';
import { toRows } from '../support/answer-case.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { MemoryLibrary } from '../support/memory-library.js';
import { replaceLimit } from '../support/replace-limit.js';
import type { OtherServer } from '../upstream/other-server.js';
import { send, startOther, translation } from '../upstream/other-server.js';
import { judge } from './judge.js';
import { Random } from './random.js';

const SEED = 22;
const ANSWERS = 200;
const SNOMED = 'http://snomed.info/sct';
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
/** Mark of the other server's words: none of them may come through. */
const MARK = 'upstream-mark-<script>';

const OURS = {
  name: 'ours',
  rows: ['icd-10-cm|J45 -> topic-asthma equivalent', 'icd-10-cm|E11 -> topic-diabetestype2 equivalent'],
  ask: '',
  expect: { articles: [] },
};

let other: OtherServer;
let connector: TestConnector;
const limits: { restore: () => void }[] = [];
beforeAll(async () => {
  // It is asked on, however often it fails.
  limits.push(replaceLimit('upstreamFailures', 1_000_000));
  other = await startOther();
  connector = await startConnector({
    library: new MemoryLibrary(toRows(OURS)),
    env: { TERMINOLOGY_SERVER: other.url, UPSTREAM_TIMEOUT_MS: '100' },
  });
});
afterAll(async () => {
  await connector.stop();
  await other.stop();
  for (const limit of limits) limit.restore();
});

/** Codes of SNOMED CT's form that no library has a row for. */
function* codes(): Generator<string> {
  for (let number = 900_001; ; number += 1) {
    for (let digit = 0; digit < 10; digit += 1) {
      const code = `${number}00${digit}`;
      if (hasVerhoeffCheckDigit(code)) yield code;
    }
  }
}

const oddValue = (random: Random): unknown =>
  random.pick<unknown>([
    ...[null, true, -1, 1e308, '', MARK, [], {}, [null], { a: 1 }, [[[]]], '\u0000', '\ud800', '__proto__'],
    ...['x'.repeat(random.below(2000)), `${ICD}|J45`, 'J45.909', 'equivalent', 'result', 'match'],
  ]);

/** The answer with something else in the place of one of its values, or of several. */
function mutated(value: unknown, random: Random): unknown {
  if (random.chance(0.08)) return oddValue(random);
  if (Array.isArray(value)) {
    const members = value.map((one: unknown) => mutated(one, random));
    return random.chance(0.05) ? random.times(2000, () => members[0]) : members;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]) => [
    random.chance(0.05) ? String(oddValue(random)) : name,
    mutated(member, random),
  ]);
  return Object.fromEntries([...entries, ...(random.chance(0.2) ? [[MARK, oddValue(random)]] : [])]) as unknown;
}

function garbage(random: Random): Buffer {
  return Buffer.from(random.times(random.below(5000), () => random.below(256)));
}

/** Answers as a broken, hostile or other server may. */
function answerOddly(response: ServerResponse, random: Random): void {
  const good = translation(`${random.pick(['equivalent', 'wider', MARK])} ${ICD}|${random.pick(['J45', 'E11', MARK])}`);
  const json = {
    'Content-Type': random.pick(['application/fhir+json', 'text/html', 'x', 'application/json;charset=x']),
  };
  const status = random.pick([200, 200, 200, 200, 201, 204, 301, 400, 404, 410, 422, 429, 500, 503]);
  const text = JSON.stringify(mutated(good, random));
  const way = random.below(100);
  if (way < 60) response.writeHead(status, json).end(text);
  else if (way < 70) response.writeHead(200, json).end(garbage(random));
  else if (way < 75) response.writeHead(200, json).end(text.slice(0, random.below(text.length)));
  else if (way < 80) response.writeHead(200, json).end('['.repeat(60_000));
  else if (way < 84) response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' }).end(gzipSync('0'.repeat(1e7)));
  else if (way < 88) response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' }).end(garbage(random));
  else if (way < 90) response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
  else if (way < 92) response.socket?.end(`HTTP/1.1 ${random.pick(['200 OK', '999 x', 'x'])}\r\nA: ${MARK}\r\n\r\n{`);
  else if (way < 94) response.socket?.destroy();
  else if (way < 96) response.writeHead(200, { ...json, 'Content-Length': 1_000_000 }).write(text);
  else response.writeHead(200, json).end(JSON.stringify({ ...good, id: 'x'.repeat(LIMITS.upstreamAnswerBytes) }));
}

test('whatever another terminology server answers, ours does in time, with our own articles and none of its words', async () => {
  const unknown = codes();
  const nextCode = (): string => String(unknown.next().value);
  const statuses: number[] = [];
  const askFor = async (number: number): Promise<void> => {
    const [code, random] = [nextCode(), new Random(SEED, number)];
    const path = random.pick([
      `/service?mainSearchCriteria.v.cs=${SNOMED}&mainSearchCriteria.v.c=${code}&knowledgeResponseType=application/json`,
      `/infobutton?mainSearchCriteria.v.cs=${SNOMED}&mainSearchCriteria.v.c=${code}`,
      `/fhir/DocumentReference/$knowledge-request?system=${SNOMED}&code=${code}`,
      `/fhir/DocumentReference?explains=${SNOMED}%7C${code}`,
    ]);
    const reply = await ask(connector.url, path);
    statuses.push(reply.status);
    const asked = { number, method: 'GET', path, headers: [], body: undefined, bytes: undefined };
    expect([number, judge(asked, reply), reply.text.includes('upstream-mark')]).toEqual([number, undefined, false]);
  };
  let calls = 0;
  other.answer = (_request, response) => {
    answerOddly(response, new Random(SEED + 1, calls++));
  };
  for (let from = 0; from < ANSWERS; from += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => askFor(from + index)));
  }
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(calls).toBeGreaterThan(ANSWERS / 2);
  expect(JSON.stringify(connector.logLines)).not.toContain('upstream-mark');
  // It is believed again as soon as it speaks sense.
  other.answer = (_request, response) => {
    send(response, translation(`equivalent ${ICD}|J45`));
  };
  const isBelieved = async (): Promise<boolean> => {
    const path = `/fhir/DocumentReference/$knowledge-request?system=${SNOMED}&code=${nextCode()}`;
    return (await ask(connector.url, path)).text.includes('topic-asthma');
  };
  // A machine that stands still for a tenth of a second misses an answer.
  while (!(await isBelieved()));
});
