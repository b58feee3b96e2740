import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MemoryBudget } from '../../src/edge/memory-budget.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import type { CountedLibrary } from './counted-library.js';
import { openCounted } from './counted-library.js';

const LIMIT = 100_000;
const SMALL = 10_000;
const LIMITS = {
  maxBytesInFlight: LIMIT,
  smallRequestBytes: SMALL,
  spareBytesInFlight: SMALL,
  largeWaitMs: 600_000,
};

let counted: CountedLibrary;
let connector: TestConnector;
beforeAll(async () => {
  counted = await openCounted();
  connector = await startConnector({ library: counted.library, memory: LIMITS });
});
afterAll(async () => {
  await connector.stop();
  counted.remove();
});

const FHIR = { 'Content-Type': 'application/fhir+json' };
const chart = (bytes: number) =>
  ask(connector.url, '/fhir/$knowledge-request?_format=xml', {
    method: 'POST',
    headers: FHIR,
    body: JSON.stringify({ resourceType: 'Patient', id: 'x'.repeat(bytes) }),
  });
const inFlight = async (): Promise<number> => {
  const { text } = await ask(connector.url, '/metrics');
  return Number(/^in_flight_bytes (\d+)$/m.exec(text)?.[1]);
};
const settleAt = async (wanted: (bytes: number) => boolean): Promise<void> => {
  while (!wanted(await inFlight())) await setTimeout(5);
};

async function send(head: string, body: string): Promise<Socket> {
  const { hostname, port } = new URL(connector.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(`${head}Host: ${hostname}\r\nContent-Type: application/fhir+json\r\n\r\n${body}`);
  return socket;
}

test('past the budget a large body is 503 in the format that was asked for; what is small is answered', async () => {
  const held = 95_000;
  const upload = await send('POST /fhir/$knowledge-request HTTP/1.1\r\nContent-Length: 99000\r\n', ' '.repeat(held));
  await settleAt((bytes) => bytes === held);
  const refused = await chart(2 * SMALL);
  expect([refused.status, refused.headers['retry-after'], refused.headers['content-type']]).toEqual([
    503,
    '2',
    'application/fhir+xml; charset=utf-8',
  ]);
  expect(refused.text).toContain('<code value="throttled"/>');
  const small = await Promise.all(['/healthz', '/readyz', '/fhir/Patient'].map((path) => ask(connector.url, path)));
  expect(small.map(({ status }) => status)).toEqual([200, 200, 404]);
  expect((await chart(SMALL / 2)).status).not.toBe(503);
  // The client goes: what it held is there for others.
  upload.destroy();
  await settleAt((bytes) => bytes === 0);
  expect((await chart(2 * SMALL)).status).not.toBe(503);
  expect(await inFlight()).toBe(0);
});

test('what values take in memory counts beside their bytes', async () => {
  const values = `{"resourceType":"Parameters","parameter":[${'{},'.repeat(2000)}{}]}`;
  const { status } = await ask(connector.url, '/fhir/$knowledge-request', {
    method: 'POST',
    headers: FHIR,
    body: values,
  });
  expect([values.length < SMALL, status]).toEqual([true, 503]);
  expect(await inFlight()).toBe(0);
});

test('answers that nobody reads are held until their client goes, those too that wait behind another', async () => {
  const budget = new MemoryBudget(LIMITS);
  const bytes = 8_000_000;
  let answered = 0;
  const server = createServer((_request, response) => {
    budget.send(response, bytes, false, () => response.end('x'.repeat(bytes)));
    answered++;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1').pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2));
  while (answered < 2) await setTimeout(5);
  expect([budget.held, budget.isFull]).toEqual([2 * bytes, true]);
  socket.destroy();
  while (budget.held > 0) await setTimeout(5);
  // One that is read is released without a client's going.
  const { body } = await ask(`http://127.0.0.1:${port}`, '/');
  while (budget.held > 0) await setTimeout(5);
  expect(body.length).toBe(bytes);
  server.close();
});

test('nothing more of a batch is begun once its client has gone', async () => {
  const url = (at: number) => `DocumentReference?_summary=count&explains=http://hl7.org/fhir/sid/icd-10-cm|E11.${at}`;
  const entry = Array.from({ length: 100 }, (_, at) => ({ request: { method: 'GET', url: url(at) } }));
  const body = JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry });
  const before = counted.asked();
  const ended = (): number => connector.logLines.filter(({ route }) => route === '/fhir').length;
  const endedBefore = ended();
  const sent = send(`POST /fhir HTTP/1.1\r\nContent-Length: ${body.length}\r\n`, body);
  counted.duringNext(() => void sent.then((socket) => socket.destroy()));
  while (ended() === endedBefore) await setTimeout(5);
  await settleAt((bytes) => bytes === 0);
  // Some entries are answered before the server hears of it.
  expect(counted.asked() - before).toBeLessThan(entry.length / 2);
});
