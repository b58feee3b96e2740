import { Agent } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import { openLibrary } from '../../src/library/open.js';
import { TOKEN, handout, send } from '../protocols/fhir/written.js';
import type { TestConnector } from '../support/connector.js';
import { TEST_TIME, startConnector } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { startShippedPostgres } from '../support/shipped-database.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { startProxy } from '../support/tcp-proxy.js';
import { askUntil, waysToAsk } from './formats.js';

let server: PostgresServer;
let url: string;
let proxy: TcpProxy;
let connector: TestConnector;
let now = TEST_TIME;
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
  now = TEST_TIME;
  connector = await startConnector({
    env: { DATABASE_URL: overProxy(), WRITE_TOKENS: TOKEN, LOG_LEVEL: 'info' },
    clock: () => now,
  });
});
afterEach(() => connector.stop());

const get = (path: string): Promise<Reply> => ask(connector.url, path);
const readiness = async (): Promise<number> => (await get('/readyz')).status;
const rows = (code: string): string =>
  `/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}&knowledgeResponseType=application/json`;
/** A code that was not requested before: nothing of its answer is cached. */
let asked = 0;
function fresh(): string {
  asked += 1;
  const category = `${'ABCDEFGHIJKLMNOPQRST'[asked % 20] ?? ''}${String(10 + (Math.floor(asked / 20) % 90))}`;
  return rows(`${category}.${Math.floor(asked / 1800)}`);
}
const freshStatus = async (): Promise<number> => (await get(fresh())).status;
const write = (): ReturnType<typeof send> => send(connector.url, 'POST', '/DocumentReference', handout());

test('a lost database: everything is read on in every protocol, what needs it is told, and it comes back', async () => {
  const { resource } = await write();
  const written = `/fhir/DocumentReference/${resource?.id ?? ''}`;
  await server.kill();
  const pages = [
    '/code/icd-10-cm/J45.909',
    '/article/topic-asthma',
    '/fhir/DocumentReference/topic-asthma-en',
    '/',
    written,
  ];
  for (const way of waysToAsk('S72.001A')) expect((await ask(connector.url, way.path, way)).status).toBe(200);
  for (const path of pages) expect([path, (await get(path)).status]).toEqual([path, 200]);
  const { reply } = await write();
  expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
  await askUntil(connector.url, '/readyz', ({ text }) => /"store":"away since 2/.test(text));
  expect((await get('/metrics')).text).toMatch(/\nlibrary_store_lag_seconds (?!0\n)/);

  await server.start();
  await askUntil(connector.url, '/readyz', ({ status, text }) => status === 200 && !text.includes('store'));
  expect((await write()).reply.status).toBe(201);
});

test('a restart under load fails no read', async () => {
  const statuses = new Set<number>();
  let isOver = false;
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (!isOver) statuses.add(await freshStatus());
    }),
  );
  await server.kill();
  await server.start();
  await askUntil(connector.url, '/readyz', ({ text }) => !text.includes('store'));
  isOver = true;
  await load;
  expect([...statuses]).toEqual([200]);
});

test('a database that is lost for an hour under load: every read goes on, whatever has run out meanwhile, and writes are 503', async () => {
  const statuses = new Set<number>();
  const load = { isOver: false };
  const cached = fresh();
  const reading = Array.from({ length: 4 }, async (_none, reader) => {
    const ways = waysToAsk('S72.001A');
    for (let count = reader; !load.isOver; count += 1) {
      statuses.add(await freshStatus());
      statuses.add((await get(cached)).status);
      const way = ways[count % ways.length];
      statuses.add((await ask(connector.url, way?.path ?? '', way)).status);
    }
  });
  await server.kill();
  await askUntil(connector.url, '/readyz', ({ text }) => text.includes('away since'));
  const HOUR_MINUTES = 60;
  for (let minute = 5; minute <= HOUR_MINUTES + 5; minute += 5) {
    now = new Date(TEST_TIME.getTime() + minute * 60_000);
    const { reply } = await write();
    expect([minute, reply.status, reply.headers['retry-after']]).toEqual([minute, 503, '2']);
    expect([minute, await readiness(), await freshStatus()]).toEqual([minute, 200, 200]);
  }
  await server.start();
  await askUntil(connector.url, '/readyz', ({ text }) => !text.includes('store'));
  load.isOver = true;
  await Promise.all(reading);
  expect([...statuses]).toEqual([200]);
  expect((await write()).reply.status).toBe(201);
});

test('a database that hangs: 200 connections are answered while it does, writes are told, and it is well when it goes on', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  server.freeze();
  try {
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(connector.url, fresh(), { agent })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { reply } = await write();
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '2']);
    expect(await readiness()).toBe(200);
  } finally {
    server.thaw();
    agent.destroy();
  }
  await askUntil(connector.url, '/readyz', ({ text }) => !text.includes('store'));
  expect((await write()).reply.status).toBe(201);
});

test('a connection that is lost under a read of the log is replaced, and the read succeeds', async () => {
  const { library, written } = await openLibrary({ ...connector.config, readOnly: false });
  const versions = await written.listVersions(0, 1);
  const held = proxy.hold();
  const waiting = written.listVersions(0, 1);
  await held;
  proxy.pass();
  proxy.cut();
  expect(await waiting).toEqual(versions);
  await library.close();
});

/** Settings of a database or a user, which count for sessions that begin after them. */
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

test('a server that gives few connections, or none, fails no read', async () => {
  await server.administer('CREATE ROLE few LOGIN SUPERUSER', 'ALTER ROLE few NOSUPERUSER CONNECTION LIMIT 2');
  const own = new pg.Client({ connectionString: url });
  await own.connect();
  await own.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO few');
  await own.end();
  const limited = await startConnector({
    env: { DATABASE_URL: url.replace('postgres@', 'few@'), LIBRARY_READ_ONLY: 'true', LOG_LEVEL: 'silent' },
  });
  try {
    expect((await ask(limited.url, fresh())).status).toBe(200);
    await inNewSessions('ALTER ROLE few CONNECTION LIMIT 0');
    await askUntil(limited.url, '/readyz', ({ status, text }) => status === 200 && text.includes('store'));
    expect((await ask(limited.url, fresh())).status).toBe(200);
    await server.administer('ALTER ROLE few CONNECTION LIMIT 2');
    await askUntil(limited.url, '/readyz', ({ text }) => !text.includes('store'));
    // As it is set up, while the server gives fewer.
    expect((await ask(limited.url, '/metrics')).text).toContain('\ndatabase_connections_limit 10\n');
  } finally {
    await limited.stop();
  }
});
