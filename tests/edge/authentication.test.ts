import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '@medplum/fhirtypes';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import { complaintOf, formatOf } from '../http/decent.js';
import { resourceComplaints } from '../support/fhir-answer.js';
import type { TestConnector } from '../support/connector.js';
import { TEST_TIME, startConnector, temporaryFolder } from '../support/connector.js';
import type { TokenIssuer } from '../support/token-issuer.js';
import { startTokenIssuer } from '../support/token-issuer.js';
import type { ClosedRequest } from './closed-requests.js';
import { CLOSED_REQUESTS, READ_TOKEN, WRITE_TOKEN } from './closed-requests.js';

const folder = temporaryFolder();
let issuer: TokenIssuer;
let closed: TestConnector;
let url = '';
beforeAll(async () => {
  mkdirSync(join(folder.path, 'handouts'));
  writeFileSync(join(folder.path, 'handouts', 'icd10_z99.89_en.pdf'), '%PDF-1.4\n');
  issuer = await startTokenIssuer();
  closed = await startConnector({
    env: {
      ...issuer.env,
      REQUIRE_AUTHENTICATION: 'all',
      READ_TOKENS: `ward-3:${READ_TOKEN}`,
      WRITE_TOKENS: WRITE_TOKEN,
      LOCAL_LIBRARY: folder.path,
    },
  });
  ({ url } = closed);
});
afterAll(async () => {
  await closed.stop();
  await issuer.close();
  folder.remove();
});

const send = ({ path, method, headers, body }: ClosedRequest, authorization?: string): Promise<Reply> =>
  ask(url, path, {
    ...(method ? { method } : {}),
    headers: { ...headers, ...(authorization === undefined ? {} : { Authorization: authorization }) },
    ...(body === undefined ? {} : { body }),
  });
const bearer = (token: string): string => `Bearer ${token}`;
const password = (token: string, user = 'anybody'): string =>
  `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
const REALM = 'Bearer realm="Education Connect"';
const BASIC = 'Basic realm="Education Connect", charset="UTF-8"';

describe.each(CLOSED_REQUESTS.map((request) => [`${request.method ?? 'GET'} ${request.path}`, request] as const))(
  '%s',
  (_name, request) => {
    const isForBrowsers = request.area === 'page' || request.area === 'handouts';
    const challenge = (bearing: string): string => (isForBrowsers ? `${bearing}, ${BASIC}` : bearing);

    test('is 401 without a valid token, in the format of its protocol', async () => {
      const expired = TEST_TIME.getTime() / 1000 - 60;
      const { scope } = request;
      const tokens: [string | undefined, string][] = [
        [undefined, REALM],
        [bearer('not-a-token-of-this-server'), `${REALM}, error="invalid_token"`],
        [bearer(await issuer.sign({ scope, claims: { exp: expired } })), `${REALM}, error="invalid_token"`],
        [bearer(await issuer.sign({ scope, claims: { aud: 'elsewhere' } })), `${REALM}, error="invalid_token"`],
        [bearer(await issuer.sign({ scope, claims: { iss: 'elsewhere' } })), `${REALM}, error="invalid_token"`],
        ['Negotiate abc', `${REALM}, error="invalid_token"`],
      ];
      for (const [authorization, told] of tokens) {
        const refused = await send(request, authorization);
        expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, challenge(told)]);
        expect([formatOf(refused), complaintOf(refused)]).toEqual([request.format, undefined]);
        if (request.area === 'fhir') expect(resourceComplaints(JSON.parse(refused.text))).toEqual([]);
      }
    });

    test('is 403 for a token without the right, and names the scope that has it', async () => {
      for (const scope of [
        request.tooLittle,
        'patient/*.cruds',
        'system/*.cud',
        `${request.scope}?status=current`,
        '',
      ]) {
        const refused = await send(request, bearer(await issuer.sign({ scope })));
        expect([scope, refused.status, formatOf(refused)]).toEqual([scope, 403, request.format]);
        expect(refused.headers['www-authenticate']).toMatch(
          /^Bearer realm="Education Connect", error="insufficient_scope", scope="system\/(\*|[A-Z][A-Za-z]+)\.[rs]+"$/,
        );
      }
    });

    test('is answered with the right, and by a static token', async () => {
      for (const token of [await issuer.sign({ scope: `openid ${request.scope}` }), READ_TOKEN, WRITE_TOKEN]) {
        const reply = await send(request, bearer(token));
        expect([reply.status, complaintOf(reply)]).toEqual([200, undefined]);
      }
    });
  },
);

describe('what is kept', () => {
  test.each(CLOSED_REQUESTS.filter(({ method }) => method === undefined).map((one) => [one.path, one] as const))(
    'of %s goes out to nobody without the right',
    async (_path, request) => {
      expect((await send(request, bearer(READ_TOKEN))).status).toBe(200);
      const before = closed.logLines.length;
      const again = await send(request, bearer(READ_TOKEN));
      const tag = { 'If-None-Match': again.headers.etag ?? '*' };
      for (const method of ['GET', 'HEAD']) {
        const asking = { ...request, method, headers: tag };
        expect((await send(asking)).status).toBe(401);
        expect((await send(asking, bearer(await issuer.sign({ scope: request.tooLittle })))).status).toBe(403);
      }
      const hits = closed.logLines.slice(before).filter(({ cache }) => cache === 'hit');
      expect(hits.every(({ status }) => status === 200)).toBe(true);
    },
  );

  test('is given to those with the right', async () => {
    const [request] = CLOSED_REQUESTS;
    if (!request) throw new Error('no request');
    await send(request, bearer(READ_TOKEN));
    const before = closed.logLines.length;
    expect((await send(request, bearer(WRITE_TOKEN))).status).toBe(200);
    expect(closed.logLines.slice(before).map(({ cache, status }) => [cache, status])).toEqual([['hit', 200]]);
  });
});

describe('who has no token yet', () => {
  test.each([
    ...['/healthz', '/readyz', '/fhir/metadata', '/openapi.json', '/assets/page.css'],
    ...['/.well-known/smart-configuration', '/fhir/.well-known/smart-configuration'],
  ])('may read %s', async (path) => {
    expect((await ask(url, path)).status).toBe(200);
    expect((await ask(url, path, { headers: { Authorization: 'Bearer x' } })).status).toBe(200);
  });

  test('may not read the counters, nor learn what is below a closed address', async () => {
    for (const path of ['/metrics', '/handouts/none.pdf', '/fhir/Patient/1', '/fhir/nothing', '/article/none'])
      expect([path, (await ask(url, path)).status]).toEqual([path, 401]);
    const counters = await ask(url, '/metrics', {
      headers: { Authorization: bearer(await issuer.sign({ scope: '' })) },
    });
    expect([counters.status, counters.text.includes('answers_total')]).toEqual([200, true]);
    expect((await ask(url, '/nowhere')).status).toBe(404);
  });

  test.each(['/infobutton', '/fhir/DocumentReference', '/search', '/'])('may ask %s by OPTIONS', async (path) => {
    const headers = { Origin: 'https://ehr.example', 'Access-Control-Request-Headers': 'authorization' };
    const reply = await ask(url, path, { method: 'OPTIONS', headers });
    expect([reply.status, reply.headers['access-control-allow-headers']]).toEqual([
      204,
      expect.stringContaining('Authorization'),
    ]);
  });

  test('is told how to get one', async () => {
    const metadata = JSON.parse((await ask(url, '/fhir/metadata')).text) as {
      rest: { security: { description: string } }[];
    };
    expect(metadata.rest[0]?.security.description).toBe(
      'Reading needs a bearer token with SMART scopes such as system/DocumentReference.rs. ' +
        'Writing needs a bearer token with SMART scopes such as system/DocumentReference.cud.',
    );
    expect(resourceComplaints(metadata)).toEqual([]);
    const smart = JSON.parse((await ask(url, '/.well-known/smart-configuration')).text) as Record<string, string[]>;
    expect(smart.scopes_supported).toEqual(
      expect.arrayContaining(['system/DocumentReference.rs', 'user/*.rs', 'system/*.cud']),
    );
    const api = JSON.parse((await ask(url, '/openapi.json')).text) as {
      components: { securitySchemes: Record<string, unknown> };
      paths: Record<string, Record<string, { security?: object[] }>>;
    };
    expect(Object.keys(api.components.securitySchemes)).toEqual(['bearer', 'password', 'cdsClient']);
    expect(api.paths['/infobutton']?.get?.security).toEqual([{}, { bearer: [] }]);
    expect(api.paths['/find']?.get?.security).toEqual([{}, { bearer: [] }, { password: [] }]);
    expect(api.paths['/fhir/metadata']?.get?.security).toBeUndefined();
    expect(api.paths['/fhir/DocumentReference']?.post?.security).toEqual([{ bearer: [] }]);
  });
});

describe('a batch', () => {
  const batch = (authorization: string | undefined, requests: object[], type = 'batch') =>
    ask(url, '/fhir', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/fhir+json',
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      body: JSON.stringify({ resourceType: 'Bundle', type, entry: requests.map((request) => ({ request })) }),
    });
  const READS = [
    { method: 'GET', url: 'DocumentReference/topic-acne-en' },
    { method: 'GET', url: 'DocumentReference?_id=topic-acne-en' },
    { method: 'GET', url: 'CodeSystem' },
    { method: 'GET', url: 'metadata' },
    { method: 'GET', url: '/metadata?_summary=true' },
  ];

  test('needs a token, and the right to each of its entries', async () => {
    expect((await batch(undefined, READS)).status).toBe(401);
    const reply = await batch(bearer(await issuer.sign({ scope: 'system/DocumentReference.r' })), READS);
    const { entry = [] } = JSON.parse(reply.text) as Bundle;
    expect(entry.map(({ response }) => response?.status.slice(0, 3))).toEqual(['200', '403', '403', '200', '200']);
    expect(reply.text).not.toContain('"searchset"');
  });
});

test('a conditional create reads what is there: that needs the right to search', async () => {
  const create = async (scope: string) =>
    ask(url, '/fhir/DocumentReference', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/fhir+json',
        'If-None-Exist': '_id=topic-acne-en',
        Authorization: bearer(await issuer.sign({ scope })),
      },
      body: JSON.stringify({ resourceType: 'DocumentReference' }),
    });
  expect((await create('system/DocumentReference.c')).status).toBe(403);
  expect((await create('system/DocumentReference.cs')).status).toBe(200);
});

describe('a token as a password', () => {
  test('opens pages and handouts, whoever says so, and nothing that programs ask', async () => {
    for (const request of CLOSED_REQUESTS) {
      const reply = await send(request, password(READ_TOKEN, ''));
      const isForBrowsers = request.area === 'page' || request.area === 'handouts';
      expect([request.path, reply.status]).toEqual([request.path, isForBrowsers ? 200 : 401]);
    }
  });

  test('that is wrong, or no password, is asked for again', async () => {
    for (const authorization of [
      password('wrong-wrong-wrong-wrong'),
      'Basic',
      'Basic %%%',
      'Basic YQ==',
      'Basic YTo=',
    ]) {
      const reply = await ask(url, '/find?q=asthma', { headers: { Authorization: authorization } });
      expect(reply.status).toBe(401);
    }
  });

  test('does not speak for the person where another site runs the answer as a script', async () => {
    const path =
      '/application?knowledgeResponseType=application/javascript&callback=f&mainSearchCriteria.v.c=I10&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';
    const from = (site: string) =>
      ask(url, path, {
        headers: { Authorization: password(READ_TOKEN), 'Sec-Fetch-Dest': 'script', 'Sec-Fetch-Site': site },
      });
    expect([(await from('cross-site')).status, (await from('same-origin')).status]).toEqual([401, 200]);
  });
});
