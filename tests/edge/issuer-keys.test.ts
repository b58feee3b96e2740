import { gzipSync } from 'node:zlib';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { Authenticator } from '../../src/edge/authenticate.js';
import { createAuthenticator } from '../../src/edge/authenticate.js';
import { LIMITS } from '../../src/limits.js';
import { TEST_TIME, testConfig } from '../support/connector.js';
import type { TokenIssuer } from '../support/token-issuer.js';
import { startTokenIssuer } from '../support/token-issuer.js';

async function withIssuer(use: (issuer: TokenIssuer) => Promise<void>): Promise<void> {
  const issuer = await startTokenIssuer();
  try {
    await use(issuer);
  } finally {
    await issuer.close();
  }
}

function authenticatorOf({ env }: TokenIssuer, now = () => TEST_TIME.getTime()): Authenticator {
  const authenticator = createAuthenticator(
    testConfig('.', { REQUIRE_AUTHENTICATION: 'all', ...env }).authorization,
    now,
  );
  if (!authenticator) throw new Error('no authorization is set up');
  return authenticator;
}

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
      // What the system holds between the two is some megabytes; in three seconds it was a gigabyte.
      expect(sent).toBeLessThan(64 * 1024 * 1024);
    }));
});
