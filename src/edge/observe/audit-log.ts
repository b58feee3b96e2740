import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import type { Registry } from 'prom-client';
import { one, registerMetrics } from './read-metric.js';

export interface AuditLogOptions {
  /** A file, which is appended to, or `-` for standard output. */
  readonly place: string;
  readonly log: Logger;
  readonly limits: Readonly<Record<'auditGatherBytes' | 'auditFlushMs' | 'auditBufferBytes', number>>;
}

const STANDARD_OUTPUT = '-';
/** Its owner writes it, its group may read it. */
const FILE_MODE = 0o640;

/** Opens the file once, so that a wrong place is known at the start; a line that a fault cut short is ended. */
function prepareFile(path: string): void {
  const file = openSync(path, 'a+', FILE_MODE);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n') writeSync(file, '\n');
  } finally {
    closeSync(file);
  }
}

/**
 * The audit trail's file: one JSON object a line, appended in batches. If it cannot be written (a full disk) answering
 * goes on: the log reports it once, lines wait in memory up to a limit, and those beyond it are lost and counted.
 */
export class AuditLog {
  readonly #stream: ReturnType<typeof pino.destination>;
  readonly #isFile: boolean;
  #written = 0;
  #lost = 0;
  #failures = 0;
  #isFailing = false;

  /** @throws a machine's error where the file cannot be opened */
  constructor({ place, log, limits }: AuditLogOptions) {
    this.#isFile = place !== STANDARD_OUTPUT;
    if (this.#isFile) prepareFile(place);
    this.#stream = pino.destination({
      dest: this.#isFile ? place : 1,
      append: true,
      mode: FILE_MODE,
      sync: false,
      minLength: limits.auditGatherBytes,
      periodicFlush: limits.auditFlushMs,
      maxLength: limits.auditBufferBytes,
    });
    this.#stream.on('drop', () => (this.#lost += 1));
    this.#stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#failures += 1;
      if (!this.#isFailing) log.error({ reason: error.code }, 'THE AUDIT TRAIL CANNOT BE WRITTEN; answering goes on');
      this.#isFailing = true;
    });
    this.#stream.on('write', (bytes: number) => {
      if (!this.#isFailing || bytes === 0) return;
      this.#isFailing = false;
      log.warn({ lost: this.#lost }, 'the audit trail is written again');
    });
  }

  write(event: object): void {
    this.#written += 1;
    this.#stream.write(`${JSON.stringify(event)}\n`);
  }

  /** Opens the file anew, after it has been moved away (logrotate's `create`). */
  reopen = (): void => {
    if (this.#isFile) this.#stream.reopen();
  };

  /** Counts events, those that were lost, and attempts to write that failed. */
  register(registry: Registry): void {
    registerMetrics(registry, {
      audit_events_total: () => one(this.#written),
      audit_events_lost_total: () => one(this.#lost),
      audit_write_failures_total: () => one(this.#failures),
    });
  }

  /** Writes what is left and closes the file; lines that cannot be written now are lost. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        resolve();
      };
      this.#stream.once('close', done);
      this.#stream.once('error', () => {
        this.#stream.destroy();
        done();
      });
      this.#stream.end();
    });
  }
}
