import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ask, type Asking } from '../http/ask.js';
import { ended, start } from '../cli/run-cli.js';
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
    RATE_LIMIT_PER_MINUTE: '0',
    CACHE_MAX_BYTES: '0',
    WORKERS: '1',
  };
  // The heap of the documented container.
  server = spawn(process.execPath, ['--max-old-space-size=256', ...programOf('main')], {
    env,
    stdio: 'ignore',
    detached: true,
  });
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
  const [worker = 0] = findWorkers(server.pid);
  const before = readCpuMs(worker);
  const answer = ask(url, '/packet', list(encodeURIComponent(words)));
  // A request that the server has not read yet is rightly cut off, so the worker must have begun.
  while (readCpuMs(worker) - before < 50) await setTimeout(5);
  process.kill(-(server.pid ?? 0), 'SIGTERM');
  const [code] = (await once(server, 'exit')) as [unknown];
  expect([(await answer).status, code]).toEqual([200, 0]);
});

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const condition = (code: string, note = '') => ({
  resource: { resourceType: 'Condition', code: { coding: [{ system: ICD, code }] }, note: [{ text: note }] },
});
const chartOf = (entry: readonly unknown[]): Asking =>
  fhir(JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));

test('charts at once, more than there is memory for, are answered or told to come again, and nothing else ends', async () => {
  const note = 'x'.repeat(1000);
  const chart = chartOf(Array.from({ length: 900 }, (_, at) => condition(`E11.${at}`, note)));
  const pid = server.pid ?? 0;
  const answers = Array.from({ length: 100 }, () => ask(url, '/fhir/$knowledge-request', chart));
  const kinds = new Set(
    (await Promise.all(answers)).map(({ status, headers }) => `${status} ${headers['retry-after'] ?? ''}`),
  );
  expect([...kinds].filter((kind) => kind !== '200 ' && kind !== '503 2')).toEqual([]);
  expect(kinds).toContain('200 ');
  expect([isRunning(pid), findWorkers(pid).length]).toEqual([true, 1]);
  expect((await ask(url, '/fhir/$knowledge-request', chartOf([condition('J45', 'x'.repeat(5000))]))).status).toBe(200);
});

test('an import while a worker answers: each answer is of the release before or of the one after, whole', async () => {
  // Both codes lead to one article before, and to another one after.
  const codes = ['E12', 'E15.9'];
  const write = (article: string): string => {
    const path = join(folder.path, 'icd-10-cm.csv');
    writeFileSync(
      path,
      `code,article,relationship,rank\n${codes.map((code) => `${code},${article},related,1\n`).join('')}`,
    );
    return path;
  };
  const importFile = async (article: string): Promise<void> => {
    const env = { LIBRARY_PATH: join(folder.path, 'library.db') };
    const { code, stderr } = await ended(start('cli', ['import', 'csv', write(article)], env));
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  };
  const chart = chartOf(codes.map((code) => condition(code, 'x'.repeat(5000))));
  const send = async (): Promise<string> => {
    const { status, text, headers } = await ask(url, '/fhir/$knowledge-request', chart);
    const found = ['topic-acne', 'topic-asthma'].filter((article) => text.includes(`DocumentReference/${article}-en`));
    return `${status} ${String(headers['x-library-release'])} ${found.join('+')}`;
  };
  await importFile('topic-acne');
  let last = await send();
  for (; !last.endsWith(' topic-acne'); last = await send()) await setTimeout(50);
  const seen = new Set([last]);
  const importing = importFile('topic-asthma');
  for (; !last.endsWith(' topic-asthma'); seen.add(last)) last = await send();
  await importing;
  const releases = new Set([...seen].map((one) => one.split(' ')[1]));
  expect([...seen].map((one) => one.split(' ').at(-1)).sort()).toEqual(['topic-acne', 'topic-asthma']);
  expect(releases.size).toBe(seen.size);
});
