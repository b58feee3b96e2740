import { afterAll, beforeAll } from '@jest/globals';
import { openFeedback } from '../../src/library/open-feedback.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import type { PostgresServer } from '../support/postgres-server.js';
import { startPostgres } from '../support/postgres-server.js';
import { feedbackContract } from './feedback-contract.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

feedbackContract('feedback in PostgreSQL', async (most) => {
  const folder = temporaryFolder();
  const options = { ...seedPlaces(folder.path), database: { url: await server.createDatabase(), maxConnections: 4 } };
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
