import { Worker } from 'node:worker_threads';
import { isBuilt } from './program.js';

const HOOKS = new URL('../library/register-typescript.mjs', import.meta.url).href;

/**
 * The printing thread as it was built, which starts in a third of the time, else the one of the sources, which Node reads through
 * hooks: `src/handout/start-print-worker.ts` looks for it beside itself.
 */
export const startPrintWorker = (): Worker =>
  isBuilt()
    ? new Worker(new URL('../../dist/handout/print-worker.js', import.meta.url))
    : new Worker(new URL('../../src/handout/print-worker.ts', import.meta.url), { execArgv: ['--import', HOOKS] });
