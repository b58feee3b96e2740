import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { execArgv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { startProcess } from './start-process.js';

/** Options of node that are for the main process alone. */
const NOT_FOR_WORKERS = /^--(inspect|max-old-space-size|max-semi-space-size|cpu-prof|heap-prof)/;

/** Starts a worker process by the options of this one, at a lower priority: a client that waits for one code is answered first. */
export function startWorker(): ChildProcess {
  const worker = startProcess(
    fileURLToPath(new URL('../../worker.js', import.meta.url)),
    execArgv.filter((flag) => !NOT_FOR_WORKERS.test(flag)),
  );
  if (worker.pid !== undefined) setPriority(worker.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return worker;
}
