import { Agent } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { startShippedPostgres } from '../support/shipped-database.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { startProxy } from '../support/tcp-proxy.js';
import { askUntil, expectUnavailable, waysToAsk } from './formats.js';

let server: PostgresServer;
let url: string;
let proxy: TcpProxy;
let connector: TestConnector;
beforeAll(async () => {
  ({ server, url } = await startShippedPostgres());
  proxy = await startProxy(Number(new URL(url).port));
});
afterAll(async () => {
  await proxy.close();
  await server.remove();
});
const overProxy = (): string => {
  const through = new URL(url);
  through.port = String(proxy.port);
  return through.href;
};
beforeEach(async () => {
  await server.start();
  connector = await startConnector({ env: { DATABASE_URL: overProxy(), WRITE_TOKENS: TOKEN, LOG_LEVEL: 'info' } });
});
afterEach(() => connector.stop());

const get = (path: string): Promise<Reply> => ask(connector.url, path);
const readiness = async (): Promise<number> => (await get('/readyz')).status;
const rows = (code: string): string =>
  `/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}&knowledgeResponseType=application/json`;
/** A name that is on no list of harmless ones: the answer is computed, from what is in memory. */
const UNCACHED = '&assignedEntity.name.r=nobody';
/** What is not in memory: a code that is asked for the first time. */
let asked = 0;
function fresh(): string {
  asked += 1;
  const category = `${'ABCDEFGHIJKLMNOPQRST'[asked % 20] ?? ''}${String(10 + (Math.floor(asked / 20) % 90))}`;
  return rows(`${category}.${Math.floor(asked / 1800)}`);
}
const freshStatus = async (): Promise<number> => (await get(fresh())).status;

test('a lost database: what is cached or in memory is served in every protocol, the rest is told, and it comes back', async () => {
  const ways = waysToAsk('J45.909').filter(({ path }) => !/^\/(search|find)/.test(path));
  for (const way of ways) expect((await ask(connector.url, way.path, way)).status).toBe(200);
  const pages = ['/code/icd-10-cm/J45.909', '/article/topic-asthma', '/fhir/DocumentReference/topic-asthma-en', '/'];
  for (const path of pages) expect([path, (await get(path)).status]).toEqual([path, 200]);
  await server.kill();
  for (const way of ways) {
    if (way.path === '/updates.atom') continue;
    expect([way.path, (await ask(connector.url, way.path, way)).status]).toEqual([way.path, 200]);
  }
  for (const path of pages) expect([path, (await get(path)).status]).toEqual([path, 200]);
  const hits = connector.logLines.filter(({ cache }) => cache === 'hit').map(({ protocol }) => protocol);
  for (const protocol of ['medlineplus-connect', 'infobutton', 'application', 'fhir', 'page'])
    expect(hits).toContain(protocol);
  expect((await get(rows('J45.909') + UNCACHED)).status).toBe(200);
  expect(connector.logLines.at(-1)).toMatchObject({ cache: 'off', outcome: 'answered' });
  expect(await readiness()).toBe(503);
  for (const way of waysToAsk('S72.001A')) expectUnavailable(await ask(connector.url, way.path, way), way);

  await server.start();
  expect(await readiness()).toBe(200);
  for (const way of waysToAsk('S72.001A')) expect((await ask(connector.url, way.path, way)).status).toBe(200);
});

test('a connection that is lost in mid-request is replaced, and the request is answered', async () => {
  expect(await freshStatus()).toBe(200);
  const held = proxy.hold();
  const waiting = freshStatus();
  await held;
  proxy.pass();
  proxy.cut();
  expect(await waiting).toBe(200);
});

test('a database that is lost in mid-request is told, and is not asked again by every request', async () => {
  const held = proxy.hold();
  const waiting = get(fresh());
  await held;
  await server.kill();
  proxy.cut();
  proxy.pass();
  expect((await waiting).status).toBe(503);
  expect(await Promise.all(Array.from({ length: 50 }, freshStatus))).toEqual(Array.from({ length: 50 }, () => 503));
  await server.start();
  expect(await readiness()).toBe(200);
  expect(await freshStatus()).toBe(200);
});

test('a restart under load fails some requests with 503 and none otherwise, and nothing after it', async () => {
  const statuses = new Set<number>();
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (!isOver) statuses.add(await freshStatus());
    }),
  );
  await server.kill();
  await server.start();
  await askUntil(connector.url, '/readyz', ({ status }) => status === 200);
  isOver = true;
  await load;
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(await Promise.all(Array.from({ length: 20 }, freshStatus))).toEqual(Array.from({ length: 20 }, () => 200));
});

test('a database that hangs: 200 connections are all answered while it does, and it is well when it goes on', async () => {
  expect((await get(rows('E11.9'))).status).toBe(200);
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  server.freeze();
  try {
    const path = (): string => fresh() + UNCACHED;
    const first = await Promise.all(Array.from({ length: 200 }, () => ask(connector.url, path(), { agent })));
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([503]));
    // Known to be away: nobody waits for a connection any more, which all of them would have to.
    const second = await Promise.all(Array.from({ length: 400 }, () => ask(connector.url, path(), { agent })));
    expect(new Set(second.map(({ status }) => status))).toEqual(new Set([503]));
    expect(await readiness()).toBe(503);
    expect((await get(rows('E11.9'))).status).toBe(200);
    const { reply } = await send(connector.url, 'POST', '/DocumentReference', handout());
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
  } finally {
    server.thaw();
    agent.destroy();
  }
  await askUntil(connector.url, '/readyz', ({ status }) => status === 200);
  expect(await freshStatus()).toBe(200);
});

test('a statement that takes too long is given up, while what needs no such statement is answered', async () => {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query('BEGIN');
  await other.query('LOCK TABLE mapping IN ACCESS EXCLUSIVE MODE');
  try {
    const slow = get(fresh());
    expect(await readiness()).toBe(200);
    expect((await get('/search?q=asthma')).status).toBe(200);
    expect((await slow).status).toBe(503);
  } finally {
    await other.query('ROLLBACK');
    await other.end();
  }
  expect(await freshStatus()).toBe(200);
});

/** What is set up for a database or a user counts for sessions that begin after it. */
const inNewSessions = (...statements: string[]): Promise<unknown> =>
  server.administer(
    ...statements,
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%' AND pid <> pg_backend_pid()",
  );

test('a database that takes nothing: it is read, a new instance starts, and writes are told until it does', async () => {
  const database = new URL(url).pathname.slice(1);
  await inNewSessions(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
  const another = await startConnector({ env: { DATABASE_URL: url, LOG_LEVEL: 'silent' } });
  expect((await ask(another.url, '/readyz')).status).toBe(200);
  expect((await ask(another.url, fresh())).status).toBe(200);
  await another.stop();
  expect(await freshStatus()).toBe(200);
  const { reply, resource } = await send(connector.url, 'POST', '/DocumentReference', handout());
  expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
  expect(resource).toMatchObject({ issue: [{ code: 'transient' }] });
  const form = { method: 'POST', body: 'article=topic-asthma&reason=other' };
  const headers = { Origin: connector.url, 'Content-Type': 'application/x-www-form-urlencoded' };
  expect((await ask(connector.url, '/feedback', { ...form, headers })).status).toBe(503);

  await inNewSessions(`ALTER DATABASE ${database} RESET default_transaction_read_only`);
  expect((await send(connector.url, 'POST', '/DocumentReference', handout())).reply.status).toBe(201);
  expect((await ask(connector.url, '/feedback', { ...form, headers })).status).toBe(200);
});

test('a server that gives few connections serves many requests by them, and none at all is told', async () => {
  await server.administer('CREATE ROLE few LOGIN SUPERUSER', 'ALTER ROLE few NOSUPERUSER CONNECTION LIMIT 2');
  const own = new pg.Client({ connectionString: url });
  await own.connect();
  await own.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO few');
  await own.end();
  const limited = await startConnector({
    env: { DATABASE_URL: url.replace('postgres@', 'few@'), LIBRARY_READ_ONLY: 'true', LOG_LEVEL: 'silent' },
  });
  const ten = async (): Promise<Set<number>> =>
    new Set(
      (await Promise.all(Array.from({ length: 60 }, () => ask(limited.url, fresh())))).map(({ status }) => status),
    );
  try {
    expect(await ten()).toEqual(new Set([200]));
    await inNewSessions('ALTER ROLE few CONNECTION LIMIT 0');
    expect(await ten()).toEqual(new Set([503]));
    expect((await ask(limited.url, '/readyz')).status).toBe(503);
    await server.administer('ALTER ROLE few CONNECTION LIMIT 2');
    await askUntil(limited.url, '/readyz', ({ status }) => status === 200);
    expect(await ten()).toEqual(new Set([200]));
    // As it is set up, while the server gives fewer.
    expect((await ask(limited.url, '/metrics')).text).toContain('\ndatabase_connections_limit 10\n');
  } finally {
    await limited.stop();
  }
});
