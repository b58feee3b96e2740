/** Failures that PostgreSQL, the driver and the system report and that are no fault of a statement. Codes: PostgreSQL, appendix A. */

interface DatabaseFault {
  readonly code?: string;
  /** Only the server's own messages have one. */
  readonly severity?: string;
  readonly message?: string;
}

/** A connection that was ended: one of the pool while it was idle, or one that writes and was idle in its transaction. */
const LOST =
  /^(57P0[123]|25P03|08|ECONNRESET|EPIPE)|^Connection terminated(?! due to connection timeout)|connection error/;
/** Codes of a server that is not there, or no longer answers. */
const SILENT =
  /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)|^(Query read timeout|timeout expired|timeout exceeded)|connection timeout$/;
/** Code for too many connections: all of the server's are in use, or all that this user may have. */
const CROWDED = '53300';
/** Code of a server that accepts no writes: a standby, or one that is set so. */
const READ_ONLY = '25006';
const DISK_FULL = '53100';
/** A lock that lasts, a statement that took too long, a deadlock, a transaction that must be tried again. */
const TRY_AGAIN = /^(55P03|57014|40P01|40001)$/;

const hasMessage = (error: unknown, words: RegExp): boolean => {
  const { code = '', message = '' } = error as DatabaseFault;
  return words.test(code) || words.test(message);
};

const readCode = (error: unknown): string | undefined => (error as DatabaseFault).code;

/** Whether a connection was lost, which does not depend on its query. */
export const isLost = (error: unknown): boolean => hasMessage(error, LOST);

/** Whether the server cannot be reached, or does not answer. */
export const isAway = (error: unknown): boolean => isLost(error) || hasMessage(error, SILENT);

/** Whether the pool had no free connection: others had them all. */
export const isWaitForOthers = (error: unknown): boolean => hasMessage(error, /^timeout exceeded/);

export const isCrowded = (error: unknown): boolean => readCode(error) === CROWDED;

export const isReadOnly = (error: unknown): boolean => readCode(error) === READ_ONLY;

/** Whether it passes without a change by an administrator. */
export const isPassing = (error: unknown): boolean =>
  isAway(error) ||
  isCrowded(error) ||
  isReadOnly(error) ||
  readCode(error) === DISK_FULL ||
  TRY_AGAIN.test(readCode(error) ?? '');

/** The server's message for a rejected statement, in one line with its code; undefined for other errors. */
export function describeRejection(error: unknown): string | undefined {
  const { code = '', severity, message = '' } = (error ?? {}) as DatabaseFault;
  if (severity === undefined || !/^[0-9A-Z]{5}$/.test(code)) return undefined;
  return `the database says: ${message.replace(/\s+/g, ' ')} (${code})`;
}
