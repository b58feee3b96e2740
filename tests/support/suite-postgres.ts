import { afterAll, beforeAll } from '@jest/globals';
import type { PostgresServer } from './postgres-server.js';
import { startPostgres } from './postgres-server.js';

/** One PostgreSQL server for a suite. Called where its hooks stand; the server is there once they have run. */
export function suitePostgres(): () => PostgresServer {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.remove());
  return () => server;
}
