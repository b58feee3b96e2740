import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair } from 'jose';
import type { Bundle } from '@medplum/fhirtypes';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { TEST_TIME, startConnector } from '../../support/connector.js';
import type { TokenFacts, TokenIssuer } from '../../support/token-issuer.js';
import { startTokenIssuer } from '../../support/token-issuer.js';
import { TOKEN, articleMap, handout, send } from './written.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

const ID = 'local-zebra-en';
const MAP = articleMap('N53.14', [{ code: 'topic-acne', equivalence: 'wider' }]);

let issuer: TokenIssuer;
let connector: TestConnector;
let url = '';
beforeAll(async () => {
  issuer = await startTokenIssuer();
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN, ...issuer.env } });
  ({ url } = connector);
});
afterAll(async () => {
  await connector.stop();
  await issuer.close();
});
afterEach(async () => {
  await send(url, 'DELETE', `/ConceptMap/ours`);
  await send(url, 'DELETE', `/DocumentReference/${ID}`);
});

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const putDocument = async (facts: TokenFacts, base = url) =>
  send(base, 'PUT', `/DocumentReference/${ID}`, handout({ id: ID }), bearer(await issuer.sign(facts)));
const putMap = async (facts: TokenFacts) =>
  send(url, 'PUT', '/ConceptMap/ours', { ...MAP, id: 'ours' }, bearer(await issuer.sign(facts)));
const statusOf = async (writing: ReturnType<typeof send>): Promise<number> => (await writing).reply.status;
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('what a scope permits', () => {
  test.each<[string, unknown, number, number]>([
    ['all of a type', 'system/DocumentReference.cud', 201, 403],
    ['all of every type', 'openid system/*.cud', 201, 201],
    ['updates alone', 'system/*.u', 201, 201],
    ['creation alone', 'system/*.c', 403, 403],
    ['SMART 1', 'system/DocumentReference.write', 201, 403],
    ['SMART 1, everything', 'system/*.*', 201, 201],
    ['reading', 'system/*.rs system/DocumentReference.read', 403, 403],
    ['another type', 'system/Patient.cud', 403, 403],
    ['a patient’s and a user’s', 'patient/*.cud user/*.cud', 403, 403],
    ['a part of a type', 'system/DocumentReference.cud?status=current', 403, 403],
    ['several', 'system/Patient.r system/ConceptMap.u', 403, 201],
    ['none', '', 403, 403],
    ['no claim', undefined, 403, 403],
    ['a claim that is no text', 7, 403, 403],
  ])('%s', async (_name, scope, document, map) => {
    expect([await statusOf(putDocument({ scope })), await statusOf(putMap({ scope }))]).toEqual([document, map]);
  });

  test('scopes may stand in scp, as a list or a text', async () => {
    for (const scp of [['openid', 'system/*.cud'], 'openid system/*.cud']) {
      expect(await statusOf(putMap({ claims: { scp } }))).toBeLessThan(300);
    }
  });

  test('who has a token without the right is told which would do, before the body is read', async () => {
    const headers = { ...bearer(await issuer.sign({ scope: 'system/ConceptMap.u' })), 'Content-Type': 'text/plain' };
    const refused = await ask(url, '/fhir/ConceptMap', { method: 'POST', headers, body: 'x' });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      403,
      'Bearer realm="Education Connect", error="insufficient_scope", scope="system/ConceptMap.c"',
    ]);
    expect(refused.text).toContain('system/ConceptMap.c');
  });

  test('each right is looked at: create, update, delete', async () => {
    const token = await issuer.sign({ scope: 'system/DocumentReference.d' });
    expect(await statusOf(send(url, 'POST', '/DocumentReference', handout(), bearer(token)))).toBe(403);
    expect(await statusOf(putDocument({ scope: 'system/DocumentReference.cd' }))).toBe(403);
    expect(await statusOf(putDocument({ scope: 'system/DocumentReference.u' }))).toBe(201);
    const remove = async (scope: string) =>
      statusOf(send(url, 'DELETE', `/DocumentReference/${ID}`, undefined, bearer(await issuer.sign({ scope }))));
    expect(await remove('system/DocumentReference.cu')).toBe(403);
    expect(await remove('system/DocumentReference.d')).toBe(204);
  });

  test('a batch tells of each of its entries whether the right to it is there', async () => {
    const entry = [
      { resource: handout({ id: ID }), request: { method: 'PUT', url: `DocumentReference/${ID}` } },
      { resource: { ...MAP, id: 'ours' }, request: { method: 'PUT', url: 'ConceptMap/ours' } },
    ];
    const headers = bearer(await issuer.sign({ scope: 'system/DocumentReference.cud' }));
    const parts = await send(url, 'POST', '', { resourceType: 'Bundle', type: 'batch', entry }, headers);
    expect(parts.reply.status).toBe(200);
    expect((parts.resource as Bundle).entry?.map(({ response }) => response?.status.slice(0, 3))).toEqual([
      '201',
      '403',
    ]);
  });
});

describe('what is no valid token is 401', () => {
  const scope = 'system/*.cud';
  const now = TEST_TIME.getTime() / 1000;
  test.each<[string, TokenFacts]>([
    ['another issuer', { claims: { iss: 'https://elsewhere.example' } }],
    ['no issuer', { claims: { iss: undefined } }],
    ['another audience', { claims: { aud: 'https://elsewhere.example/fhir' } }],
    ['no audience', { claims: { aud: undefined } }],
    ['it has expired', { claims: { exp: now - 60 } }],
    ['it never expires', { claims: { exp: undefined } }],
    ['it is not valid yet', { claims: { nbf: now + 600 } }],
    ['an unknown key', { header: { kid: 'key-2' } }],
    ['a shared secret', { header: { alg: 'HS256' }, key: Buffer.alloc(32, 'a') }],
  ])('%s', async (_name, facts) => {
    const refused = await putDocument({ scope, ...facts });
    expect([refused.reply.status, refused.reply.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="Education Connect", error="invalid_token"',
    ]);
  });

  test('another’s signature under a known name', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    expect(await statusOf(putDocument({ scope, key: privateKey }))).toBe(401);
  });

  test('none, and what is no JWT or none that can be read', async () => {
    const good = await issuer.sign({ scope });
    const [header = '', payload = '', signature = ''] = good.split('.');
    const unsigned = encoded({ alg: 'none' });
    const tokens = [
      `${unsigned}.${payload}.`,
      `${unsigned}.${payload}.${signature}`,
      `${header}.${encoded({ scope, admin: true })}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}.!!`,
      `${header}..${signature}`,
      'a.b.c',
      '..',
      ...[null, 1, 'x', [], {}, { alg: 'ES256', crit: ['x'] }, { alg: 7 }].map(
        (one) => `${encoded(one)}.${payload}.${signature}`,
      ),
      `${header}.${payload}.${signature}.${signature}.${signature}`,
      'a'.repeat(5000),
    ];
    for (const token of tokens) {
      const { reply } = await send(url, 'DELETE', `/DocumentReference/${ID}`, undefined, bearer(token));
      expect([token.slice(0, 40), reply.status]).toEqual([token.slice(0, 40), 401]);
    }
    for (const authorization of ['Basic YTpi', 'Bearer', `Bearer ${good} ${good}`, good, 'DPoP x']) {
      const headers = { Authorization: authorization };
      expect(await statusOf(send(url, 'DELETE', `/DocumentReference/${ID}`, undefined, headers))).toBe(401);
    }
  });

  test('a static token counts beside JWTs, and nothing of a JWT stands in the log', async () => {
    expect(await statusOf(send(url, 'PUT', `/DocumentReference/${ID}`, handout({ id: ID })))).toBe(201);
    const token = await issuer.sign({ scope, claims: { sub: 'a-subject' } });
    await send(url, 'DELETE', `/DocumentReference/${ID}`, undefined, bearer(token));
    const log = JSON.stringify(connector.logLines);
    for (const secret of [token, token.split('.')[1] ?? '', 'a-subject', 'a-client']) expect(log).not.toContain(secret);
  });
});

describe('keys that cannot be had', () => {
  test.each<[string, (own: TokenIssuer) => Promise<void> | void]>([
    ['nobody listens', (own) => own.close()],
    [
      'an error',
      (own) => {
        own.answerWith(500, 'down');
      },
    ],
    [
      'a page',
      (own) => {
        own.answerWith(200, '<html>');
      },
    ],
    [
      'no keys',
      (own) => {
        own.answerWith(200, '{"keys":7}');
      },
    ],
  ])('%s: 503, not the token’s fault, and nobody need log in anew', async (_name, fail) => {
    const own = await startTokenIssuer();
    const other = await startConnector({ env: { ...own.env } });
    try {
      const token = await own.sign({ scope: 'system/*.cud' });
      await fail(own);
      const refused = await send(other.url, 'DELETE', `/DocumentReference/${ID}`, undefined, bearer(token));
      expect(refused.reply.status).toBe(503);
      expect(Number(refused.reply.headers['retry-after'])).toBeGreaterThan(0);
      expect(refused.reply.headers['www-authenticate']).toBeUndefined();
      expect(refused.reply.text).not.toContain(own.env.JWT_JWKS_URL);
      // Reading needs no token, and what is no JWT asks nobody.
      expect(await statusOf(send(other.url, 'GET', '/DocumentReference/topic-acne-en', undefined, bearer(token)))).toBe(
        200,
      );
      expect(await statusOf(send(other.url, 'DELETE', `/DocumentReference/${ID}`, undefined, bearer('abc')))).toBe(401);
    } finally {
      await other.stop();
      await own.close();
    }
  });

  test('keys are fetched once, and what is known of them serves while the issuer is away', async () => {
    const own = await startTokenIssuer();
    const other = await startConnector({ env: { ...own.env } });
    try {
      const token = await own.sign({ scope: 'system/*.cud' });
      const remove = () => statusOf(send(other.url, 'DELETE', `/DocumentReference/${ID}`, undefined, bearer(token)));
      expect([await remove(), await remove(), own.asked()]).toEqual([204, 204, 1]);
      own.answerWith(500, 'down');
      expect(await remove()).toBe(204);
    } finally {
      await other.stop();
      await own.close();
    }
  });
});

test('SMART’s configuration tells of the issuer', async () => {
  const smart = await ask(url, '/.well-known/smart-configuration');
  expect(JSON.parse(smart.text)).toMatchObject({
    issuer: issuer.env.JWT_ISSUER,
    jwks_uri: issuer.env.JWT_JWKS_URL,
    capabilities: ['permission-v1', 'permission-v2'],
  });
});
