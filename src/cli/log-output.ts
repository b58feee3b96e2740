import { constants, openSync } from 'node:fs';
import { pino } from 'pino';
import type { Registry } from 'prom-client';
import { registerRead } from '../edge/read-metric.js';
import { LIMITS } from '../limits.js';

/** Log lines are collected to this many bytes before they are written. */
const BUFFER_BYTES = 16_000;
const FLUSH_MS = 1000;
const STDOUT = 1;

/**
 * Opens the standard output once more, so that a write to a pipe that nobody reads fails at once. A write that waits would hold a
 * thread of the process, and with it the end of the process.
 */
function openStdout(): number {
  try {
    return openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    // No Linux, or a socket, which cannot be opened again.
    return STDOUT;
  }
}

/**
 * The log on the standard output. It may fail: where it cannot be written (a full disk, a reader that is gone or stands still), lines
 * wait up to a limit, later ones are dropped and counted, and the server goes on.
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
    // Without a listener an error of a stream ends the process.
    this.stream.on('error', () => {
      this.#failures += 1;
    });
    this.stream.on('drop', () => {
      this.#dropped += 1;
    });
  }

  register(registry: Registry): void {
    registerRead(registry, {
      kind: 'counter',
      name: 'log_lines_dropped_total',
      help: 'Log lines that were dropped because the log could not be written.',
      labels: [],
      read: () => [[{}, this.#dropped]],
    });
    registerRead(registry, {
      kind: 'counter',
      name: 'log_write_failures_total',
      help: 'Failed attempts to write the log.',
      labels: [],
      read: () => [[{}, this.#failures]],
    });
  }

  /** Writes what waits, for a limited time. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // Else pino would write what waits when the process exits, for as long as that takes.
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
