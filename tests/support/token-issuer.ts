import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey } from 'jose';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { TEST_TIME } from './connector.js';

/** How a token differs from a good one. */
export interface TokenFacts {
  readonly scope?: unknown;
  /** Further claims, and others in the place of those of a good token; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array | undefined;
}

/** A real issuer of tokens on the loopback: its keys are had over HTTP. */
export interface TokenIssuer {
  readonly env: Readonly<Record<'JWT_ISSUER' | 'JWT_AUDIENCE' | 'JWT_JWKS_URL', string>>;
  sign(facts?: TokenFacts): Promise<string>;
  /** Its keys as it tells them at first. */
  readonly keys: readonly object[];
  /** Makes a further key, and all keys as they are told then; `answerWith` publishes them. */
  anotherKey(kid: string): Promise<{ key: CryptoKey; keys: object[] }>;
  /** Sets the answer to requests for its keys from now on. */
  answerWith(status: number, body: string | Buffer, headers?: Readonly<Record<string, string>>): void;
  /** Sets the listener that answers from now on. */
  answerBy(listener: RequestListener): void;
  /** How often its keys were asked for. */
  asked(): number;
  close(): Promise<void>;
}

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://education.example/fhir';
const KEY_ID = 'key-1';

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }];
  const answering =
    (status: number, body: string | Buffer, headers = {}): RequestListener =>
    (_request, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body);
    };
  let answer = answering(200, JSON.stringify({ keys }));
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    answer(request, response);
  });
  const url = await listen(server);
  return {
    env: { JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE, JWT_JWKS_URL: `${url}/keys` },
    sign: async ({ scope, claims = {}, header = {}, key = privateKey } = {}) => {
      const seconds = TEST_TIME.getTime() / 1000;
      const good = { iss: ISSUER, aud: AUDIENCE, exp: seconds + 300, client_id: 'a-client', scope };
      return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'ES256', kid: KEY_ID, ...header }).sign(key);
    },
    anotherKey: async (kid) => {
      const another = await generateKeyPair('ES256');
      const told = { ...(await exportJWK(another.publicKey)), kid, alg: 'ES256', use: 'sig' };
      return { key: another.privateKey, keys: [...keys, told] };
    },
    keys,
    answerWith: (status, body, headers) => {
      answer = answering(status, body, headers);
    },
    answerBy: (listener) => {
      answer = listener;
    },
    asked: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Starts an issuer for as long as it is used. */
export async function withIssuer(use: (issuer: TokenIssuer) => Promise<void>): Promise<void> {
  const issuer = await startTokenIssuer();
  try {
    await use(issuer);
  } finally {
    await issuer.close();
  }
}
