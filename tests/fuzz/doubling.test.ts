import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { loadConfig } from '../../src/config/config.js';
import { LIMITS } from '../../src/limits.js';
import { temporaryFolder } from '../support/connector.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import type { GrowingList } from './growing-lists.js';
import { growingLists } from './growing-lists.js';
import { ServerProcess } from './server-process.js';
import type { Surface } from './surface.js';
import { readSurface } from './surface.js';

/** Values of a list: few, some, and twice as many, below what is refused as too many. */
const [FEW, SOME, TWICE] = [4, 40, 80] as const;
/** Lists that are measured together: to ask the engine for its counts takes as long as some requests do. */
const TOGETHER = 24;
/** Steps of a server's own work meanwhile: it looks for swaps, and finishes what it answered. */
const NOISE_STEPS = 300;
/** Allowance for lookups that are done once, or grow by the logarithm; of several lists at once, one may hide behind the others. */
const [SLACK, SLACK_TOGETHER] = [1.08, 1.01];
const TIMES = 4;
/** Longer than a server looks for a release to make ready. */
const QUIET_MS = 1.5 * LIMITS.prepareEveryMs;

const folder = temporaryFolder();
let server: ServerProcess;
let pool: Pool;
let surface: Surface;
beforeAll(async () => {
  // Each answer is made anew.
  const env = { LIBRARY_PATH: join(folder.path, 'library.db'), CACHE_MAX_BYTES: '0', LOG_LEVEL: 'error' };
  await putShippedLibrary(loadConfig(env));
  server = await ServerProcess.start(env, 'step-probe');
  pool = new Pool(server.url, { connections: 1 });
  surface = await readSurface(async (path) => (await pool.request({ method: 'GET', path })).body.json());
  // After its start a server makes ready what its answers need, piece by piece.
  do await setTimeout(QUIET_MS);
  while ((await server.measure()) > NOISE_STEPS);
});
afterAll(async () => {
  await pool.destroy();
  await server.stop();
  folder.remove();
});

/** A list, with the way to ask with it that is accepted, where one is. */
interface Asked {
  readonly list: GrowingList;
  readonly way: number;
  readonly status: number;
}

/** @returns its status */
async function send({ list, way }: Pick<Asked, 'list' | 'way'>, count: number): Promise<number> {
  const { method, path, headers, body } = list.grow(count, way);
  const sent = { method: method as 'GET', path, headers, body: body ?? null };
  const { statusCode, body: answer } = await pool.request(sent);
  await answer.dump();
  return statusCode;
}

/** Asks with all values at first: what is looked up once and kept is kept before anything is counted. */
async function findWay(list: GrowingList): Promise<Asked> {
  for (let way = list.ways - 1; way > 0; way -= 1) {
    const status = await send({ list, way }, TWICE);
    if (status < 400) return { list, way, status };
  }
  return { list, way: 0, status: await send({ list, way: 0 }, TWICE) };
}

/** Steps since the engine was asked before, with all of these requests among them. */
async function stepsOf(asked: readonly Asked[], count: number): Promise<number> {
  for (const one of asked) await send(one, count);
  return server.measure();
}

/**
 * Complaint about how the work on some lists grows. Work that is the same for every length is left out where it can be: a request that is
 * rejected with more values costs less, and has to be judged as it is.
 */
async function complaintOf(asked: readonly Asked[]): Promise<string | undefined> {
  await server.measure();
  const few = await stepsOf(asked, FEW);
  const some = await stepsOf(asked, SOME);
  const twice = await stepsOf(asked, TWICE);
  const most = some > few ? few + ((some - few) * (TWICE - FEW)) / (SOME - FEW) : 2 * some;
  const slack = asked.length > 1 ? SLACK_TOGETHER : SLACK;
  return twice > most * slack + NOISE_STEPS ? `${few}, ${some}, ${twice} steps` : undefined;
}

/** Complaint that recurs. A server's own work may fall into a short measurement: a fault of a list is found each time. */
async function lastingComplaintOf(asked: Asked): Promise<string | undefined> {
  let complaint: string | undefined;
  for (let time = 0; time < TIMES; time += 1) {
    complaint = await complaintOf([asked]);
    if (complaint === undefined) return undefined;
  }
  return complaint;
}

test('twice as many values of any list make at most twice as many steps, and operations read the lists that they define', async () => {
  const found: string[] = [];
  const groups = growingLists(surface);
  const read = new Set<string>();
  for (const lists of groups.values()) {
    const asked: Asked[] = [];
    for (const list of lists) asked.push(await findWay(list));
    for (const { list, status } of asked) if (status < 400) read.add(list.name);
    for (let at = 0; at < asked.length; at += TOGETHER) {
      const some = asked.slice(at, at + TOGETHER);
      if ((await complaintOf(some)) === undefined) continue;
      for (const one of some) {
        const complaint = await lastingComplaintOf(one);
        if (complaint !== undefined) found.push(`${one.list.name}: ${complaint}`);
      }
    }
  }
  expect(found).toEqual([]);
  // A list that no request of ours gets past the door with would be judged by its refusal alone.
  const defined = surface.targets.flatMap(({ operation, path, method }) =>
    (operation?.parameter ?? [])
      .filter(({ use, max }) => use === 'in' && max === '*' && groups.has(`${method} ${path}`) && method === 'POST')
      .map(({ name }) => `POST ${path}: ${name}`),
  );
  expect(defined.length).toBeGreaterThan(5);
  expect(defined.filter((name) => !read.has(name))).toEqual([]);
});
