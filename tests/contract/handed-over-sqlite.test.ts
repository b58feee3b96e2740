import {} from '@jest/globals';
import { buildLibraryFile } from '../../src/library/open.js';
import { openHandedOver } from '../../src/library/open-records.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { fillRecord, handedOverContract, runStatement } from './handed-over-contract.js';

handedOverContract('in a library file', async () => {
  const folder = temporaryFolder();
  const options = seedPlaces(folder.path);
  await buildLibraryFile(options);
  const record = openHandedOver(options);
  return {
    record,
    again: () => openHandedOver(options),
    run: (sql, ...values) => runStatement(options, sql, ...values),
    fill: (entries) => fillRecord(options, entries),
    remove: async () => {
      await record.close();
      folder.remove();
    },
  };
});
