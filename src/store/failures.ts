import { isSqliteFailure } from './sqlite/failures.js';

/** Found before it comes to that: what would be written next is not. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
  readonly code = 'ENOSPC';
  readonly syscall = 'write';
}

/** Whether nothing could be written for want of room: SQLite's, the system's and PostgreSQL's words for it. */
export const isDiskFull = (error: unknown): boolean =>
  isSqliteFailure(error, 'full', 'ioError') ||
  /^(ENOSPC|EDQUOT|53100)/.test(((error ?? {}) as { code?: string }).code ?? '');
