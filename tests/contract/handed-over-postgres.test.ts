import {} from '@jest/globals';
import { openHandedOver } from '../../src/library/open-records.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { handedOverContract } from './handed-over-contract.js';

const server = suitePostgres();

handedOverContract('in PostgreSQL', async () => {
  const folder = temporaryFolder();
  const options = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 4 } };
  const record = openHandedOver(options);
  return {
    record,
    again: () => openHandedOver(options),
    remove: async () => {
      await record.close();
      folder.remove();
    },
  };
});
