import pg from 'pg';

/** After a test run over a server of one's own (named-server.ts): what suites have made there goes. */
export default async function dropDatabases() {
  const address = process.env.TEST_DATABASE_URL;
  if (address === undefined) return;
  const client = new pg.Client(address);
  await client.connect();
  const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname LIKE 'education_connect_%'");
  for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  await client.end();
}
