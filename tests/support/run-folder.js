import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before the suites of a test run: a folder for what one of them makes and others use. Jest hands its path on to its workers. */
export default function makeRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'education-connect-run-'));
  process.env.TEST_RUN_FOLDER = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
