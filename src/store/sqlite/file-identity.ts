import { statSync } from 'node:fs';

/** Tells whether it is still the same file that lies at a path; undefined: none does. */
export function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
