/**
 * Another process that imports a file: `node child.mjs <folder of the program> <source> <file> <options as JSON> [swap]`.
 * It stops for good behind its first batch, or in the middle of its swap, and says so.
 */
import { writeSync } from 'node:fs';

const [, , program, name, place, json, where] = process.argv;
const load = (module) => import(new URL(module, program).href);
const { loadConfig } = await load('config/config.js');
const { openInput } = await load('import/read/input-files.js');
const { runImport } = await load('import/run-import.js');
const { findImportSource } = await load('import/sources.js');
const { Releases } = await load('library/releases.js');

const { PostgresConnection } = await load('store/postgres/postgres-connection.js');
const { SqliteConnection } = await load('store/sqlite/sqlite-connection.js');

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
