import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CryptoKey } from 'jose';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { TEST_TIME, startConnector } from '../../support/connector.js';

const ISSUER = 'https://ehr.example/hooks';
const [ec, rsa, other] = await Promise.all([
  generateKeyPair('ES384'),
  generateKeyPair('RS384'),
  generateKeyPair('ES384'),
]);
const small = await generateKeyPair('ES256');
/** A key id as Epic writes it: base64. */
const EPIC_KID = 'vVqYo3T+8c/4uKx1Zg==';

let keyServer: Server;
let jku: string;
let asked = 0;
let connector: TestConnector;
let address: string;
beforeAll(async () => {
  const keys = await Promise.all(
    (
      [
        [ec, 'ec'],
        [rsa, 'rsa'],
        [small, 'small'],
        [rsa, EPIC_KID],
      ] as const
    ).map(async ([{ publicKey }, kid]) => ({ ...(await exportJWK(publicKey)), kid })),
  );
  keyServer = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => {
    keyServer.listen(0, '127.0.0.1', resolve);
  });
  jku = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks.json`;
  connector = await startConnector({
    env: { CDS_CLIENTS: `${ISSUER}|${jku},https://second.example|${jku}?2` },
  });
  address = `${connector.url}/cds-services`;
});
afterAll(async () => {
  await connector.stop();
  keyServer.close();
  keyServer.closeAllConnections();
});

const SECONDS = TEST_TIME.getTime() / 1000;
let tokens = 0;

interface Facts {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey | Uint8Array;
}

/** A token for the discovery, but for what is said of it; undefined leaves a claim out. */
const sign = ({ claims = {}, header = {}, key = ec.privateKey }: Facts = {}): Promise<string> =>
  new SignJWT({ iss: ISSUER, aud: address, exp: SECONDS + 300, iat: SECONDS, jti: `t-${(tokens += 1)}`, ...claims })
    .setProtectedHeader({ alg: 'ES384', kid: 'ec', typ: 'JWT', ...header })
    .sign(key);

const askWith = (token: string, path = '/cds-services', method = 'GET') =>
  ask(connector.url, path, { method, headers: { Authorization: `Bearer ${token}` } });

describe('where EHRs are named, a call needs a token of one', () => {
  test.each<[string, Facts]>([
    ['ES384', {}],
    ['RS384', { key: rsa.privateKey, header: { alg: 'RS384', kid: 'rsa' } }],
    ['with the listed address of its keys', { header: {} }],
    ['for several addresses', { claims: { aud: ['https://x.example', 'placeholder'] } }],
    ['with a tenant', { claims: { tenant: 'north' } }],
    [
      'in Epic’s form: nbf, sub, a key id in base64, 900 seconds',
      {
        claims: { nbf: SECONDS, sub: ISSUER, exp: SECONDS + 900 },
        key: rsa.privateKey,
        header: { alg: 'RS384', kid: EPIC_KID },
      },
    ],
  ])('%s', async (_name, facts) => {
    const claims = { ...facts.claims };
    if (Array.isArray(claims['aud'])) claims['aud'] = [address, 'https://x.example'];
    const { status } = await askWith(await sign({ ...facts, claims, header: { jku, ...facts.header } }));
    expect(status).toBe(200);
  });

  test('for exactly the address that is called', async () => {
    const path = '/cds-services/order-sign';
    const token = await sign({ claims: { aud: connector.url + path } });
    expect((await askWith(token)).status).toBe(401);
    // It was let in: there is no body.
    expect((await askWith(token, path, 'POST')).status).toBe(400);
  });

  test('once', async () => {
    const token = await sign();
    expect([(await askWith(token)).status, (await askWith(token)).status]).toEqual([200, 401]);
    // The id of one issuer's token says nothing of another's.
    const claims = { jti: `t-${tokens}`, iss: 'https://second.example' };
    expect((await askWith(await sign({ claims }))).status).toBe(200);
  });

  test.each<[string, Facts, { readonly reason: string; readonly sent?: string }]>([
    ['another issuer', { claims: { iss: 'https://evil.example' } }, { reason: 'unknown-issuer' }],
    [
      'another address',
      { claims: { aud: 'https://education.example/cds-services' } },
      { reason: 'aud', sent: 'education.example/cds-services' },
    ],
    ['a token that has ended', { claims: { exp: SECONDS - 60 } }, { reason: 'expired' }],
    [
      'one that is valid for too long',
      { claims: { exp: SECONDS + LIMITS.clientTokenMs / 1000 + 60 } },
      { reason: 'valid-too-long' },
    ],
    ['one without an end', { claims: { exp: undefined } }, { reason: 'exp' }],
    ['one that is issued in the future', { claims: { iat: SECONDS + 60 } }, { reason: 'issued-in-the-future' }],
    ['one without a beginning', { claims: { iat: undefined } }, { reason: 'iat' }],
    ['one without an id', { claims: { jti: undefined } }, { reason: 'jti' }],
    ['one with an empty id', { claims: { jti: '' } }, { reason: 'jti' }],
    ['one without a key id', { header: { kid: undefined } }, { reason: 'kid' }],
    ['another type', { header: { typ: 'at+jwt' } }, { reason: 'typ', sent: 'at+jwt' }],
    ["another's key", { key: other.privateKey }, { reason: 'signature' }],
    [
      'a weaker algorithm',
      { key: small.privateKey, header: { alg: 'ES256', kid: 'small' } },
      { reason: 'alg', sent: 'ES256' },
    ],
    [
      'a shared secret',
      { key: new TextEncoder().encode('s'.repeat(48)), header: { alg: 'HS384' } },
      { reason: 'alg', sent: 'HS384' },
    ],
    [
      'an address of keys that is not listed',
      { header: { jku: 'http://127.0.0.1:1/jwks.json' } },
      { reason: 'jku', sent: '127.0.0.1:1' },
    ],
    ["another listed client's address of keys", { header: { jku: 'listed' } }, { reason: 'jku' }],
  ])('%s is refused, and the log tells why', async (_name, facts, { reason, sent }) => {
    const header = facts.header?.['jku'] === 'listed' ? { jku: `${jku}?2` } : { ...facts.header };
    const token = await sign({ ...facts, header });
    const { status, headers, text } = await askWith(token);
    expect([status, headers['www-authenticate']]).toEqual([401, expect.stringContaining('invalid_token')]);
    const logged = connector.logLines.findLast(({ msg }) => msg === 'call of CDS Hooks rejected');
    expect(logged).toMatchObject({ reason, ...(sent === undefined ? {} : { sent: expect.stringContaining(sent) }) });
    // The reason is for the log alone, and the token for nobody.
    expect(text).not.toContain(`"${reason}"`);
    expect(JSON.stringify(connector.logLines)).not.toContain(token.split('.')[1]);
  });

  test('unsigned ones and what is no token are refused, and nobody is asked for them', async () => {
    const before = asked;
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = part({ iss: ISSUER, aud: address, exp: SECONDS + 300, iat: SECONDS, jti: 'none' });
    const unsigned = `${part({ alg: 'none', kid: 'ec', typ: 'JWT' })}.${claims}.`;
    const seen = [await askWith(unsigned), await askWith('x.y.z'), await ask(connector.url, '/cds-services')];
    expect(seen.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(asked).toBe(before);
  });

  test('everything else is as open as before', async () => {
    expect((await ask(connector.url, '/search?q=asthma')).status).toBe(200);
  });

  test('the interface tells of it', async () => {
    const api = JSON.parse((await ask(connector.url, '/openapi.json')).text) as {
      paths: Record<string, Record<string, { security?: unknown }>>;
    };
    expect(api.paths['/cds-services/{id}']?.['post']?.security).toEqual([{}, { cdsClient: [] }]);
  });
});
