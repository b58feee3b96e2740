import { Worker } from 'node:worker_threads';

/** Memory of the printing thread for a handout of the most characters, in MiB. */
const HEAP_MB = 128;

/** Starts the printing thread. */
export const startPrintWorker = (): Worker =>
  new Worker(new URL('./print-worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
