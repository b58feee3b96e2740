import { afterAll, beforeAll } from '@jest/globals';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { startPostgres } from '../support/postgres-server.js';
import { openWrittenStore } from './open-written-store.js';
import { writtenContract } from './written-contract.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

writtenContract('what is written into PostgreSQL', async () => {
  const folder = temporaryFolder();
  const database = { url: await server.createDatabase(), maxConnections: 4 };
  return openWrittenStore({ ...seedPlaces(folder.path), database }, folder.remove);
});
