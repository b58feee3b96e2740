import type { ChildProcess } from 'node:child_process';
import { execArgv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { startProcess } from './start-process.js';

/** Options of node that are for the main process alone. */
const NOT_FOR_WORKERS = /^--(inspect|max-old-space-size|max-semi-space-size|cpu-prof|heap-prof)/;

/** Starts a worker process by the options of this one. */
export const startWorker = (): ChildProcess =>
  startProcess(
    fileURLToPath(new URL('../../worker.js', import.meta.url)),
    execArgv.filter((flag) => !NOT_FOR_WORKERS.test(flag)),
  );
