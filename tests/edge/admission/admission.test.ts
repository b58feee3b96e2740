import { afterAll, describe, expect, test } from '@jest/globals';
import { createAuthenticator } from '../../../src/edge/admission/authenticate.js';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import { formatOf } from '../../http/decent.js';
import type { TestConnector } from '../../support/connector.js';
import { TEST_TIME, startConnector, testConfig } from '../../support/connector.js';
import { withIssuer } from '../../support/token-issuer.js';
import { CLOSED_REQUESTS, READ_TOKEN, WRITE_TOKEN } from '../closed-requests.js';
import { openCounted } from '../counted-library.js';

// One library for all the servers: it outlives each of them.
const counted = await openCounted();
const library = { ...counted.library, close: () => Promise.resolve() };
afterAll(async () => {
  await counted.library.close();
  counted.remove();
});

async function withConnector(
  env: Record<string, string>,
  use: (connector: TestConnector) => Promise<void>,
): Promise<void> {
  const connector = await startConnector({ library, env: { LOG_LEVEL: 'error', ...env } });
  try {
    await use(connector);
  } finally {
    await connector.stop();
  }
}

const PATH = '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const STATIC = { REQUIRE_AUTHENTICATION: 'all', READ_TOKENS: READ_TOKEN };
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const statusOf = async ({ url }: TestConnector, token: string, path = PATH): Promise<number> =>
  (await ask(url, path, bearer(token))).status;

describe('what is closed', () => {
  const areasOf = async ({ url }: TestConnector): Promise<string[]> => {
    const refused = new Set<string>();
    for (const { area, path, method, headers, body } of CLOSED_REQUESTS) {
      if (area === 'handouts') continue;
      const asking = { ...(method ? { method } : {}), headers: headers ?? {}, ...(body === undefined ? {} : { body }) };
      if ((await ask(url, path, asking)).status === 401) refused.add(area);
    }
    if ((await ask(url, '/metrics')).status === 401) refused.add('metrics');
    return [...refused].sort();
  };

  test.each<[string, Record<string, string>, string[]]>([
    ['nothing, where nothing is set', {}, []],
    ['nothing, where clients may only write', { WRITE_TOKENS: WRITE_TOKEN }, []],
    ['all', STATIC, ['cds-hooks', 'fhir', 'infobutton', 'metrics', 'page', 'search', 'updates']],
    ['what is named', { ...STATIC, REQUIRE_AUTHENTICATION: 'fhir, search' }, ['fhir', 'search']],
    ['the counters alone', { ...STATIC, REQUIRE_AUTHENTICATION: 'metrics' }, ['metrics']],
  ])('is %s', (_name, env, areas) =>
    withConnector(env, async (connector) => {
      expect(await areasOf(connector)).toEqual(areas);
    }),
  );

  test('leaves a wrong token alone where everyone reads', () =>
    withConnector({ ...STATIC, REQUIRE_AUTHENTICATION: 'fhir' }, async (connector) => {
      const seen = [await statusOf(connector, 'wrong-wrong-wrong-wrong'), await statusOf(connector, READ_TOKEN)];
      expect(seen).toEqual([200, 200]);
    }));

  test('a read token writes nothing, and nothing is written where there are none but read tokens', async () => {
    const put = ({ url }: TestConnector) =>
      ask(url, '/fhir/DocumentReference/local-x-en', {
        method: 'PUT',
        headers: { ...bearer(READ_TOKEN).headers, 'Content-Type': 'application/fhir+json' },
        body: '{"resourceType":"DocumentReference","id":"local-x-en"}',
      });
    for (const [env, status] of [
      [STATIC, 405],
      [{ ...STATIC, WRITE_TOKENS: WRITE_TOKEN }, 403],
    ] as const) {
      const connector = await startConnector({ env: { LOG_LEVEL: 'error', ...env } });
      try {
        expect((await put(connector)).status).toBe(status);
      } finally {
        await connector.stop();
      }
    }
  });
});

describe('the limit of each client', () => {
  test('counts by client, whatever address it comes from, and the others by address', () =>
    withConnector(
      {
        ...STATIC,
        READ_TOKENS: `a:${READ_TOKEN}, b:${WRITE_TOKEN}`,
        RATE_LIMIT_PER_MINUTE: '2',
        TRUST_PROXY: 'loopback',
      },
      async (connector) => {
        const seen: number[] = [];
        for (const [address, token] of [
          ['10.0.0.1', READ_TOKEN],
          ['10.0.0.2', READ_TOKEN],
          ['10.0.0.3', READ_TOKEN],
          ['10.0.0.1', WRITE_TOKEN],
          ['10.0.0.1', ''],
          ['10.0.0.1', ''],
          ['10.0.0.1', ''],
        ] as const) {
          const headers = { 'X-Forwarded-For': address, ...(token === '' ? {} : bearer(token).headers) };
          seen.push((await ask(connector.url, PATH, { headers })).status);
        }
        expect(seen).toEqual([200, 200, 429, 200, 401, 401, 429]);
        const refused = await ask(connector.url, '/fhir/DocumentReference', bearer(READ_TOKEN));
        expect([refused.status, formatOf(refused)]).toEqual([429, 'operation-outcome']);
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      },
    ));

  test('what is nowhere counts too, and what only runs the server does not', () =>
    withConnector({ RATE_LIMIT_PER_MINUTE: '1' }, async ({ url }) => {
      const paths = ['/nowhere', '/nowhere', '/healthz', '/metrics', '/fhir/DocumentReference/topic-acne-en'];
      const seen: number[] = [];
      for (const path of paths) seen.push((await ask(url, path)).status);
      expect(seen).toEqual([404, 429, 200, 200, 429]);
    }));
});

describe('guesses at tokens', () => {
  const guess = (n: number): string => `guess-number-${String(n).padStart(10, '0')}`;

  test('are refused more briefly past the limit, and lock out nobody whose token is valid, known or not', () =>
    withConnector({ ...STATIC, READ_TOKENS: `a:${READ_TOKEN}, b:${WRITE_TOKEN}` }, async (connector) => {
      expect(await statusOf(connector, READ_TOKEN)).toBe(200);
      for (let n = 1; n <= LIMITS.guessesPerMinute; n += 1) expect(await statusOf(connector, guess(n))).toBe(401);
      const refused = await ask(connector.url, PATH, bearer(guess(0)));
      expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
      // Many clients may share the address of a proxy: one that has not been here yet is let in.
      expect(await statusOf(connector, WRITE_TOKEN)).toBe(200);
      expect(await statusOf(connector, READ_TOKEN)).toBe(200);
      expect((await ask(connector.url, PATH)).status).toBe(401);
    }));

  test('are counted by address, and a token that has ended is no guess', () =>
    withIssuer((issuer) =>
      withConnector({ ...STATIC, ...issuer.env, TRUST_PROXY: 'loopback' }, async ({ url }) => {
        const expired = await issuer.sign({ claims: { exp: 1000 } });
        const from = async (address: string, token: string) =>
          (await ask(url, PATH, { headers: { ...bearer(token).headers, 'X-Forwarded-For': address } })).status;
        for (let n = 0; n <= LIMITS.guessesPerMinute; n += 1) expect(await from('10.0.0.1', expired)).toBe(401);
        for (let n = 1; n <= LIMITS.guessesPerMinute; n += 1) await from('10.0.0.1', guess(n));
        expect([await from('10.0.0.1', guess(0)), await from('10.0.0.2', guess(0))]).toEqual([429, 401]);
        expect(await from('10.0.0.1', await issuer.sign({ claims: { scope: 'system/*.rs' } }))).toBe(200);
        expect(await from('10.0.0.1', expired)).toBe(401);
      }),
    ));
});

test('a JWT that is issued in the future is rejected, within the skew of two clocks it is not', () =>
  withIssuer((issuer) =>
    withConnector({ ...STATIC, ...issuer.env }, async (connector) => {
      const seconds = TEST_TIME.getTime() / 1000;
      const issued = (iat: number) => issuer.sign({ scope: 'system/*.rs', claims: { iat } });
      expect(await statusOf(connector, await issued(seconds + 20))).toBe(200);
      expect(await statusOf(connector, await issued(seconds + 60))).toBe(401);
    }),
  ));

describe('a token that was found valid', () => {
  const authenticatorOf = (env: Record<string, string>, now: () => number) =>
    createAuthenticator(testConfig('.', { REQUIRE_AUTHENTICATION: 'all', ...env }).authorization, now);

  test('is remembered for a while, and never past its end', () =>
    withIssuer(async (issuer) => {
      const start = TEST_TIME.getTime();
      let now = start;
      const authenticator = authenticatorOf(issuer.env, () => now);
      const seconds = Math.floor(start / 1000);
      const [long, short] = [
        await issuer.sign({ claims: { exp: seconds + 86_400 } }),
        await issuer.sign({ claims: { exp: seconds + 100 } }),
      ];
      for (const token of [long, short]) {
        expect(authenticator?.recall(token)).toBeUndefined();
        await authenticator?.verify(token);
        expect(authenticator?.recall(token)).toEqual({ identity: { client: 'a-client', scopes: [] } });
      }
      now = seconds * 1000 + 100_000 - 1;
      expect(authenticator?.recall(short)).toBeDefined();
      now += 1;
      expect(authenticator?.recall(short)).toBeUndefined();
      now = start + LIMITS.tokenRememberedMs - 1;
      expect(authenticator?.recall(long)).toBeDefined();
      now += 1;
      expect(authenticator?.recall(long)).toBeUndefined();
    }));

  test('is looked at again once the clock is set back', () =>
    withIssuer(async (issuer) => {
      let now = TEST_TIME.getTime();
      const authenticator = authenticatorOf(issuer.env, () => now);
      const token = await issuer.sign();
      await authenticator?.verify(token);
      now -= 1;
      expect(authenticator?.recall(token)).toBeUndefined();
    }));

  test('keys are had anew where the clock was set back: a new one is not taken for unknown', () =>
    withIssuer(async (issuer) => {
      const realNow = Date.now;
      let now = TEST_TIME.getTime();
      // jose's own clock is the machine's.
      Date.now = () => now;
      try {
        const authenticator = authenticatorOf(issuer.env, () => now);
        await authenticator?.verify(await issuer.sign());
        const { key, keys } = await issuer.anotherKey('key-2');
        issuer.answerWith(200, JSON.stringify({ keys }));
        now -= 86_400_000;
        const rotated = await issuer.sign({ key, header: { kid: 'key-2' } });
        expect(await authenticator?.verify(rotated)).toMatchObject({ access: { identity: { client: 'a-client' } } });
        // Where they cannot be had, those that are known serve.
        issuer.answerWith(500, 'down');
        now -= 86_400_000;
        expect(await authenticator?.verify(rotated)).toMatchObject({ access: { identity: {} } });
      } finally {
        Date.now = realNow;
      }
    }));

  test('no more are remembered than the limit, the oldest are looked at again', async () => {
    const tokens = Array.from(
      { length: LIMITS.rememberedTokens + 1 },
      (_, n) => `token-${String(n).padStart(12, '0')}`,
    );
    const authenticator = authenticatorOf({ READ_TOKENS: tokens.join(' ') }, Date.now);
    for (const token of tokens) await authenticator?.verify(token);
    const known = tokens.filter((token) => authenticator?.recall(token));
    expect([known.length, known.includes(tokens[0] ?? '')]).toEqual([LIMITS.rememberedTokens, false]);
  });

  test('keys that are known serve while the issuer is away, however old they are; a key that is not is 503', () =>
    withIssuer(async (issuer) => {
      let now = Date.now();
      const authenticator = authenticatorOf(issuer.env, () => now);
      const sign = (header = {}) => issuer.sign({ header, claims: { exp: Math.floor(now / 1000) + 60 } });
      await authenticator?.verify(await sign());
      issuer.answerWith(500, 'down');
      // jose's own clock is the machine's: to it the keys are old once that has moved.
      const realNow = Date.now;
      try {
        now += 2 * LIMITS.jwksMaxAgeMs;
        Date.now = () => now;
        const asked = issuer.asked();
        expect(await authenticator?.verify(await sign())).toMatchObject({
          access: { identity: { client: 'a-client' } },
        });
        expect(issuer.asked()).toBe(asked + 1);
        now += LIMITS.jwksPauseMs - 1;
        expect(await authenticator?.verify(await sign())).toMatchObject({ access: { identity: {} } });
        expect(issuer.asked()).toBe(asked + 1);
        now += 1;
        expect(await authenticator?.verify(await sign())).toMatchObject({ access: { identity: {} } });
        expect(issuer.asked()).toBe(asked + 2);
        expect(await authenticator?.verify(await sign({ kid: 'new-key' }))).toMatchObject({
          access: { refused: 'unavailable' },
        });
      } finally {
        Date.now = realNow;
      }
    }));
});

test('where the issuer’s keys cannot be had, readers are told to come back', () =>
  withIssuer((issuer) =>
    withConnector({ ...issuer.env, REQUIRE_AUTHENTICATION: 'all' }, async ({ url }) => {
      const token = await issuer.sign({ scope: 'system/*.rs' });
      issuer.answerWith(500, 'down');
      const refused = await ask(url, PATH, bearer(token));
      expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([503, true]);
      expect(refused.text).not.toContain(issuer.env.JWT_JWKS_URL);
    }),
  ));
