import { Worker } from 'node:worker_threads';

const HOOKS = new URL('../library/register-typescript.mjs', import.meta.url).href;

/** The printing thread of the sources, which Node reads through hooks: `src/handout/start-print-worker.ts` starts the built one. */
export const startPrintWorker = (): Worker =>
  new Worker(new URL('../../src/handout/print-worker.ts', import.meta.url), { execArgv: ['--import', HOOKS] });
