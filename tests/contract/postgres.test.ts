import { afterAll, beforeAll } from '@jest/globals';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { startPostgres } from '../support/postgres-server.js';
import { libraryContract } from './library-contract.js';
import { openSeedLayers } from './seed-layers.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

libraryContract('PostgreSQL', async (layers) => {
  const folder = temporaryFolder();
  const database = { url: await server.createDatabase(), maxConnections: 4 };
  return openSeedLayers({ ...seedPlaces(folder.path), database }, layers, async () => {
    folder.remove();
  });
});
