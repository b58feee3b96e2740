/**
 * SQLite's primary result codes that tell what is wrong with the machine or the file, not with a statement.
 * @see https://sqlite.org/rescode.html
 */
const RESULT_CODES = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

type SqliteFailure = keyof typeof RESULT_CODES;

/**
 * Whether an error is one of SQLite's with one of these result codes; without any, with one of the table. Extended codes
 * count as their primary one. Errors are recognized by what they carry: the binding may be loaded in another realm.
 */
export function isSqliteFailure(error: unknown, ...kinds: SqliteFailure[]): boolean {
  const { errcode } = (error ?? {}) as { readonly errcode?: unknown };
  if (typeof errcode !== 'number') return false;
  const codes: number[] = kinds.length > 0 ? kinds.map((kind) => RESULT_CODES[kind]) : Object.values(RESULT_CODES);
  // An extended code carries its primary one in its low byte.
  return codes.includes(errcode & 0xff);
}
