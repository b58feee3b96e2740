import { afterAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../http/ask.js';
import { temporaryFolder } from '../support/connector.js';
import { fuzz } from './fuzz.js';
import { judge, judgeBytes } from './judge.js';
import { RequestMaker } from './make-request.js';
import type { Surface } from './surface.js';

/** To one server that is written to and one that is not; `npm run fuzz` sends more, of other seeds. */
const REQUESTS = 4000;
const SEED = 22;

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

test('whatever is sent, every answer is decent, ends, and leaves nothing behind', async () => {
  const { faults, statuses } = await fuzz({ seed: SEED, requests: REQUESTS, folder: folder.path });
  expect(faults).toEqual([]);
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  expect(answered).toBeGreaterThan(REQUESTS * 0.95);
  // Requests that are all refused at the door would try nothing behind it.
  expect(statuses['200']).toBeGreaterThan(answered / 5);
});

const GET = { number: 1, method: 'GET', path: '/x', headers: [], body: undefined, bytes: undefined };
const reply = (status: number, type: string, text: string, more: Reply['headers'] = {}): Reply => ({
  status,
  headers: { 'content-type': type, ...more },
  body: Buffer.from(text),
  text,
});

describe('the judge', () => {
  test.each<[string, Reply]>([
    ['a server error', reply(500, 'application/json', '{}')],
    ['a wait without an end', reply(503, 'application/json', '{}')],
    ['JSON that does not parse', reply(200, 'application/fhir+json', '{')],
    ['XML that does not parse', reply(200, 'text/xml', '<a>')],
    ['a script that does not parse', reply(200, 'application/javascript', 'f({a b});')],
    ['a stack', reply(400, 'text/plain', 'at read (/srv/app/read.js:10:3)')],
    ['a package', reply(400, 'text/plain', 'in node_modules')],
    ['a place of this machine', reply(400, 'text/plain', process.cwd())],
    ['an error of the language', reply(400, 'text/plain', 'TypeError')],
    ['an error without a word', reply(400, 'application/json', '')],
    ['bytes that are not packed', reply(200, 'text/plain', 'x', { 'content-encoding': 'gzip' })],
  ])('finds %s', (_name, answer) => {
    expect(judge(GET, answer)).toBeDefined();
  });

  test.each<[string, string, Reply]>([
    ['an answer', '/x', reply(200, 'application/json', '{}')],
    ['a wait that tells how long', '/x', reply(503, 'application/json', '{}', { 'retry-after': '1' })],
    ['what the client sent itself', '/x?q=node_modules', reply(400, 'text/plain', 'no such node_modules')],
  ])('passes %s', (_name, path, answer) => {
    expect(judge({ ...GET, path }, answer)).toBeUndefined();
  });

  test('passes what the client sent itself in a form', () => {
    const answer = reply(200, 'text/plain', 'Not found: [object Object]');
    expect(judge({ ...GET, body: Buffer.from('list=%5Bobject%20Object%5D') }, answer)).toBeUndefined();
    expect(judge({ ...GET, body: Buffer.from('list=x') }, answer)).toBeDefined();
  });

  test('knows HTTP from what is none', () => {
    expect(judgeBytes('')).toBeUndefined();
    expect(judgeBytes('HTTP/1.1 400 Bad Request\r\n\r\n')).toBeUndefined();
    expect(judgeBytes('HTTP/1.1 500 Internal Server Error\r\n\r\n')).toBeDefined();
    expect(judgeBytes('<html>')).toBeDefined();
  });
});

test('a seed and a number make the same request, whatever was made before it', () => {
  const target = {
    method: 'GET',
    path: '/find',
    fields: undefined,
    takesResource: false,
    takesJson: false,
    operation: undefined,
  };
  const parameters = ['q', 'lang', 'system'].map((name) => ({
    name,
    schema: {},
    modifiers: [],
    example: undefined,
    isNumbered: false,
  }));
  const codes = [{ system: 'http://e.org', code: 'a', display: 'A' }];
  const surface: Surface = {
    targets: [{ ...target, parameters, examples: [] }],
    codes,
    ids: { DocumentReference: ['a-en'] },
    urls: ['http://e.org'],
    urlsOf: {},
    resources: [],
  };
  const maker = (seed: number) => new RequestMaker({ seed, surface, tokens: [] });
  const [one, same, other] = [maker(1), maker(1), maker(2)];
  for (let number = 0; number < 50; number += 1) one.make(number);
  expect(same.make(30)).toEqual(one.make(30));
  expect(other.make(30)).not.toEqual(one.make(30));
});
