import {} from '@jest/globals';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { libraryContract } from './library-contract.js';
import { openSeedLayers } from './seed-layers.js';

const server = suitePostgres();

libraryContract('PostgreSQL', async (layers) => {
  const folder = temporaryFolder();
  const database = { url: await server().createDatabase(), maxConnections: 4 };
  return openSeedLayers({ ...seedPlaces(folder.path), database }, layers, async () => {
    folder.remove();
  });
});
