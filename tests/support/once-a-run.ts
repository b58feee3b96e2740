import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The folder of this test run (run-folder.js), which its workers share; undefined outside of Jest. */
export const RUN_FOLDER = process.env['TEST_RUN_FOLDER'];

/**
 * Makes something once for all workers of a test run: the first caller makes it, others wait for it. Returns what `make` returned,
 * which must survive JSON.
 */
export async function onceARun<T>(name: string, make: (folder: string) => T | Promise<T>): Promise<T> {
  if (RUN_FOLDER === undefined) throw new Error('only in a test run');
  const path = join(RUN_FOLDER, `${name}.json`);
  const lock = `${path}.lock`;
  while (!existsSync(path)) {
    try {
      mkdirSync(lock);
    } catch {
      await sleep(20);
      continue;
    }
    try {
      const made = await make(RUN_FOLDER);
      writeFileSync(`${path}.new`, JSON.stringify(made));
      renameSync(`${path}.new`, path);
    } catch (error) {
      rmdirSync(lock);
      throw error;
    }
  }
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
