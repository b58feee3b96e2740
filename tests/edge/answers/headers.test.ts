import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { createBaseUrl } from '../../../src/edge/base-url.js';
import { ask, sendBytes } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';

const GOOD = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
type Place = [name: string, path: string, status: number];
const API: Place[] = [
  ['the service', `/service?${GOOD}`, 200],
  ['its JSONP', `/service?${GOOD}&knowledgeResponseType=application/javascript&callback=f`, 200],
  ['strict HL7', `/infobutton?${GOOD}`, 200],
  ['FHIR', '/fhir/metadata', 200],
  ['a refused request', '/service?mainSearchCriteria.v.c=N53.14', 400],
  ['an unknown document', '/fhir/DocumentReference/none-en', 404],
  ['an over-long address', `/service?${GOOD}&x=${'x'.repeat(9000)}`, 414],
  ['an unknown FHIR type', '/fhir/Patient/1', 404],
];
const PAGES: Place[] = [
  ['the page', `/application?${GOOD}`, 200],
  ['its error', '/application?mainSearchCriteria.v.c=N53.14', 400],
  ['the search', '/find?q=asthma', 200],
];
const OTHERS: Place[] = [
  ['a style sheet', '/assets/page.css', 200],
  ['a handout', '/handouts/icd10_n53.14_en.pdf', 200],
  ['a web handout', '/handouts/icd10_j45_en.html', 200],
  ['health', '/healthz', 200],
  ['metrics', '/metrics', 200],
];
const ALL = [...API, ...PAGES, ...OTHERS];

const folder = temporaryFolder();
let plain: TestConnector;
let secure: TestConnector;
beforeAll(async () => {
  writeFileSync(join(folder.path, 'icd10_n53.14_en.pdf'), '%PDF-1.4\n');
  writeFileSync(
    join(folder.path, 'icd10_j45_en.html'),
    '<!DOCTYPE html><title>Asthma</title><script>alert(1)</script>',
  );
  const env = { LOCAL_LIBRARY: folder.path };
  plain = await startConnector({ env: { ...env, HOST: '0.0.0.0', TRUST_PROXY: 'loopback' } });
  secure = await startConnector({
    env: {
      ...env,
      PUBLIC_URL: 'https://connect.example',
      FRAME_ANCESTORS: "'self' https://ehr.example",
      ALLOWED_HOSTS: 'Connect-1:3000, [fd00::1]',
    },
  });
});
afterAll(async () => {
  await plain.stop();
  await secure.stop();
  folder.remove();
});

describe('on plain http', () => {
  test.each(ALL)('%s promises no https and sniffs nothing', async (_name, path, status) => {
    const { headers, status: got } = await ask(plain.url, path);
    expect(got).toBe(status);
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['content-security-policy'] ?? '').not.toContain('upgrade-insecure-requests');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['server']).toBeUndefined();
    expect(headers['x-frame-options']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('where PUBLIC_URL is https', () => {
  test.each(ALL)('%s asks for https from then on', async (_name, path) => {
    const { headers } = await ask(secure.url, path);
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
  });

  test.each([...PAGES, ...OTHERS.slice(1, 3)])('%s may be framed by FRAME_ANCESTORS alone', async (_name, path) => {
    const ancestors = async ({ url }: TestConnector): Promise<string | undefined> => {
      const policy = String((await ask(url, path)).headers['content-security-policy']);
      return /frame-ancestors ([^;]+)/.exec(policy)?.[1];
    };
    expect(await ancestors(plain)).toBe("'none'");
    expect(await ancestors(secure)).toBe("'self' https://ehr.example");
  });
});

describe('the host that a request names', () => {
  const askFor = (connector: TestConnector, host: string, path = `/service?${GOOD}`, headers = {}) =>
    ask(connector.url, path, { headers: { ...headers, Host: host } });

  test.each([
    'connect.example',
    'CONNECT.example.:8443',
    'connect-1',
    '[fd00::1]:3000',
    '127.0.0.1:3000',
    '[::1]',
    'localhost:80',
  ])('%s is ours', async (host) => {
    expect((await askFor(secure, host)).status).toBe(200);
  });

  test.each([
    'rebound.example',
    'connect.example.evil.example',
    'a@connect.example',
    '127.0.0.1.evil.example',
    '[evil]',
  ])('"%s" is not, and is told nothing of the library', async (host) => {
    // An answer that is kept is not given either.
    expect((await askFor(secure, 'connect.example')).status).toBe(200);
    const { status, headers, text } = await askFor(secure, host);
    expect([status, headers['x-answer']]).toEqual([421, undefined]);
    expect(text).not.toContain('<entry');
    expect((await askFor(plain, host)).status).toBe(200);
  });

  test('is told in the format that is asked for, from files and unknown addresses too', async () => {
    const places = [
      '/fhir/metadata',
      '/fhir/Basic/1',
      '/find?q=a&lang=es',
      '/assets/page.css',
      '/handouts/icd10_j45_en.html',
    ];
    const replies = await Promise.all(places.map((path) => askFor(secure, 'x.example', path, { Accept: '*/*' })));
    expect(replies.map(({ status }) => status)).toEqual(places.map(() => 421));
    expect(JSON.parse(replies[0]?.text ?? '')).toMatchObject({ resourceType: 'OperationOutcome' });
    expect(replies[2]?.text).toContain('lang="es"');
  });

  test.each(['/healthz', '/readyz', '/metrics'])('is not looked at by %s', async (path) => {
    expect((await askFor(secure, 'connector-2:3000', path)).status).toBe(200);
  });

  test.each([
    ['two Host lines', 'GET /service HTTP/1.1', 'Host: connect.example\r\nhost: x.example\r\n', 400],
    ['two Host lines at a probe', 'GET /healthz HTTP/1.1', 'Host: connect.example\r\nHost: connect.example\r\n', 400],
    ['an absolute address', 'GET http://x.example/find HTTP/1.1', 'Host: connect.example\r\n', 421],
    ['an absolute address of ours', 'GET http://connect.example/find HTTP/1.1', 'Host: x.example\r\n', 200],
    ['an empty Host line', 'GET /find HTTP/1.1', 'Host:\r\n', 421],
    ['HTTP/1.0, which need not name one', 'GET /find HTTP/1.0', '', 200],
  ])('%s', async (_name, line, hosts, status) => {
    const answer = await sendBytes(secure.url, [`${line}\r\n${hosts}Connection: close\r\n\r\n`]);
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });
});

describe('the address in links, where every address is listened on and PUBLIC_URL is not set', () => {
  const baseOf = async (connector: TestConnector, headers: Record<string, string>): Promise<string | undefined> => {
    const { text } = await ask(connector.url, '/fhir/metadata', {
      headers: { Accept: 'application/json', ...headers },
    });
    return (JSON.parse(text) as { implementation?: { url: string } }).implementation?.url;
  };

  test.each([
    ['edu.hospital.example:8080', {}, 'http://edu.hospital.example:8080/fhir'],
    ['EDU.example', { 'X-Forwarded-Proto': 'https, http' }, 'https://edu.example/fhir'],
    ['edu.example', { 'X-Forwarded-Proto': 'javascript', 'X-Forwarded-Host': 'x.example' }, 'http://edu.example/fhir'],
    ['[fd00::1]:3000', {}, 'http://[fd00::1]:3000/fhir'],
  ])('is the one that names %s', async (Host, headers, base) => {
    // The second answer is a kept one.
    for (const time of [1, 2]) expect([time, await baseOf(plain, { Host, ...headers })]).toEqual([time, base]);
  });

  test.each(['<script>', 'a b', 'x.example/..', 'x'.repeat(300), 'x.example:port', 'x.example:99999', '[::::]', ''])(
    'is where the connection came to, if "%s" is named',
    async (Host) => {
      expect(await baseOf(plain, { Host })).toBe(`${plain.url}/fhir`);
    },
  );

  test.each([
    ['::ffff:10.0.0.7', 'http://10.0.0.7:3000'],
    ['fd00::7', 'http://[fd00::7]:3000'],
  ])('names an IPv4 address as such, and an IPv6 address in brackets: %s', (localAddress, base) => {
    const request = { url: '/', headers: {}, socket: { localAddress, localPort: 3000 } } as unknown as IncomingMessage;
    const baseUrl = createBaseUrl({ ...plain.config, host: '::' }, () => 0);
    expect(baseUrl(request)).toBe(base);
  });

  test('is so in feeds, in pages and in a file’s address', async () => {
    const headers = { Host: 'edu.example:81' };
    const { text } = await ask(plain.url, `/infobutton?${GOOD}`, { headers });
    expect(text).toContain('http://edu.example:81/handouts/icd10_n53.14_en.pdf');
    expect(text).toContain('<uri>http://edu.example:81</uri>');
    expect((await ask(plain.url, `/application?${GOOD}`, { headers })).text).toContain(
      'href="http://edu.example:81/handouts/icd10_n53.14_en.pdf"',
    );
  });

  test('is an allowed one, and of a proxy that is trusted', async () => {
    const strict = await startConnector({ env: { HOST: '0.0.0.0', ALLOWED_HOSTS: 'edu.example' } });
    try {
      expect(await baseOf(strict, { Host: 'edu.example', 'X-Forwarded-Proto': 'https' })).toBe(
        'http://edu.example/fhir',
      );
      const { status, text } = await ask(strict.url, '/fhir/metadata', { headers: { Host: 'x.example' } });
      expect([status, text.includes('x.example')]).toEqual([421, false]);
      const nameless = await sendBytes(strict.url, ['GET /fhir/metadata?_format=json HTTP/1.0\r\n\r\n']);
      expect(nameless).toContain(`"url":"${strict.url}/fhir"`);
    } finally {
      await strict.stop();
    }
  });
});

describe('an API route', () => {
  test.each(API)('%s may be read by scripts of any origin', async (_name, path) => {
    const { headers } = await ask(plain.url, path, { headers: { Origin: 'https://ehr.example' } });
    expect(headers['cross-origin-resource-policy']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['access-control-expose-headers']).toContain('X-Library-Release');
    expect(headers['cache-control']).toMatch(/private|no-store/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  test.each([
    '/service',
    '/infobutton',
    '/fhir/metadata',
    '/fhir/DocumentReference',
    '/fhir/DocumentReference/topic-acne-en',
  ])('answers the preflight for %s', async (path) => {
    const headers = {
      Origin: 'https://ehr.example',
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'accept,if-none-match',
    };
    const reply = await ask(plain.url, path, { method: 'OPTIONS', headers });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(reply.headers['access-control-allow-methods']).toContain('GET');
    expect(reply.headers['access-control-allow-headers']?.toLowerCase()).toContain('if-none-match');
    // Any header that a client adds is allowed, such as Medplum's X-Medplum: no credentials travel.
    expect(reply.headers['access-control-allow-headers']).toMatch(/, \*$/);
    const posts = reply.headers['access-control-allow-methods']?.includes('POST');
    expect(posts).toBe(path === '/infobutton');
  });
});

describe('a page', () => {
  test.each(PAGES)('%s runs nothing inline and is not for other origins', async (_name, path) => {
    const { headers } = await ask(plain.url, path);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-|data:|https?:|\*/);
    expect(policy).toContain("script-src 'self'; connect-src 'self'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['referrer-policy']).toBe('same-origin');
  });

  test.each(PAGES)(
    '%s may use no device, be no part of another page, and is held by no opener but those that may frame it',
    async (_name, path) => {
      const told = async ({ url }: TestConnector) => (await ask(url, path)).headers;
      expect(await told(plain)).toMatchObject({
        'permissions-policy': expect.stringContaining('geolocation=()'),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect((await told(secure))['cross-origin-opener-policy']).toBe('unsafe-none');
    },
  );

  test('a handout runs no script', async () => {
    const { headers } = await ask(plain.url, '/handouts/icd10_j45_en.html');
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/default-src 'none'|script-src 'none'/);
    expect(policy).not.toContain('allow-scripts');
  });
});

describe('an address that holds an age, a sex or typed words', () => {
  const DN = 'mainSearchCriteria.v.dn=x';
  test.each([
    ['/service', GOOD, false],
    [
      '/infobutton',
      `${GOOD}&${DN}&performer=PROV&taskContext.c.c=PROBLISTREV&informationRecipient.languageCode.c=es`,
      false,
    ],
    ['/application', `${GOOD}&lang=es`, false],
    ['/application', '', false],
    ['/service', `${GOOD}&AGE.v.v=30&age.v.u=a`, true],
    ['/service', `${GOOD}&ageGroup.v.c=D002648&knowledgeResponseType=application/json`, true],
    ['/infobutton', `${GOOD}&patientPerson.administrativeGenderCode.c=F`, true],
    ['/infobutton', `${GOOD}&administrativeGenderCode.c=F`, true],
    ['/infobutton', `${GOOD}&mainSearchCriteria.v.ot=my+words`, true],
    ['/infobutton', `${GOOD}&age.v.v=30&knowledgeResponseType=text/html`, true],
    ['/infobutton', `${GOOD}&patient=x`, true],
    ['/application', `${GOOD}&age.v.v=30`, true],
    ['/application', 'mainSearchCriteria.v.dn=asthma', true],
    ['/find', 'q=asthma', true],
    ['/search', 'q=asthma', true],
    ['/suggest', 'q=asthma', true],
    ['/service', 'mainSearchCriteria.v.cs=1.2.3&mainSearchCriteria.v.c=1&age.v.v=30', true],
  ])('%s?%s: kept nowhere on its way: %p', async (path, query, isPersonal) => {
    for (const time of [1, 2]) {
      const { headers } = await ask(plain.url, `${path}?${query}`);
      expect([time, headers['cache-control']]).toEqual([
        time,
        isPersonal ? 'no-store' : 'private, max-age=0, must-revalidate',
      ]);
    }
  });

  test('is kept in our own memory still', async () => {
    const path = `/service?${GOOD}&age.v.v=31&age.v.u=a`;
    const before = plain.logLines.length;
    for (let time = 0; time < 2; time += 1)
      expect((await ask(plain.url, path)).headers['cache-control']).toBe('no-store');
    await ask(plain.url, '/healthz');
    expect(plain.logLines.slice(before, before + 2).map(({ cache }) => cache)).toEqual(['miss', 'hit']);
  });
});

describe('compression', () => {
  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['br', 'br;q=1, gzip;q=0.5', brotliDecompressSync],
    ['gzip', 'br;q=0, gzip', gunzipSync],
  ])('%s where %s is accepted', async (used, accepted, unpack) => {
    const path = '/fhir/DocumentReference?explains=http://hl7.org/fhir/sid/icd-10-cm|E11.9';
    const whole = await ask(plain.url, path);
    const packed = await ask(plain.url, path, { headers: { 'Accept-Encoding': accepted } });
    expect(packed.headers['content-encoding']).toBe(used);
    expect(packed.headers.vary).toMatch(/Accept-Encoding/i);
    expect(packed.body.length).toBeLessThan(whole.body.length);
    expect(Number(packed.headers['content-length'])).toBe(packed.body.length);
    expect(unpack(packed.body).equals(whole.body)).toBe(true);
  });

  test.each(['', 'identity', 'deflate', 'gzip;q=0', '*;q=0', 'zstd', ';;;'])(
    'none where "%s" is accepted',
    async (accepted) => {
      const reply = await ask(plain.url, '/fhir/DocumentReference?explains=http://hl7.org/fhir/sid/icd-10-cm|E11.9', {
        headers: accepted ? { 'Accept-Encoding': accepted } : {},
      });
      expect([reply.status, reply.headers['content-encoding']]).toEqual([200, undefined]);
    },
  );

  test('none where it would not pay', async () => {
    const reply = await ask(plain.url, '/healthz', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(reply.headers['content-encoding']).toBeUndefined();
  });
});
