/**
 * Another process that imports a file: `node child.mjs <source> <file> <options as JSON>`. It stops for good behind its
 * first batch and says so.
 */
import { writeSync } from 'node:fs';
import { register } from 'node:module';

register('../library/typescript-hooks.mjs', import.meta.url);
const [, , name, place, json] = process.argv;
const { loadConfig } = await import('../../src/config.js');
const { openInput } = await import('../../src/import/input-files.js');
const { runImport } = await import('../../src/import/run-import.js');
const { findImportSource } = await import('../../src/import/sources.js');
const { Releases } = await import('../../src/library/releases.js');

const options = { ...JSON.parse(json), writer: loadConfig({}).writer };
const releases = await Releases.open(options);
const { files } = await openInput(place);
await runImport(findImportSource(name), files, {
  begin: async (identity) => {
    const target = await releases.begin(identity);
    return {
      ...target,
      write: async (rows) => {
        await target.write(rows);
        writeSync(1, 'a batch is written\n');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      },
    };
  },
  rowsBefore: undefined,
  hasArticle: () => true,
  resourcesDir: options.resourcesDir,
  today: '2026-11-24',
  onRows: () => undefined,
});
