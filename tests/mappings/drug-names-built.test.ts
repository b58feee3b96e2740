import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../support/connector.js';
import { ENGINE_FLAGS, isBuilt } from '../support/program.js';
import { DATA, describeWithData } from '../support/shared-data.js';

const run = promisify(execFile);

/** Output of a tool: each file of the shipped tables that it builds. */
async function build(tool: string, folder: string, files: readonly string[]): Promise<string[]> {
  const args = [...ENGINE_FLAGS, `tools/drug-tables/${tool}.mjs`, DATA, folder];
  await run(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  return files.map((file) => readFileSync(join(folder, 'drugs', file), 'utf8'));
}

describeWithData('rxnorm', 'tables of drugs that tools build', () => {
  // The tools use the built program.
  const testBuilt = isBuilt() ? test : test.skip;

  testBuilt.each([
    ['build-names', ['names.csv', 'plain-words.txt']],
    ['build-same-drugs', ['same-drugs.csv']],
    ['build-strengths', ['strengths.csv']],
  ])('%s writes what ships', async (tool, files) => {
    const folder = temporaryFolder();
    const written = await build(tool, folder.path, files);
    folder.remove();
    const shipped = files.map((file) => readFileSync(join('resources/drugs', file), 'utf8'));
    for (const [index, text] of written.entries()) {
      // Lines that differ are shown, not files of half a megabyte.
      const known = new Set(shipped[index]?.split('\n'));
      expect(text.split('\n').filter((line) => !known.has(line))).toEqual([]);
      expect(text).toHaveLength(shipped[index]?.length ?? 0);
    }
  });
});
