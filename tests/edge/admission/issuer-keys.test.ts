import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import type { Authenticator } from '../../../src/edge/admission/authenticate.js';
import { createAuthenticator } from '../../../src/edge/admission/authenticate.js';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import { TEST_TIME, startConnector, testConfig } from '../../support/connector.js';
import type { TokenIssuer } from '../../support/token-issuer.js';
import { withIssuer } from '../../support/token-issuer.js';

function authenticatorOf({ env }: TokenIssuer, now = () => TEST_TIME.getTime()): Authenticator {
  const authenticator = createAuthenticator(
    testConfig('.', { REQUIRE_AUTHENTICATION: 'all', ...env }).authorization,
    now,
  );
  if (!authenticator) throw new Error('no authorization is set up');
  return authenticator;
}

/** Of somebody whom the issuer does not know. */
const strangersKey = generateKeyPair('ES256').then(({ privateKey }) => privateKey);

const KNOWN = { access: { identity: { client: 'a-client' } } };
const UNAVAILABLE = { access: { refused: 'unavailable' } };

describe('the size of the issuer’s answer', () => {
  const { jwksAnswerBytes } = LIMITS;
  const padded = ({ keys }: TokenIssuer, bytes: number): string => JSON.stringify({ keys }).padEnd(bytes);

  test.each([
    ['as large as may be', jwksAnswerBytes, false, KNOWN],
    ['larger by a byte', jwksAnswerBytes + 1, false, UNAVAILABLE],
    ['as large as may be, compressed', jwksAnswerBytes, true, KNOWN],
    ['small, and larger once it is unpacked', jwksAnswerBytes + 1, true, UNAVAILABLE],
  ])('%s', (_name, bytes, isPacked, expected) =>
    withIssuer(async (issuer) => {
      const body = padded(issuer, bytes);
      if (isPacked) issuer.answerWith(200, gzipSync(body), { 'Content-Encoding': 'gzip' });
      else issuer.answerWith(200, body);
      expect(await authenticatorOf(issuer).verify(await issuer.sign())).toMatchObject(expected);
    }),
  );

  test('an answer without an end is broken off', () =>
    withIssuer(async (issuer) => {
      const blanks = Buffer.alloc(65_536, ' ');
      let sent = 0;
      let ended: Promise<unknown> | undefined;
      issuer.answerBy((_request, response) => {
        ended = once(response, 'close');
        response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"keys":[');
        const goOn = (): void => {
          while (!response.destroyed) {
            sent += blanks.length;
            if (!response.write(blanks)) break;
          }
        };
        response.on('drain', goOn);
        goOn();
      });
      expect(await authenticatorOf(issuer).verify(await issuer.sign())).toMatchObject(UNAVAILABLE);
      await ended;
      // The system holds some megabytes between the two; in three seconds it was a gigabyte.
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    }));
});

describe('an issuer that fails', () => {
  const forge = async (issuer: TokenIssuer, n: number): Promise<string> =>
    issuer.sign({ header: { kid: `made-up-${n}` }, key: await strangersKey });

  test('is left alone for a while, and answers none the less come at once', () =>
    withIssuer(async (issuer) => {
      let now = TEST_TIME.getTime();
      const authenticator = authenticatorOf(issuer, () => now);
      issuer.answerWith(200, '{"keys":"x"}');
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => forge(issuer, n)));
      for (const token of all) expect(await authenticator.verify(token)).toMatchObject(UNAVAILABLE);
      expect(issuer.asked()).toBe(1);
      const mine = await issuer.sign();
      issuer.answerWith(200, JSON.stringify({ keys: issuer.keys }));
      now += LIMITS.jwksFirstPauseMs - 1;
      expect(await authenticator.verify(mine)).toMatchObject(UNAVAILABLE);
      now += 1;
      expect(await authenticator.verify(mine)).toMatchObject(KNOWN);
      expect(issuer.asked()).toBe(2);
    }));

  test('is left alone for longer where keys are known, which go on serving', () =>
    withIssuer(async (issuer) => {
      let now = TEST_TIME.getTime();
      const authenticator = authenticatorOf(issuer, () => now);
      await authenticator.verify(await issuer.sign());
      issuer.answerWith(200, '{"keys":"x"}');
      now += LIMITS.jwksPauseMs;
      for (let n = 0; n < 20; n += 1)
        expect(await authenticator.verify(await forge(issuer, n))).toMatchObject(UNAVAILABLE);
      expect(issuer.asked()).toBe(2);
      expect(await authenticator.verify(await issuer.sign())).toMatchObject(KNOWN);
      now += LIMITS.jwksPauseMs;
      await authenticator.verify(await forge(issuer, 0));
      expect(issuer.asked()).toBe(3);
    }));

  test('tokens that nobody could judge are guesses, but for those that come again', () =>
    withIssuer(async (issuer) => {
      const authenticator = authenticatorOf(issuer);
      issuer.answerWith(500, 'down');
      const [first, second] = [await forge(issuer, 1), await forge(issuer, 2)];
      const seen: boolean[] = [];
      for (const token of [first, second, first, second]) seen.push((await authenticator.verify(token)).isGuess);
      expect(seen).toEqual([true, true, false, false]);
    }));

  test('an address that sends many of these has to wait; one that asks again with its own is told to come back', () =>
    withIssuer(async (issuer) => {
      issuer.answerWith(200, '{"keys":"x"}');
      const env = { ...issuer.env, REQUIRE_AUTHENTICATION: 'all', TRUST_PROXY: 'loopback', LOG_LEVEL: 'silent' };
      const connector = await startConnector({ env });
      const from = (address: string, token: string) =>
        ask(connector.url, '/search?q=asthma', {
          headers: { Authorization: `Bearer ${token}`, 'X-Forwarded-For': address },
        });
      try {
        const mine = await issuer.sign();
        for (let n = 0; n < LIMITS.guessesPerMinute; n += 1) {
          expect([
            (await from('10.0.0.1', await forge(issuer, n))).status,
            (await from('10.0.0.2', mine)).status,
          ]).toEqual([503, 503]);
        }
        const refused = await from('10.0.0.1', await forge(issuer, LIMITS.guessesPerMinute));
        expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
        expect((await from('10.0.0.2', mine)).status).toBe(503);
        expect(issuer.asked()).toBe(1);
      } finally {
        await connector.stop();
      }
    }));
});

test('a token that names a key which is of no use is wrong, and a guess: the issuer is well', () =>
  withIssuer(async (issuer) => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const unusable = [
      { ...small, kid: 'small', alg: 'RS256', use: 'sig' },
      { kty: 'RSA', n: small.n, kid: 'half', alg: 'RS256', use: 'sig' },
    ];
    issuer.answerWith(200, JSON.stringify({ keys: [...issuer.keys, ...unusable] }));
    const authenticator = authenticatorOf(issuer);
    const { privateKey } = await generateKeyPair('RS256');
    for (const kid of ['small', 'half']) {
      const forged = await issuer.sign({ header: { alg: 'RS256', kid }, key: privateKey });
      expect(await authenticator.verify(forged)).toEqual({ access: { refused: 'invalid' }, isGuess: true });
    }
    expect(await authenticator.verify(await issuer.sign())).toMatchObject(KNOWN);
    expect(issuer.asked()).toBe(1);
  }));

describe('a token that does not say which key signed it', () => {
  const pairs = Promise.all(Array.from({ length: LIMITS.jwksKeysTried + 1 }, () => generateKeyPair('RS256')));
  const publish = async (issuer: TokenIssuer, count: number): Promise<void> => {
    const keys = (await pairs).slice(0, count).map(({ publicKey }) => exportJWK(publicKey));
    issuer.answerWith(200, JSON.stringify({ keys: (await Promise.all(keys)).map((key) => ({ ...key, use: 'sig' })) }));
  };
  const nameless = { alg: 'RS256', kid: undefined };

  test('is good by whichever of the keys it is, and wrong by another', () =>
    withIssuer(async (issuer) => {
      await publish(issuer, 2);
      const authenticator = authenticatorOf(issuer);
      const sign = async (n: number, claims = {}): Promise<string> =>
        issuer.sign({ header: nameless, claims, key: (await pairs)[n]?.privateKey });
      for (const n of [0, 1]) expect(await authenticator.verify(await sign(n))).toMatchObject(KNOWN);
      const wrong = { access: { refused: 'invalid' } };
      expect(await authenticator.verify(await sign(2))).toEqual({ ...wrong, isGuess: true });
      // Its signature stands: it is the issuer's, and no guess.
      expect(await authenticator.verify(await sign(1, { exp: 1000 }))).toEqual({ ...wrong, isGuess: false, until: 0 });
    }));

  test('is not tried at more than a few', () =>
    withIssuer(async (issuer) => {
      const { jwksKeysTried } = LIMITS;
      await publish(issuer, jwksKeysTried + 1);
      const authenticator = authenticatorOf(issuer);
      const sign = async (n: number): Promise<string> =>
        issuer.sign({ header: nameless, key: (await pairs)[n]?.privateKey });
      expect(await authenticator.verify(await sign(jwksKeysTried - 1))).toMatchObject(KNOWN);
      expect(await authenticator.verify(await sign(jwksKeysTried))).toMatchObject({ access: { refused: 'invalid' } });
    }));
});
