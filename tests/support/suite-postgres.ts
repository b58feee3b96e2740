import { afterAll, beforeAll } from '@jest/globals';
import type { PostgresDatabases, PostgresServer } from './postgres-server.js';
import { startPostgres } from './postgres-server.js';
import { runPostgres } from './run-postgres.js';

/** The PostgreSQL server that all suites of the run share. Called where a suite's hooks stand; it is there once they have run. */
export function suitePostgres(): () => PostgresDatabases {
  let server: PostgresDatabases;
  beforeAll(async () => {
    server = await runPostgres();
  });
  return () => server;
}

/** A PostgreSQL server of a suite's own, which it may kill, freeze or fill. */
export function ownPostgres(): () => PostgresServer {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.remove());
  return () => server;
}
