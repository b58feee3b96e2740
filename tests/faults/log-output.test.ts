import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';
import { freePort } from '../support/postgres-server.js';
import { programOf } from '../support/program.js';

const folder = temporaryFolder();
beforeAll(async () => {
  await (await openTestLibrary(testConfig(folder.path))).library.close();
});
afterAll(() => {
  folder.remove();
});

/** Enough lines to fill a pipe, and the buffer in front of it; a full disk refuses the first. */
const [ENOUGH_FOR_PIPE, ENOUGH_FOR_DISK] = [500, 50];

/** It is answered from the cache: each request is logged all the same. */
const REQUEST = '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';

/** Serves with standard output going to an open file, asks so many times, and ends. */
async function serveInto(
  stdout: number,
  requests: number,
): Promise<{ statuses: Set<number>; metrics: string; code: unknown }> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), LIBRARY_PATH: join(folder.path, 'library.db'), LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, programOf('main'), { env, stdio: ['ignore', stdout, 'ignore'] });
  const end = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  const isReady = async (): Promise<boolean> => (await ask(url, '/readyz').catch(() => undefined))?.status === 200;
  while (!(await isReady())) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`it did not start: ${ended}`);
    await setTimeout(50);
  }
  const statuses = new Set<number>();
  for (let count = 0; count < requests; count += 1) statuses.add((await ask(url, REQUEST)).status);
  const metrics = async (): Promise<string> => (await ask(url, '/metrics')).body.toString('utf8');
  // Lines are written once they fill a buffer, or after a second.
  let seen = await metrics();
  for (let tries = 0; tries < 30 && /^log_write_failures_total 0$/m.test(seen); tries += 1) {
    await setTimeout(100);
    seen = await metrics();
  }
  child.kill('SIGTERM');
  const [code] = (await end) as [unknown];
  return { statuses, metrics: seen, code };
}

test('a full disk under the log: answers go on, failures are counted, SIGTERM ends the process', async () => {
  const full = openSync('/dev/full', 'w');
  const { statuses, metrics, code } = await serveInto(full, ENOUGH_FOR_DISK);
  closeSync(full);
  expect([[...statuses], code]).toEqual([[200], 0]);
  expect(metrics).toMatch(/^log_write_failures_total [1-9]/m);
});

test('a reader of the log that stands still: answers go on, SIGTERM ends the process', async () => {
  const path = join(folder.path, 'pipe');
  execFileSync('mkfifo', [path]);
  const pipe = openSync(path, 'r+');
  const { statuses, code } = await serveInto(pipe, ENOUGH_FOR_PIPE);
  closeSync(pipe);
  expect([[...statuses], code]).toEqual([[200], 0]);
});
