/**
 * SQLite's primary result codes that tell what is wrong with the machine or the file, not with a statement, each with the text
 * that `sqlite3_errstr` has for it.
 * @see https://sqlite.org/rescode.html
 */
const RESULT_CODES = {
  busy: [5, 'database is locked'],
  locked: [6, 'database table is locked'],
  readOnly: [8, 'attempt to write a readonly database'],
  ioError: [10, 'disk I/O error'],
  corrupt: [11, 'database disk image is malformed'],
  full: [13, 'database or disk is full'],
  cannotOpen: [14, 'unable to open database file'],
  notADatabase: [26, 'file is not a database'],
} as const;

type SqliteFailure = keyof typeof RESULT_CODES;

/** What the binding's errors carry. */
interface SqliteError {
  readonly code?: unknown;
  /** SQLite's extended result code. */
  errcode?: unknown;
  readonly message?: unknown;
}

/** Adds `errcode` to an error of the binding that lacks it, by SQLite's text: version 1.2.1 omits it where rows are read. */
export function addResultCode(error: unknown): void {
  const failure = (error ?? {}) as SqliteError;
  if (failure.code !== 'ERR_SQLITE_ERROR' || failure.errcode !== undefined) return;
  const found = Object.values(RESULT_CODES).find(([, text]) => text === failure.message);
  if (found) failure.errcode = found[0];
}

/**
 * Whether an error is one of SQLite's with one of these result codes; without any, with one of the table. Extended codes
 * count as their primary one. Errors are recognized by what they carry: the binding may be loaded in another realm.
 */
export function isSqliteFailure(error: unknown, ...kinds: SqliteFailure[]): boolean {
  const { errcode } = (error ?? {}) as SqliteError;
  if (typeof errcode !== 'number') return false;
  const codes = (kinds.length > 0 ? kinds.map((kind) => RESULT_CODES[kind]) : Object.values(RESULT_CODES)).map(
    ([code]) => code as number,
  );
  // An extended code carries its primary one in its low byte.
  return codes.includes(errcode & 0xff);
}
