import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../edge/workers/start-process.js';

/** Starts the process that reads PDFs. */
export const startPdfProcess = (): ChildProcess =>
  startProcess(fileURLToPath(new URL('./pdf-process.js', import.meta.url)), []);
