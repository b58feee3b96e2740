import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './program.js';
import { startProcess } from '../../src/edge/workers/start-process.js';

const HOOKS = new URL('../library/register-typescript.mjs', import.meta.url).href;
const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** The process that reads PDFs as it was built, else the one of the sources: `src/pdf-check/start-pdf-process.ts` looks for it beside itself. */
export const startPdfProcess = (): ChildProcess =>
  isBuilt()
    ? startProcess(pathOf('dist/pdf-check/pdf-process.js'), [])
    : startProcess(pathOf('src/pdf-check/pdf-process.ts'), ['--import', HOOKS]);
