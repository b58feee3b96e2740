import {} from '@jest/globals';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { beLongSuffering } from '../support/patience.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { openWrittenStore } from './open-written-store.js';
import { writtenContract } from './written-contract.js';

const server = suitePostgres();
beLongSuffering();

writtenContract('what is written into PostgreSQL', async () => {
  const folder = temporaryFolder();
  const database = { url: await server().createDatabase(), maxConnections: 4 };
  return openWrittenStore({ ...seedPlaces(folder.path), database }, folder.remove);
});
