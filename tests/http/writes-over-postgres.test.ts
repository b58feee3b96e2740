import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TOKEN } from '../protocols/fhir/written.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { createShippedDatabase } from '../support/shipped-database.js';
import type { Reply } from './ask.js';
import { ask } from './ask.js';
import { SECOND_TOKEN, writeRequests } from './write-requests.js';

/** Headers that differ from answer to answer. */
const OF_THE_MOMENT = new Set(['date', 'x-request-id', 'connection', 'keep-alive']);

let file: TestConnector;
let shared: TestConnector;
beforeAll(async () => {
  const env = { PUBLIC_URL: 'http://connector.test', LOG_LEVEL: 'error', WRITE_TOKENS: `${TOKEN},${SECOND_TOKEN}` };
  file = await startConnector({ env });
  // Long work of the one is done by a worker, which reads the copy on this machine.
  shared = await startConnector({ env: { ...env, DATABASE_URL: await createShippedDatabase() }, workers: 1 });
});
afterAll(async () => {
  await file.stop();
  await shared.stop();
});

const comparable = ({ status, headers, text }: Reply): unknown => [
  status,
  Object.entries(headers).filter(([name]) => !OF_THE_MOMENT.has(name)),
  text,
];

test('what is written is answered alike over a file and over PostgreSQL, and so is what is read after it', async () => {
  const statuses = new Set<number>();
  for (const { path, ...request } of writeRequests()) {
    const [left, right] = [await ask(file.url, path, request), await ask(shared.url, path, request)];
    expect([request.method, path, comparable(right)]).toEqual([request.method, path, comparable(left)]);
    statuses.add(left.status);
  }
  // Each kind of outcome is among them.
  expect([...statuses].sort()).toEqual([200, 201, 204, 401, 403, 404, 409, 410, 412, 422]);
});
