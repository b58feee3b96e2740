import { accessSync, chmodSync, constants, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** Bytes that must be free: the files of a run are never more than a quarter of the first, and its processes need most of the second. */
const [ROOM, FREE_MEMORY] = [6 * 2 ** 30, 12 * 2 ** 30];

/**
 * Flag for the engine of Node 20, which alone has it: to compile a function once more only where it has run for long. Most tests are over
 * before that is worth what it costs, which is a fifth of a run. Later engines count otherwise.
 */
const COMPILE_LATE = '--interrupt-budget=500000';

/** Whether the files of a run may lie in memory: there is room for them, and programs may be started from there. */
function hasMemory() {
  try {
    const [, options = ''] = /^\S+ \/dev\/shm tmpfs (\S+)/m.exec(readFileSync('/proc/mounts', 'utf8')) ?? [];
    const { bavail, bsize } = statfsSync(MEMORY);
    accessSync(MEMORY, constants.W_OK);
    const isUsable = options !== '' && !options.split(',').includes('noexec');
    return isUsable && bavail * bsize > ROOM && process.availableMemory() > FREE_MEMORY;
  } catch {
    return false;
  }
}

/**
 * Before the suites of a test run: a folder for what one of them makes and others use, and for their own temporary ones. Jest hands
 * its path on to its workers. It lies in memory where it can: to sync, to copy and to delete the files of some thousand libraries
 * takes a disk longer than the tests themselves.
 */
export default function makeRunFolder() {
  const disk = tmpdir();
  const isInMemory = hasMemory();
  const folder = mkdtempSync(join(isInMemory ? MEMORY : disk, 'education-connect-run-'));
  // PostgreSQL, which does not run as root, has its files below it.
  chmodSync(folder, 0o711);
  process.env.TEST_RUN_FOLDER = folder;
  process.env.TEST_RUN_PID = String(process.pid);
  process.env.TEST_DISK_FOLDER = disk;
  if (/^11\./.test(process.versions.v8)) process.env.TEST_ENGINE_FLAGS = COMPILE_LATE;
  if (isInMemory) process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
