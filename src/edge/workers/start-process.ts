import { fork, type ChildProcess } from 'node:child_process';
import { LIMITS } from '../../limits.js';

/**
 * Starts a worker process.
 * @param path file of its program
 * @param flags options of node
 */
export const startProcess = (path: string, flags: readonly string[]): ChildProcess =>
  fork(path, {
    execArgv: [...flags, `--max-old-space-size=${LIMITS.workerHeapMb}`],
    // Buffers are sent as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
