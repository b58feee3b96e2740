import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before the suites of a test run: a folder for what one of them makes and others use. Jest hands its path on to its workers. */
export default function makeRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'education-connect-run-'));
  // PostgreSQL, which does not run as root, has its files below it.
  chmodSync(folder, 0o711);
  process.env.TEST_RUN_FOLDER = folder;
  process.env.TEST_RUN_PID = String(process.pid);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
