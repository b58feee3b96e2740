import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { LIMITS } from '../../src/limits.js';
import { sendBytes } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
const AUDIT_LOG = join(folder.path, 'audit.ndjson');
let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { LOG_LEVEL: 'info', AUDIT_LOG } });
});
afterAll(async () => {
  await connector.stop();
  const events = readFileSync(AUDIT_LOG, 'utf8').trim().split('\n');
  expect(events.length).toBeGreaterThan(0);
  // None of what is sent here comes to a good end.
  for (const event of events) expect(JSON.parse(event)).toMatchObject({ outcome: '4' });
  folder.remove();
});

const sockets: Socket[] = [];
let told = 0;
afterEach(() => {
  // One that reads nothing does not find out that the server has closed it.
  for (const socket of sockets.splice(0)) socket.destroy();
  told = connector.logLines.length;
});
/** The lines of this test, once nothing follows any more. */
async function lines(): Promise<unknown[]> {
  const fresh = () => connector.logLines.slice(told);
  while (fresh().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, 100));
  return fresh().map(({ level, protocol, route, status, outcome }) => ({ level, protocol, route, status, outcome }));
}

const FORM = 'Host: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';
const INFOBUTTON = { level: 30, protocol: 'infobutton', route: '/infobutton' };
const BROKEN_OFF = { status: 400, outcome: 'bad-request' };
const START = `POST /infobutton HTTP/1.1\r\n${FORM}Content-Length: 5000\r\n\r\nabc`;

async function startUpload(start: string) {
  const { hostname, port } = new URL(connector.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on('error', () => undefined);
  const arrived = once(connector.server, 'request');
  socket.write(start);
  await arrived;
  return socket;
}

test.each(['end', 'destroy', 'resetAndDestroy'] as const)(
  'an upload that is broken off (%s) is one line, and no failure of ours',
  async (way) => {
    const socket = await startUpload(START);
    socket[way]();
    expect(await lines()).toEqual([{ ...INFOBUTTON, ...BROKEN_OFF }]);
  },
);

test('so is one of a resource', async () => {
  const json = 'Host: x\r\nContent-Type: application/fhir+json\r\n';
  const start = `POST /fhir/ValueSet/x/$expand HTTP/1.1\r\n${json}Content-Length: 5000\r\n\r\nabc`;
  const socket = await startUpload(start);
  socket.destroy();
  expect(await lines()).toEqual([{ level: 30, protocol: 'fhir', route: '/fhir/ValueSet/:id/$expand', ...BROKEN_OFF }]);
});

test.each([
  ['that is sent in broken chunks', `POST /infobutton HTTP/1.1\r\n${FORM}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
  ['that takes too long', START],
])('a body %s is told by its protocol, under its own id', async (_name, text) => {
  // Connections are looked through once a second.
  if (text === START) connector.server.requestTimeout = 500;
  const id = '0b8f4d5e-6a0c-4a8e-9a57-0d2f0a1c3e5b';
  const [head = '', body] = (
    await sendBytes(connector.url, [text.replace('Host', `X-Request-Id: ${id}\r\nHost`)])
  ).split('\r\n\r\n');
  connector.server.requestTimeout = LIMITS.requestTimeoutMs;
  const expected = text === START ? { status: 408, outcome: 'request-timeout' } : BROKEN_OFF;
  expect(head).toContain(`HTTP/1.1 ${expected.status} `);
  expect(head).toContain(`X-Request-Id: ${id}`);
  expect(head).toContain('Connection: close');
  expect(head).toContain('X-Library-Release: ');
  expect(body).not.toBe('');
  expect(await lines()).toEqual([{ ...INFOBUTTON, ...expected }]);
});

test('a body that nobody waits for is no further line when it is broken off', async () => {
  const socket = await startUpload('GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nabc');
  await once(socket, 'data');
  socket.end();
  expect(await lines()).toEqual([expect.objectContaining({ route: '/healthz', status: 200, outcome: 'ok' })]);
});
