import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

/**
 * Runs the PostgreSQL server of a test run (run-postgres.ts) until it is told to stop, or until the run's main process is gone: a
 * run that is interrupted or killed leaves neither a server nor files behind.
 * node postgres-guard.js <JSON: command, args, options, owner (process id), folder>
 */
const { command, args, options, owner, folder } = JSON.parse(process.argv[2]);
const server = spawn(command, args, { ...options, stdio: 'ignore' });
let isOrphan = false;

// SIGQUIT: the server ends at once and takes no time to tidy up what is thrown away.
const stop = () => server.kill('SIGQUIT');
process.once('SIGTERM', stop);
server.once('exit', () => {
  if (isOrphan) rmSync(folder, { recursive: true, force: true });
  process.exit();
});
setInterval(() => {
  try {
    process.kill(owner, 0);
  } catch {
    isOrphan = true;
    stop();
  }
}, 500);
