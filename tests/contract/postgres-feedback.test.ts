import {} from '@jest/globals';
import { openFeedback } from '../../src/library/open-records.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { feedbackContract } from './feedback-contract.js';

const server = suitePostgres();

feedbackContract('feedback in PostgreSQL', async (most) => {
  const folder = temporaryFolder();
  const options = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 4 } };
  const queue = openFeedback(options, most);
  return {
    queue,
    again: () => openFeedback(options, most),
    remove: async () => {
      await queue.close();
      folder.remove();
    },
  };
});
