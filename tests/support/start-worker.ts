import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './program.js';
// By its whole name: jest has this file in the place of the other.
import { startProcess } from '../../src/edge/workers/start-process.js';

const HOOKS = new URL('../library/register-typescript.mjs', import.meta.url).href;
const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** A worker process as it was built, else the one of the sources: `src/edge/workers/start-worker.ts` looks for it beside itself. */
export const startWorker = (): ChildProcess =>
  isBuilt() ? startProcess(pathOf('dist/worker.js'), []) : startProcess(pathOf('src/worker.ts'), ['--import', HOOKS]);
