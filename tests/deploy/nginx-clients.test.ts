import type { Server } from 'node:http';
import { get } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sendBytes } from '../http/ask.js';
import { temporaryFolder } from '../support/connector.js';
import { fhirComplaints } from '../support/fhir-schema.js';
import type { Nginx } from './nginx.js';
import { describeWithNginx, freePort, startNginx } from './nginx.js';
import { bodyOf, endStandIn, portOf, standIn } from './stand-in.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const HEADERS = `Host: x\r\nContent-Type: application/fhir+json\r\n`;

describeWithNginx('nginx and its clients', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let server: Server;
  let nginx: Nginx;
  let port: number;
  const sockets: Socket[] = [];
  const hosts: (string | undefined)[] = [];
  beforeAll(async () => {
    folder = temporaryFolder();
    server = await standIn((request, response) => {
      hosts.push(request.headers.host);
      bodyOf(request, () => response.end('answered'));
    });
    port = await freePort();
    nginx = await startNginx({ folder: folder.path, port, instances: [portOf(server), portOf(server)] });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await nginx.stop();
    endStandIn(server);
    folder.remove();
  });

  /** Begins a body and sends no more; gives what comes back, later. */
  const drip = (path: string): { answer: () => string } => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`POST ${path} HTTP/1.1\r\n${HEADERS}Content-Length: 5000\r\n\r\n{`);
    });
    socket.on('data', (part: Buffer) => (answer += part.toString()));
    socket.on('error', () => undefined);
    sockets.push(socket);
    return { answer: () => answer };
  };
  const statusFor = (localAddress: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get(`${nginx.url}/service`, { localAddress }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });

  test('one that sends on and on over one connection is answered, and not cut off after a thousand requests', async () => {
    const [count, one] = [1200, 'GET /service HTTP/1.1\r\nHost: x\r\n'];
    const last = `${one}Connection: close\r\n\r\n`;
    const answers = await sendBytes(nginx.url, [`${one}\r\n`.repeat(count - 1) + last]);
    expect(answers.split('HTTP/1.1 200').length - 1).toBe(count);
    expect(answers.match(/^Connection: \S+/gm)?.at(-2)).toBe('Connection: keep-alive');
  });

  test('one is told so past 256 uploads, in its format, and others are answered', async () => {
    const paths = Array.from({ length: 400 }, (_one, index) => (index % 2 === 0 ? '/fhir' : '/packet'));
    const drips = paths.map(drip);
    const refused = (): string[] => drips.map(({ answer }) => answer()).filter((answer) => answer.includes('\r\n\r\n'));
    while (refused().length < 144) await pause(20);
    expect(refused()).toHaveLength(144);
    for (const answer of refused()) {
      expect(answer).toMatch(/^HTTP\/1\.1 429 [^]*\r\nRetry-After: 2\r\n/);
      const told = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Record<string, unknown>;
      if ('resourceType' in told) expect(fhirComplaints(told)).toEqual([]);
      else expect(told).toEqual({ error: { code: 'rate-limited', status: 429 } });
    }
    expect(await statusFor('127.0.0.1')).toBe(429);
    expect(await statusFor('127.0.0.2')).toBe(200);
  });

  test.each([
    ['HTTP/1.0', '', /^127\.0\.0\.1:\d+$/],
    ['HTTP/1.0', 'Host: Ehr.example:3000\r\n', /^Ehr\.example:3000$/],
    ['HTTP/1.1', 'Host: Ehr.example:3000\r\nConnection: close\r\n', /^Ehr\.example:3000$/],
  ])('%s with "%s" comes to an instance as an instance takes it', async (version, host, passed) => {
    hosts.length = 0;
    for (const socket of sockets.splice(0)) socket.destroy();
    await sendBytes(nginx.url, [`GET /service ${version}\r\n${host}\r\n`]);
    expect(hosts).toEqual([expect.stringMatching(passed)]);
  });
});
