import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, type Server, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Proxies } from '../../src/config/terminology-server.js';
import { loadConfig } from '../../src/config/config.js';
import { createIssuerKeys } from '../../src/edge/admission/issuer-keys.js';
import { TerminologyClient } from '../../src/upstream/terminology-client.js';
import { useProxies } from '../../src/upstream/outbound.js';
import { run, runHere } from '../cli/run-cli.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { translation } from './other-server.js';
import { replaceLimit } from '../support/replace-limit.js';

// Names that no resolver has: what answers was reached through the proxy.
const HOUSE_CA = 'tests/support/house-ca';
const TOPICS =
  '<health-topics total="1" date-generated="11/21/2026 02:30:47">' +
  '<health-topic title="Falls" url="https://medlineplus.gov/falls.html" id="1" language="English"/></health-topics>';
const KEYS = { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'one' }] };

/** Every server that is asked for, whatever its name: keys, topics, a translation. */
const answer: RequestListener = (request, response) => {
  const { url = '' } = request;
  if (url.endsWith('.zip')) response.writeHead(404).end();
  else if (url.endsWith('.xml')) response.end(request.method === 'HEAD' ? undefined : TOPICS);
  else {
    const matches = Array<string>(url.startsWith('/long') ? 100 : 1).fill(
      'equivalent http://hl7.org/fhir/sid/icd-10-cm|J45.909',
    );
    const body = url.endsWith('/keys') ? KEYS : translation(...matches);
    response.writeHead(200, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));
  }
};

const folder = temporaryFolder();
const servers: Server[] = [];
/** Requests to the proxy, and their callers. */
let asked: string[] = [];
let proxy: string;
let plainPort: number;

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  await putShippedLibrary(testConfig(folder.path));
  plainPort = await listen(createServer(answer));
  const [key, cert] = ['key.pem', 'ca.pem'].map((name) => readFileSync(join(HOUSE_CA, name)));
  const securePort = await listen(createSecureServer({ key, cert }, answer));
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const place = request.url ?? '';
    asked.push(`${request.headers['proxy-authorization'] ?? 'nobody'} ${place}`);
    const target = connect(place.endsWith(':443') ? securePort : plainPort, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) socket.on('error', () => undefined);
  });
  proxy = `http://127.0.0.1:${await listen(server)}`;
});
beforeEach(() => {
  asked = [];
});
afterEach(async () => {
  await useProxies(undefined);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  folder.remove();
});

const clientOf = (server: string, proxies: Proxies | undefined): TerminologyClient =>
  new TerminologyClient({
    server,
    token: undefined,
    proxies,
    callTimeoutMs: 60_000,
    userAgent: 'test',
  });
const ASTHMA = { system: 'snomed-ct', code: '195967001' } as const;

test('the terminology server is asked through the proxy, and straight where it is excepted', async () => {
  const authorized = proxy.replace('//', '//user:pass%20word@');
  const through = clientOf('http://tx.house.example/r4', { http: authorized, https: undefined, except: 'x.example' });
  expect(await through.translate(ASTHMA, 'icd-10-cm', {})).toMatchObject([{ code: 'J45.909' }]);
  expect(asked).toEqual([`Basic ${Buffer.from('user:pass word').toString('base64')} tx.house.example:80`]);
  await through.close();
  const straight = clientOf(`http://127.0.0.1:${plainPort}/r4`, { http: proxy, https: undefined, except: '127.0.0.1' });
  expect(await straight.translate(ASTHMA, 'icd-10-cm', {})).toHaveLength(1);
  expect(asked).toHaveLength(1);
  await straight.close();
});

test('an answer through the proxy is limited as any other', async () => {
  const limit = replaceLimit('upstreamAnswerBytes', 2000);
  const client = clientOf('http://tx.house.example/long', { http: proxy, https: undefined, except: '' });
  await expect(client.translate(ASTHMA, 'icd-10-cm', {})).rejects.toMatchObject({ kind: 'unreachable' });
  expect(asked).toEqual(['nobody tx.house.example:80']);
  await client.close();
  limit.restore();
});

test('the issuer’s keys, pages that are checked and files to import are fetched through it', async () => {
  const env = { LIBRARY_PATH: join(folder.path, 'library.db'), https_proxy: proxy, HTTP_PROXY: proxy };
  await useProxies(loadConfig(env).proxies);
  const keys = createIssuerKeys('http://issuer.house.example/keys', () => 0);
  await expect(keys({ alg: 'RS256', kid: 'one' }, { payload: '', signature: '' })).resolves.toBeDefined();
  const report = join(folder.path, 'report.csv');
  await runHere(['check-links', '--limit', '1', '--report', report], env);
  const imported = await runHere(['import', 'medlineplus', '--dry-run'], {
    ...env,
    MEDLINEPLUS_XML_URL: 'http://localhost:8765/xml',
  });
  expect([imported.code, imported.stdout]).toEqual([0, expect.stringContaining('1 rows read')]);
  const places = [...new Set(asked)];
  expect(places).toEqual(['nobody issuer.house.example:80', 'nobody medlineplus.gov:443', 'nobody localhost:8765']);
});

test('a server whose certificate a house CA signed is trusted where NODE_EXTRA_CA_CERTS names that', async () => {
  const env = {
    LIBRARY_PATH: join(folder.path, 'library.db'),
    HTTPS_PROXY: proxy,
    MEDLINEPLUS_XML_URL: 'https://files.house.example/xml',
  };
  const importing = (further: Record<string, string>) =>
    run('cli', ['import', 'medlineplus', '--dry-run'], { ...env, ...further });
  const [trusted, unknown] = await Promise.all([
    importing({ NODE_EXTRA_CA_CERTS: resolve(HOUSE_CA, 'ca.pem') }),
    importing({}),
  ]);
  expect([trusted.code, trusted.stdout]).toEqual([0, expect.stringContaining('1 rows read')]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('cannot be reached')]);
  expect(new Set(asked)).toEqual(new Set(['nobody files.house.example:443']));
});

test.each(['proxy.house.example:3128', 'socks5://proxy.house.example', 'http://proxy.house.example/path'])(
  '%s is no proxy',
  (HTTPS_PROXY) => {
    expect(() => loadConfig({ HTTPS_PROXY })).toThrow('HTTPS_PROXY must be an http or https address without path');
  },
);
