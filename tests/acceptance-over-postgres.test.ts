/** @own-sandbox The address of the database is read when modules load. */
import { expect, test } from '@jest/globals';
import { runPostgres } from './support/run-postgres.js';

// What the other suites hold of a library file, once more over PostgreSQL: the same answers, from the same files. Searches over
// FHIR are compared by tests/http/parity.test.ts; the other suites run so by hand, over any server (tests/support/named-server.ts).

const server = await runPostgres();
process.env['TEST_DATABASE_URL'] = await server.createDatabase();
const { NAMED_SERVER } = await import('./support/named-server.js');

await import('./golden/golden.test.js');
await import('./sentinel/sentinel.test.js');
await import('./protocols/fhir/terminology-cases.test.js');

test('each of them is over a database of its own', async () => {
  const made = await server.administer(
    "SELECT datname FROM pg_database WHERE datname LIKE 'education_connect_%' AND datname <> 'education_connect_shipped'",
  );
  expect(NAMED_SERVER).toBe(process.env['TEST_DATABASE_URL']);
  expect(made).toHaveLength(3);
});
