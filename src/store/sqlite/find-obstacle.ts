import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { isSqliteFailure } from './failures.js';

/** Returns who runs the program; undefined where the system does not tell. A container's user need not have a name. */
function findUser(): { readonly uid: number; readonly gid: number } | undefined {
  for (const read of [() => statSync('/proc/self'), userInfo]) {
    try {
      return read();
    } catch {
      // The next way is tried.
    }
  }
  return undefined;
}

/** Returns the code of what keeps a file or folder from being written to; undefined where nothing does. */
function findDenial(place: string, mode: number): string | undefined {
  try {
    accessSync(place, mode);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

function describeDenial(place: string, kind: string, code: string): string {
  if (code === 'EROFS') return `the ${kind} ${place} is on a file system that is read-only`;
  const user = findUser();
  if (!user) return `this user may not write to the ${kind} ${place} (${code})`;
  const [{ uid, gid }, owner] = [user, statSync(place)];
  return (
    `user ${uid}:${gid} may not write to the ${kind} ${place}, which belongs to ${owner.uid}:${owner.gid}. ` +
    `Run "chown -R ${uid}:${gid} ${place}" as root, or mount a volume that this user owns`
  );
}

/**
 * Returns why a library file cannot be created or written to, if its folder or the file itself does not permit that: the user, the
 * place, its owner and the way out. SQLite only reports "unable to open database file". Undefined if something else is wrong.
 */
export function findObstacle(path: string): string | undefined {
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) return `${folder} is no folder`;
  const inFolder = findDenial(folder, constants.W_OK | constants.X_OK);
  if (inFolder !== undefined) return describeDenial(folder, 'folder', inFolder);
  const inFile = existsSync(path) ? findDenial(path, constants.R_OK | constants.W_OK) : undefined;
  return inFile === undefined ? undefined : describeDenial(path, 'file', inFile);
}

/** Returns why SQLite cannot write its temporary files, if that may be what it reports; undefined if something else is wrong. */
export function findTemporaryObstacle(error: unknown): string | undefined {
  if (!isSqliteFailure(error, 'cannotOpen')) return undefined;
  try {
    rmSync(mkdtempSync(join(tmpdir(), 'education-connect-')), { recursive: true });
    return undefined;
  } catch (denied) {
    const { code = 'it fails' } = denied as NodeJS.ErrnoException;
    return `no temporary file can be written to ${tmpdir()} (${code}): set TMPDIR to a folder that can be written to`;
  }
}
