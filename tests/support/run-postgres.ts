import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onceARun } from './once-a-run.js';
import type { PostgresDatabases } from './postgres-server.js';
import {
  AS_OTHER,
  databasesAt,
  freePort,
  giveToServer,
  prepare,
  serverArguments,
  waitUntilReady,
} from './postgres-server.js';

const GUARD = resolve('tests/support/postgres-guard.js');

async function startServer(run: string): Promise<{ guard: number; port: number }> {
  const folder = giveToServer(mkdtempSync(join(run, 'server-')));
  const prepared = await prepare(folder);
  const port = await freePort();
  const args = serverArguments(prepared, port, folder, 'max_connections=300');
  const options = { ...AS_OTHER, cwd: folder };
  const task = { command: prepared.postgres, args, options, owner: Number(process.env['TEST_RUN_PID']), folder: run };
  const guard = spawn(process.execPath, [GUARD, JSON.stringify(task)], { detached: true, stdio: 'ignore' });
  guard.unref();
  await waitUntilReady(port, () => {
    if (guard.exitCode !== null) throw new Error('PostgreSQL did not start');
  });
  return { guard: guard.pid ?? 0, port };
}

/**
 * The PostgreSQL server of this test run: the first suite that needs it starts it, all others share it, each with databases of its
 * own, and the end of the run stops it (end-run.js).
 */
export async function runPostgres(): Promise<PostgresDatabases> {
  const { port } = await onceARun('server', startServer);
  return databasesAt(port);
}
