import { constants, openSync } from 'node:fs';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { one, registerMetrics } from '../edge/observe/read-metric.js';
import { LIMITS } from '../limits.js';

/** Log lines are buffered up to this many bytes. */
const BUFFER_BYTES = 16_000;
const FLUSH_MS = 1000;
const STDOUT = 1;

/**
 * Opens stdout a second time as non-blocking, so that a write to a pipe that is not being read fails at once. A blocked
 * write would hold a thread of the process, and delay its exit.
 */
function openStdout(): number {
  try {
    return openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    // Not Linux, or a socket, which cannot be reopened.
    return STDOUT;
  }
}

/**
 * The log on stdout. If writing fails (a full disk, a reader that is gone or not reading), lines wait up to a limit,
 * later ones are dropped and counted, and the server continues.
 */
export class LogOutput {
  readonly stream = pino.destination({
    dest: openStdout(),
    sync: false,
    minLength: BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
    maxLength: LIMITS.logBufferBytes,
  });
  #dropped = 0;
  #failures = 0;

  constructor() {
    // An unhandled stream error would end the process.
    this.stream.on('error', () => {
      this.#failures += 1;
    });
    this.stream.on('drop', () => {
      this.#dropped += 1;
    });
  }

  register(registry: Registry): void {
    registerMetrics(registry, {
      log_lines_dropped_total: () => one(this.#dropped),
      log_write_failures_total: () => one(this.#failures),
    });
  }

  /** Writes the waiting lines, for a limited time. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // Otherwise pino would write the waiting lines at exit, without a time limit.
        this.stream.destroy();
        resolve();
      }, LIMITS.logCloseMs);
      this.stream.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.stream.end();
    });
  }
}
