import { readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { get } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/limits.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { fhirComplaints } from '../support/fhir-schema.js';
import type { Nginx } from './nginx.js';
import { describeWithNginx, freePort, startNginx, testConf } from './nginx.js';
import { bodyOf, endStandIn, portOf, standIn } from './stand-in.js';

const FHIR_JSON = { 'content-type': 'application/fhir+json' };
const SECRET = 'Quillfeather-mrn77341';

/** Sends bytes as they are, and waits until something comes back or the connection is closed. */
function sendRaw(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
  });
}

describeWithNginx('deploy/nginx/nginx.conf', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(() => {
    folder = temporaryFolder();
  });
  afterAll(() => {
    folder.remove();
  });

  test('is a configuration that nginx takes, without a word', async () => {
    const place = { folder: folder.path, port: await freePort(), instances: [1, 2] as const };
    const { code, said } = await testConf(place);
    expect(said).toMatch(/^nginx: the configuration file .* syntax is ok\nnginx: .* test is successful\n$/);
    expect(code).toBe(0);
  });

  test('lets no limit of an instance be reached before the instance itself tells of it', () => {
    const conf = readFileSync('deploy/nginx/nginx.conf', 'utf8');
    const settings = (name: string): number[] =>
      [...conf.matchAll(new RegExp(`^ *${name} (?:\\d+ )?(\\d+)([kms]?);`, 'gm'))].map(
        ([, number = '', unit = '']) => Number(number) * ({ k: 1024, m: 1_048_576, s: 1000 }[unit] ?? 1),
      );
    const setting = (name: string): number => settings(name)[0] ?? NaN;
    // Forms everywhere; then a list in /packet, and a resource in /fhir.
    const [form = 0, list = 0, resource = 0] = settings('client_max_body_size');
    expect(form).toBeGreaterThan(LIMITS.maxBodyBytes);
    expect(list).toBeGreaterThan(LIMITS.maxPacketBytes);
    expect(resource).toBeGreaterThan(LIMITS.maxResourceBytes);
    expect(settings('client_body_buffer_size')).toEqual([form, list, resource]);
    expect(setting('large_client_header_buffers')).toBeGreaterThan(LIMITS.maxAddressChars);
    expect(setting('proxy_buffer_size')).toBeGreaterThan(2 * LIMITS.maxAddressChars);
    expect(setting('client_header_timeout')).toBe(LIMITS.headersTimeoutMs);
    // The upstream's, which stands first.
    expect(setting('keepalive_timeout')).toBeLessThan(LIMITS.keepAliveTimeoutMs);
  });
});

describeWithNginx('nginx before instances that fail', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  /** Requests that came, by their mark, and what is done with each the first time. */
  const seen: { mark: string; headers: IncomingMessage['headers']; bytes: number }[] = [];
  let behave: (request: IncomingMessage, response: ServerResponse, isFirst: boolean) => void;
  let servers: Server[];
  let nginx: Nginx;
  let port: number;
  beforeAll(async () => {
    folder = temporaryFolder();
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      bodyOf(request, (bytes) => {
        const mark = String(request.headers['x-mark'] ?? '');
        const isFirst = !seen.some((one) => one.mark === mark);
        seen.push({ mark, headers: request.headers, bytes });
        behave(request, response, isFirst);
      });
    };
    servers = [await standIn(handle), await standIn(handle)];
    port = await freePort();
    const [first, second] = servers.map(portOf);
    nginx = await startNginx({ folder: folder.path, port, instances: [first ?? 0, second ?? 0], isForgiving: true });
  });
  afterAll(async () => {
    await nginx.stop();
    servers.forEach(endStandIn);
    folder.remove();
  });

  test('requests of a launch go to one instance, others to all', async () => {
    behave = (request, response) => {
      response.end(String(request.socket.localPort));
    };
    const instancesOf = async (...paths: string[]): Promise<number> => {
      const texts = await Promise.all([...paths, ...paths].map(async (path) => (await fetch(nginx.url + path)).text()));
      return new Set(texts).size;
    };
    expect(await instancesOf('/launch?iss=x', '/callback?state=x', '/launched/abc', '/launched/abc/handout')).toBe(1);
    expect(await instancesOf('/service', '/find')).toBe(2);
  });

  test.each<[string, string, number]>([
    ['GET', '/service?mainSearchCriteria.v.c=J45', 2],
    ['PUT', '/fhir/DocumentReference/local-a-en', 2],
    ['DELETE', '/fhir/DocumentReference/local-a-en', 2],
    ['POST', '/infobutton', 2],
    ['POST', '/packet', 2],
    ['POST', '/cds-services/order-sign', 2],
    ['POST', '/cds-services/order-sign/feedback', 1],
    ['POST', '/handout', 2],
    ['POST', '/fhir/$knowledge-request', 2],
    ['POST', '/fhir/CodeSystem/$lookup', 2],
    ['POST', '/fhir/ValueSet/icd-10-cm/$expand', 2],
    ['POST', '/fhir/DocumentReference/_search', 2],
    ['POST', '/fhir/DocumentReference', 1],
    ['POST', '/fhir/ConceptMap', 1],
    ['POST', '/fhir', 1],
    ['POST', '/fhir/', 1],
    ['POST', '/feedback', 1],
    ['POST', '/elsewhere', 1],
  ])('%s %s is sent %i times where the first instance breaks off', async (method, path, times) => {
    const mark = `${method} ${path}`;
    behave = (request, response, isFirst) => {
      if (isFirst) request.socket.destroy();
      else response.end('answered');
    };
    const body = method === 'POST' || method === 'PUT' ? { body: 'x'.repeat(100_000) } : {};
    const response = await fetch(nginx.url + path, { method, headers: { 'x-mark': mark }, ...body });
    const came = seen.filter((one) => one.mark === mark);
    expect(came).toHaveLength(times);
    expect(came.map(({ bytes }) => bytes)).toEqual(came.map(() => body.body?.length ?? 0));
    expect(response.status).toBe(times === 2 ? 200 : 502);
    if (times === 2) return;
    expect(response.headers.get('retry-after')).toBe('2');
    // It is found again by nginx's own id.
    const id = response.headers.get('x-request-id') ?? '';
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const logged = (): boolean => nginx.logs().includes(`"status":"502"`) && nginx.logs().includes(`"id":"${id}"`);
    while (!logged()) await new Promise((resolve) => setTimeout(resolve, 20));
    const told: unknown = await response.json();
    if (path.startsWith('/fhir')) expect(fhirComplaints(told)).toEqual([]);
    else expect(told).toEqual({ error: { code: 'unavailable', status: 502 } });
  });

  test('an instance’s own 503 is passed on as it is, and asks no other', async () => {
    behave = (_request, response) => {
      response.writeHead(503, { 'retry-after': '7', 'content-type': 'application/fhir+json' }).end('{"its":"own"}');
    };
    const response = await fetch(`${nginx.url}/fhir/metadata`, { headers: { 'x-mark': '503' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '7']);
    expect(await response.text()).toBe('{"its":"own"}');
    expect(seen.filter(({ mark }) => mark === '503')).toHaveLength(1);
  });

  test('headers of an answer may be much longer than any of ours', async () => {
    behave = (_request, response) => {
      response.writeHead(200, { location: 'x'.repeat(2 * LIMITS.maxAddressChars) }).end();
    };
    const asked = { headers: { 'x-mark': 'long headers' }, maxHeaderSize: 4 * LIMITS.maxAddressChars };
    const status = await new Promise((resolve, reject) => {
      get(`${nginx.url}/service`, asked, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    expect(seen.filter(({ mark }) => mark === 'long headers')).toHaveLength(1);
  });

  test('the instance learns of nginx’ client alone, and of a request id that is there or made', async () => {
    behave = (_request, response) => response.end();
    const own = {
      'x-mark': 'own id',
      'x-request-id': 'a-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    await fetch(`${nginx.url}/service`, { headers: own });
    await fetch(`${nginx.url}/service`, {
      headers: {
        'x-mark': 'none',
        'x-forwarded-for': '10.9.8.7',
        forwarded: 'for=10.9.8.7',
        'x-forwarded-proto': 'gopher',
      },
    });
    const [withId, without] = ['own id', 'none'].map((mark) => seen.find((one) => one.mark === mark)?.headers);
    expect(withId).toMatchObject({ 'x-request-id': 'a-1', traceparent: own.traceparent, host: `127.0.0.1:${port}` });
    expect(without).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' });
    expect(without?.forwarded).toBeUndefined();
    expect(without?.['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(['/metrics', '/metrics/', '//metrics', '/%6detrics/', '/metrics?x=/'])(
    '%s is not passed on',
    async (path) => {
      const before = seen.length;
      expect((await fetch(nginx.url + path)).status).toBe(404);
      expect(seen).toHaveLength(before);
    },
  );

  test('a body lies in no file while it is passed on', async () => {
    let files: string[] = [];
    behave = (_request, response) => {
      const all = readdirSync(folder.path, { recursive: true, withFileTypes: true });
      files = all.filter((entry) => entry.isFile()).map((entry) => entry.name);
      response.end('x'.repeat(5_000_000));
    };
    const body = SECRET.padEnd(LIMITS.maxResourceBytes, 'x');
    const path = '/fhir/$knowledge-request';
    const response = await fetch(nginx.url + path, {
      method: 'POST',
      headers: { ...FHIR_JSON, 'x-mark': 'big' },
      body,
    });
    expect((await response.text()).length).toBe(5_000_000);
    expect(seen.find(({ mark }) => mark === 'big')?.bytes).toBe(body.length);
    expect(files.sort()).toEqual(['nginx.conf', 'nginx.pid', 'output.log']);
  });

  test('no log holds anything that a client sends, whatever fails', async () => {
    const headers = {
      referer: `http://ehr.example/?patient=${SECRET}`,
      'user-agent': SECRET,
      'x-request-id': SECRET,
      authorization: SECRET,
    };
    const failures: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
      (request) => request.socket.destroy(),
      (request) => request.socket.end('this is no HTTP\r\n\r\n'),
      (_request, response) =>
        response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy()),
      (_request, response) => response.writeHead(200, { 'x-large': 'x'.repeat(40_000) }).end(),
    ];
    const send = (path: string, asking: RequestInit): Promise<unknown> =>
      fetch(nginx.url + path, { headers, ...asking })
        .then((response) => response.text())
        .catch(() => undefined);
    for (const failure of failures) {
      behave = failure;
      for (const path of [`/service?mainSearchCriteria.v.dn=${SECRET}`, `/fhir/Patient/${SECRET}?name=${SECRET}`]) {
        await send(path, {});
        await send(path, { method: 'POST', body: SECRET });
      }
    }
    const close = 'Host: x\r\nConnection: close\r\n';
    await sendRaw(port, `GET /service?q=${SECRET.repeat(2000)} HTTP/1.1\r\n${close}\r\n`);
    await sendRaw(port, `GET /service?q=${SECRET} HTTP/1.1\r\n${close}X-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    await sendRaw(port, `GET /${SECRET} ${SECRET} HTTP/9\r\n${close}\r\n`);
    await sendRaw(port, `${SECRET.toUpperCase().replace(/\d/g, 'X')} /service HTTP/1.1\r\n${close}\r\n`);
    await sendRaw(port, `GET /%zz${SECRET} HTTP/1.1\r\n${close}\r\n`);
    await sendRaw(port, `GET /../../${SECRET} HTTP/1.1\r\n${close}\r\n`);
    await sendRaw(port, `POST /service?q=${SECRET} HTTP/1.1\r\n${close}Content-Length: 99999999\r\n\r\n`);
    const logs = nginx.logs();
    expect(logs).not.toMatch(/quillfeather|mrn77341|ehr\.example|10\.9\.8\.7/i);
    const lines = logs.split('\n').filter((line) => line.startsWith('{'));
    const requests = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(requests.length).toBeGreaterThan(40);
    expect(new Set(requests.map(({ place }) => place))).toEqual(
      new Set([
        ...['service', 'find', 'fhir', 'infobutton', 'cds-services', 'packet', 'handout', 'feedback', 'elsewhere'],
        ...['launch', 'callback', 'launched'],
      ]),
    );
    // The failure is logged nevertheless, and that another took over.
    expect(requests).toContainEqual(
      expect.objectContaining({ place: 'service', status: '200', instanceStatus: '502, 200' }),
    );
    expect(requests).toContainEqual(expect.objectContaining({ place: 'fhir', method: 'POST', status: '502' }));
  });
});

describeWithNginx('nginx before connectors', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let connector: TestConnector;
  let nginx: Nginx;
  beforeAll(async () => {
    folder = temporaryFolder();
    connector = await startConnector({ env: { TRUST_PROXY: 'loopback', RATE_LIMIT_PER_MINUTE: '30' } });
    const ofConnector = Number(new URL(connector.url).port);
    nginx = await startNginx({ folder: folder.path, port: await freePort(), instances: [ofConnector, ofConnector] });
  });
  afterAll(async () => {
    await nginx.stop();
    await connector.stop();
    folder.remove();
  });
  const post = (path: string, type: string, bytes: number): Promise<Response> =>
    fetch(nginx.url + path, { method: 'POST', headers: { 'content-type': type }, body: 'x'.repeat(bytes) });

  test('what is too large is told by the instance, in the asker’s format', async () => {
    const form = await post('/infobutton', 'application/x-www-form-urlencoded', 1_000_000);
    expect([form.status, form.headers.get('x-library-release')]).toEqual([413, connector.library.status().release]);
    const resource = await post('/fhir/$knowledge-request', 'application/fhir+json', LIMITS.maxResourceBytes + 1);
    expect(resource.status).toBe(413);
    expect(resource.headers.get('x-library-release')).not.toBeNull();
    const huge = await post('/fhir/$knowledge-request', 'application/fhir+json', 6_291_457);
    expect(huge.status).toBe(413);
    expect(fhirComplaints(await huge.json())).toEqual([]);
    const address = await fetch(`${nginx.url}/service?q=${'x'.repeat(LIMITS.maxAddressChars)}`);
    expect([address.status, address.headers.get('x-library-release')]).toEqual([
      414,
      connector.library.status().release,
    ]);
  });

  test('an address that is too long never makes an instance count as failed', async () => {
    const list = `${nginx.url}/find?q=${Array<string>(2050).fill('a12').join(',')}`;
    for (let times = 0; times < 4; times += 1) expect((await fetch(list)).status).toBe(414);
    expect((await fetch(`${nginx.url}/readyz`)).status).toBe(200);
  });

  test('answers come compressed by the instance, with its headers, and tell no version of nginx', async () => {
    const path = '/fhir/metadata';
    const [direct, through] = await Promise.all([connector.url, nginx.url].map((url) => fetch(url + path)));
    expect(through?.status).toBe(200);
    expect(through?.headers.get('content-encoding')).toBe(direct?.headers.get('content-encoding'));
    expect(through?.headers.get('etag')).toBe(direct?.headers.get('etag'));
    expect(through?.headers.get('server')).toBe('nginx');
  });

  test('a client is limited by its own address, whatever it says of itself', async () => {
    const statuses: number[] = [];
    for (let number = 0; number < 40; number += 1) {
      const headers = { 'x-forwarded-for': `10.0.0.${number}` };
      statuses.push((await fetch(`${nginx.url}/service?mainSearchCriteria.v.c=J45`, { headers })).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
