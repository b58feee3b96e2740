/**
 * Another process that imports a file: `node child.mjs <source> <file> <options as JSON> [swap]`. It stops for good behind its
 * first batch, or in the middle of its swap, and says so.
 */
import { writeSync } from 'node:fs';
import { register } from 'node:module';

register('../library/typescript-hooks.mjs', import.meta.url);
const [, , name, place, json, where] = process.argv;
const { loadConfig } = await import('../../src/config/config.js');
const { openInput } = await import('../../src/import/read/input-files.js');
const { runImport } = await import('../../src/import/run-import.js');
const { findImportSource } = await import('../../src/import/sources.js');
const { Releases } = await import('../../src/library/releases.js');

const { PostgresConnection } = await import('../../src/store/postgres/postgres-connection.js');
const { SqliteConnection } = await import('../../src/store/sqlite/sqlite-connection.js');

function stopForGood(told) {
  writeSync(1, `${told}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Stops behind the statement that makes a release the active one, before its transaction ends. */
function stopInSwap({ prototype }) {
  const { run } = prototype;
  prototype.run = async function (sql, ...values) {
    const count = await run.call(this, sql, ...values);
    if (sql.startsWith('INSERT INTO active_release')) stopForGood('swapped but not yet safe');
    return count;
  };
}

const options = { ...JSON.parse(json), writer: loadConfig({}).writer };
const releases = await Releases.open(options);
if (where === 'swap') for (const connection of [PostgresConnection, SqliteConnection]) stopInSwap(connection);
const { files } = await openInput(place);
await runImport(findImportSource(name), files, {
  begin: async (identity) => {
    const target = await releases.begin(identity);
    return {
      ...target,
      write: async (rows) => {
        await target.write(rows);
        if (where !== 'swap') stopForGood('a batch is written');
      },
    };
  },
  rowsBefore: undefined,
  hasArticle: () => true,
  resourcesDir: options.resourcesDir,
  today: '2026-11-24',
  onRows: () => undefined,
});
