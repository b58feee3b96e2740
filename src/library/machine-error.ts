import { isPassing as isPostgresFailure } from '../store/postgres/failures.js';
import { isSqliteFailure } from '../store/sqlite/failures.js';

/**
 * Whether the machine is at fault, and neither the program nor its input: a full disk, a folder that is missing or may not be written to,
 * a database server that is gone.
 */
export function isMachineError(error: unknown): error is Error {
  // Recognised by its fields: an error of an addon may be of another realm's Error.
  const { syscall, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (typeof message !== 'string') return false;
  if (isPostgresFailure(error)) return true;
  return syscall !== undefined || isSqliteFailure(error);
}
