import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import { MemoryLibrary } from '../support/memory-library.js';
import type { TestConnector } from '../support/connector.js';
import { TEST_TIME, startConnector } from '../support/connector.js';
import type { TokenFacts, TokenIssuer } from '../support/token-issuer.js';
import { startTokenIssuer } from '../support/token-issuer.js';
import { judge } from './judge.js';
import { Random } from './random.js';

const SEED = 22;
const TOKENS = 400;
const READ = 'system/*.rs';
const PATHS = ['/fhir/DocumentReference?_count=1', '/service?q=asthma', '/search?q=asthma', '/find?q=asthma'];

let issuer: TokenIssuer;
let connector: TestConnector;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  const env = { ...issuer.env, REQUIRE_AUTHENTICATION: 'all', TRUST_PROXY: 'loopback' };
  const library = new MemoryLibrary({ mappings: [], crosswalks: [], articles: [] });
  connector = await startConnector({ library, env });
});
afterAll(async () => {
  await connector.stop();
  await issuer.close();
});

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const SECONDS = TEST_TIME.getTime() / 1000;
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Odd value in the place of a claim. */
const oddValue = (random: Random): unknown =>
  random.pick<unknown>([
    ...[null, true, -1, 0, 1e308, '', ' ', [], {}, [null], [[]], { a: { b: 1 } }],
    ...['x'.repeat(random.below(3000)), '\u0000', '\ud800', '__proto__', SECONDS - 10_000, String(SECONDS + 300)],
  ]);

/** Claims without which a token is good for nobody. */
const oddClaims = (random: Random): Readonly<Record<string, unknown>> => {
  const name = random.pick(['iss', 'aud', 'exp', 'nbf']);
  const wrong = { iss: 'https://other.example', aud: ['a', 'b'], exp: SECONDS - 1000, nbf: SECONDS + 1000 }[name];
  return { [name]: name === 'nbf' || random.chance(0.5) ? wrong : oddValue(random) };
};

/** Ways to write what is no good token of the issuer's. */
const BAD: readonly ((random: Random, good: string) => Promise<string> | string)[] = [
  (random) => random.times(random.below(6), () => encode('x'.repeat(random.below(40)))).join('.'),
  (random) => 'x'.repeat(random.below(20_000)),
  (random, good) => {
    const at = random.below(good.length);
    return good.slice(0, at) + random.pick(['A', '.', '_', '', '=', '%00', '..']) + good.slice(at + 1);
  },
  (random, good) => good.slice(0, random.below(good.length)),
  (random, good) => {
    const [, payload = '', signature = ''] = good.split('.');
    const alg = random.pick(['none', 'None', 'NONE', '', 'HS256', 'RS256', 'ES512', null, 1, {}, ['ES256']]);
    return [encode({ alg, kid: 'key-1' }), payload, random.pick(['', signature])].join('.');
  },
  (random, good) => {
    const [header = '', , signature = ''] = good.split('.');
    const payload = random.pick([
      '',
      'x',
      '[]',
      'null',
      '"a"',
      nested(5000),
      '{"__proto__":{"scope":"system/*.cruds"}}',
    ]);
    return [header, encode(payload), signature].join('.');
  },
  (random, good) => {
    const [, payload = '', signature = ''] = good.split('.');
    const header = random.pick([
      '',
      '[]',
      'null',
      nested(2000),
      '{"alg":"ES256","crit":["x"],"x":1}',
      '{"alg":"ES256"}x',
    ]);
    return [encode(header), payload, signature].join('.');
  },
  (random) => issuer.sign({ scope: READ, claims: oddClaims(random) }),
  // Signed with the public key as if it were a secret.
  async () => {
    const key = new TextEncoder().encode(JSON.stringify(issuer.keys[0]));
    return issuer.sign({ scope: READ, header: { alg: 'HS256' }, key });
  },
  // Signed with a key of its own, which it brings along.
  async (random) => {
    const { key, keys } = await issuer.anotherKey('key-1');
    const brought = random.pick<TokenFacts['header']>([
      { jwk: keys.at(-1) },
      { jku: 'https://other.example/keys' },
      { x5u: 'https://other.example/x' },
      { kid: '../../keys' },
      { kid: 'x'.repeat(5000) },
    ]);
    return issuer.sign({ scope: READ, key, header: { ...brought } });
  },
];

const send = (path: string, token: string, from: string) =>
  ask(connector.url, path, { headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': from } });

test('no token that is not the issuer’s lets anybody in or breaks anything, and a good one is let in after all of them', async () => {
  const good = await issuer.sign({ scope: READ });
  const statuses = new Set<number>();
  const secrets: string[] = [];
  for (let number = 0; number < TOKENS; number += 1) {
    const random = new Random(SEED, number);
    const token = (await random.pick(BAD)(random, good)).replaceAll(/[^\x21-\x7e]/g, '');
    if (token === good) continue;
    const path = random.pick(PATHS);
    const reply = await send(path, token, `10.0.${number >> 6}.${number & 63}`);
    statuses.add(reply.status);
    const asked = { number, method: 'GET', path, headers: [], body: undefined, bytes: undefined };
    expect([number, judge(asked, reply), reply.status < 400]).toEqual([number, undefined, false]);
    if (token.length > 40) secrets.push(token);
    if (token.length > 40) expect(reply.text).not.toContain(token);
  }
  expect([...statuses].filter((status) => ![400, 401, 429, 431].includes(status))).toEqual([]);
  expect(statuses.has(401)).toBe(true);
  const log = JSON.stringify(connector.logLines);
  expect(secrets.filter((token) => log.includes(token))).toEqual([]);
  expect((await send(PATHS[0] ?? '', good, '10.1.1.1')).status).toBe(200);
});

test('a signed token whose further claims are odd is read or refused, and no more', async () => {
  for (let number = 0; number < TOKENS / 4; number += 1) {
    const random = new Random(SEED + 1, number);
    const name = random.pick(['scope', 'scp', 'client_id', 'azp', 'sub', 'jti', 'iat', 'fhirUser']);
    const token = await issuer.sign({ scope: READ, claims: { [name]: oddValue(random) } });
    const reply = await send('/fhir/DocumentReference?_count=1', token, `10.2.0.${number}`);
    const asked = { number, method: 'GET', path: '/fhir', headers: [], body: undefined, bytes: undefined };
    expect([number, judge(asked, reply)]).toEqual([number, undefined]);
    expect([200, 400, 401, 403, 431]).toContain(reply.status);
  }
});
