import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { limitConnections } from '../../src/edge/connections.js';
import { LIMITS } from '../../src/limits.js';

/** Long enough that a slow machine is not taken for a client that stands still. */
const SILENCE_MS = 1000;
/** More than the system holds for a client that does not read. */
const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x');

/** Answers are made at once, or after so long. */
let takesMs = 0;
const server = createServer((_request, response) => {
  setTimeout(() => response.end(LARGE), takesMs);
});
const connected: Socket[] = [];
server.on('connection', (socket) => connected.push(socket));
beforeAll(async () => {
  limitConnections(server, { ...LIMITS, silenceTimeoutMs: SILENCE_MS });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function ask(): Socket {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  return client;
}

test('who asks and does not read is let go', async () => {
  const client = ask();
  client.pause();
  client.on('error', () => undefined);
  await once(server, 'request');
  const socket = connected.at(-1);
  if (socket && !socket.destroyed) await once(socket, 'close');
  expect([socket?.destroyed, client.readableFlowing]).toEqual([true, false]);
  client.destroy();
});

test('who waits for an answer that takes long gets it, and is let go if it then does not read', async () => {
  takesMs = SILENCE_MS * 1.5;
  try {
    const client = ask();
    await once(client, 'data');
    client.pause();
    client.on('error', () => undefined);
    const socket = connected.at(-1);
    expect(socket?.destroyed).toBe(false);
    if (socket) await once(socket, 'close');
    client.destroy();
  } finally {
    takesMs = 0;
  }
});

test('who reads slowly, but reads, gets all of it', async () => {
  const client = ask();
  let bytes = 0;
  // It rests for a quarter of the silence that is borne, again and again, and longer in all.
  let rests = 6;
  client.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes < (7 - rests) * 9_000_000 || rests === 0) return;
    rests -= 1;
    client.pause();
    setTimeout(() => client.resume(), SILENCE_MS / 4);
  });
  await once(client, 'end');
  expect([bytes > LARGE.length, rests]).toEqual([true, 0]);
});
