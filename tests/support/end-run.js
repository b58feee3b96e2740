import { hash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** After a test run over a server of one's own (named-server.ts): drops the databases that suites created there. */
async function dropDatabases() {
  const address = process.env.TEST_DATABASE_URL;
  if (address === undefined) return;
  const client = new pg.Client(address);
  await client.connect();
  const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname LIKE 'education_connect_%'");
  for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  await client.end();
}

const isThere = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Stops the PostgreSQL server of the run, where a suite started it (run-postgres.ts), and waits for its end. */
async function stopServer() {
  const path = join(process.env.TEST_RUN_FOLDER, 'server.json');
  if (!existsSync(path)) return;
  const { guard } = JSON.parse(readFileSync(path, 'utf8'));
  if (isThere(guard)) process.kill(guard, 'SIGTERM');
  while (isThere(guard)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The files of releases that suites shared (library-file.ts) hold what they are named by. @throws where a suite has written to one */
function checkReleases() {
  const run = process.env.TEST_RUN_FOLDER;
  for (const folder of readdirSync(run).filter((name) => name.endsWith('-releases')))
    for (const name of readdirSync(join(run, folder)))
      if (`${hash('sha256', readFileSync(join(run, folder, name)), 'hex')}.db` !== name)
        throw new Error(`a suite has written to ${folder}/${name}, which other suites use too`);
}

/** After the suites of a test run. */
export default async function endRun() {
  await dropDatabases();
  await stopServer();
  checkReleases();
}
