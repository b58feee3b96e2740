import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
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

/** Codes of a full disk, or of a full quota: an audit trail on it heals by itself. */
const FULL_DISK: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** Opens the file once, so that a wrong place is known at the start. @returns whether a fault has cut its last line short */
function prepareFile(path: string): boolean {
  const file = openSync(path, 'a+', FILE_MODE);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString() !== '\n';
  } finally {
    closeSync(file);
  }
}

/**
 * The audit trail's file: one JSON object a line, appended in batches. If it cannot be written (a full disk) answering
 * goes on: the log reports it once, lines wait in memory up to a limit, and those beyond it are lost and counted.
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #isFile: boolean;
  /** Undefined until the file can be created on a disk that was full at the start. */
  #stream: ReturnType<typeof pino.destination> | undefined;
  /** Lines that wait for the stream, and their bytes. */
  #waiting: string[] = [];
  #waitingBytes = 0;
  #retry: NodeJS.Timeout | undefined;
  #written = 0;
  #lost = 0;
  #failures = 0;
  #isFailing = false;

  /** @throws a machine's error where the file cannot be opened, unless its disk is full */
  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#isFile = options.place !== STANDARD_OUTPUT;
    this.#open();
    if (this.#stream) return;
    this.#retry = setInterval(() => {
      this.#open();
      if (this.#stream) clearInterval(this.#retry);
    }, options.limits.auditFlushMs).unref();
  }

  /** @throws a machine's error but that of a full disk */
  #open(): void {
    const { place, limits } = this.#options;
    let isCut: boolean;
    try {
      isCut = this.#isFile && prepareFile(place);
    } catch (error) {
      // Later failures of any kind are temporary: an end of the process would lose more.
      if (this.#retry === undefined && !FULL_DISK.includes((error as NodeJS.ErrnoException).code)) throw error;
      this.#noteFailure(error as NodeJS.ErrnoException);
      return;
    }
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
      this.#noteFailure(error);
    });
    this.#stream.on('write', (bytes: number) => {
      if (!this.#isFailing || bytes === 0) return;
      this.#isFailing = false;
      this.#options.log.warn({ lost: this.#lost }, 'the audit trail is written again');
    });
    if (isCut) this.#stream.write('\n');
    for (const line of this.#waiting.splice(0)) this.#stream.write(line);
  }

  #noteFailure({ code }: NodeJS.ErrnoException): void {
    this.#failures += 1;
    if (!this.#isFailing)
      this.#options.log.error({ reason: code }, 'THE AUDIT TRAIL CANNOT BE WRITTEN; answering goes on');
    this.#isFailing = true;
  }

  write(event: object): void {
    this.#written += 1;
    const line = `${JSON.stringify(event)}\n`;
    if (this.#stream) {
      this.#stream.write(line);
      return;
    }
    const bytes = this.#waitingBytes + Buffer.byteLength(line);
    if (bytes > this.#options.limits.auditBufferBytes) {
      this.#lost += 1;
      return;
    }
    this.#waitingBytes = bytes;
    this.#waiting.push(line);
  }

  /** Opens the file anew, after it has been moved away (logrotate's `create`). */
  reopen = (): void => {
    if (this.#isFile) this.#stream?.reopen();
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
    clearInterval(this.#retry);
    const stream = this.#stream;
    if (!stream) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        resolve();
      };
      stream.once('close', done);
      stream.once('error', () => {
        stream.destroy();
        done();
      });
      stream.end();
    });
  }
}
