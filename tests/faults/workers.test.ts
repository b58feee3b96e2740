import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ask, type Asking } from '../http/ask.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';
import { freePort } from '../support/postgres-server.js';
import { programOf } from '../support/program.js';
import { findWorkers, isRunning, readCpuMs } from '../support/worker-processes.js';

const folder = temporaryFolder();
beforeAll(async () => {
  await (await openTestLibrary(testConfig(folder.path))).library.close();
});
afterAll(() => {
  folder.remove();
});

let server: ChildProcess;
let url: string;
beforeEach(async () => {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    LIBRARY_PATH: join(folder.path, 'library.db'),
    LOG_LEVEL: 'silent',
  };
  server = spawn(process.execPath, programOf('main'), { env, stdio: 'ignore', detached: true });
  url = `http://127.0.0.1:${port}`;
  const isReady = async (): Promise<boolean> => (await ask(url, '/readyz').catch(() => undefined))?.status === 200;
  while (!(await isReady())) await setTimeout(50);
});
afterEach(async () => {
  if (server.exitCode === null && server.signalCode === null) {
    server.kill('SIGKILL');
    await once(server, 'exit');
  }
});

const fhir = (body: string): Asking => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/fhir+json' },
  body,
});
const list = (text: string): Asking => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: `list=${text}`,
});

/** Bodies that take the engine long for their size. */
const HOSTILE: readonly (readonly [path: string, asking: Asking])[] = [
  [
    '/fhir/$knowledge-request',
    fhir(`{"resourceType":"Bundle","type":"collection","entry":[${'{},'.repeat(240_000)}{}]}`),
  ],
  [
    '/fhir/$knowledge-request',
    fhir(`{"resourceType":"Bundle","type":"collection","entry":[${'1,'.repeat(490_000)}1]}`),
  ],
  [
    '/cds-services/encounter-discharge',
    {
      ...fhir(`{"hook":"encounter-discharge","prefetch":{"a":[${'{},'.repeat(240_000)}{}]}}`),
      headers: { 'Content-Type': 'application/json' },
    },
  ],
  ['/packet', list(`{"a":[${'1,'.repeat(2_000_000)}1]}`)],
];

test('bodies of half a million values cost the main process a fraction of what they cost the worker', async () => {
  await ask(url, '/packet', list('I10'));
  const [worker = 0] = findWorkers(server.pid);
  const before = [readCpuMs(server.pid ?? 0), readCpuMs(worker)] as const;
  for (const [path, asking] of HOSTILE) {
    for (let round = 0; round < 3; round += 1) expect((await ask(url, path, asking)).status).toBeLessThan(500);
  }
  const [main, work] = [readCpuMs(server.pid ?? 0) - before[0], readCpuMs(worker) - before[1]];
  // It receives 20 MB, and sends them on.
  expect([main, work, main < work / 2]).toEqual([main, work, true]);
});

test('a main process that is killed takes its workers with it', async () => {
  await ask(url, '/packet', list('I10'));
  const [worker = 0] = findWorkers(server.pid);
  server.kill('SIGKILL');
  while (isRunning(worker)) await setTimeout(10);
});

test('a signal to the whole group lets long work that is in flight end', async () => {
  await ask(url, '/packet', list('I10'));
  const words = Array.from({ length: 20 }, (_, at) => `pain in my big toe number ${at}`).join('\n');
  const answer = ask(url, '/packet', list(encodeURIComponent(words)));
  await setTimeout(50);
  process.kill(-(server.pid ?? 0), 'SIGTERM');
  const [code] = (await once(server, 'exit')) as [unknown];
  expect([(await answer).status, code]).toEqual([200, 0]);
});
