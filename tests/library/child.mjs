/**
 * Another process that works on the same library file: `node child.mjs <folder of the program> <what> <options as JSON>`.
 * overwritten: opens the library, whose file is then spoilt, and says after some looks at it what it answers, and of how many changes it tells
 * write: writes versions of one handout without end, and says each that it was told is safe
 * give: records what was given without end, and says each entry that it was told is safe
 * build: brings the file up to date and prints its reports · stall: does all of a build but its last step, says so and hangs
 * fetch: opens a library in PostgreSQL, and hangs when it has fetched a part of a release's file
 */
import { writeSync } from 'node:fs';
import { register } from 'node:module';

const [, , program, what, json] = process.argv;
const load = (module) => import(new URL(module, program).href);
/** Loads the tests' own modules: there are only the sources of these. */
const loadOwn = (module) => {
  register('./typescript-hooks.mjs', import.meta.url);
  return import(module);
};
const { loadConfig } = await load('config/config.js');
const options = { ...JSON.parse(json), writer: loadConfig({}).writer };

if (what === 'build') {
  const { buildLibraryFile } = await load('library/open.js');
  writeSync(1, JSON.stringify(await buildLibraryFile(options, false, ['starter', 'local'])));
}
if (what === 'stall') {
  const { buildLibrary } = await load('build/build.js');
  const { createDatabase } = await load('library/open.js');
  const db = await createDatabase(options).connect();
  const run = db.run.bind(db);
  db.run = (sql, ...values) => {
    if (sql.startsWith('INSERT INTO active_release')) {
      writeSync(1, 'all written but not swapped\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return run(sql, ...values);
  };
  await buildLibrary(db, options, ['starter', 'local']);
}
if (what === 'fetch') {
  const { default: pg } = await import('pg');
  const { openLibrary } = await load('library/open.js');
  const query = pg.Client.prototype.query;
  let parts = 0;
  pg.Client.prototype.query = function (...asked) {
    const [statement] = asked;
    if (`${statement?.text ?? statement}`.includes('FROM release_part')) parts += 1;
    if (parts === 3) {
      writeSync(1, 'two parts are here\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
    return query.apply(this, asked);
  };
  await openLibrary(options);
}
if (what === 'write') {
  const { openLibrary } = await load('library/open.js');
  const { handoutRows, put } = await loadOwn('../contract/written-rows.ts');
  const { written } = await openLibrary(options);
  for (let expected = 0; ; expected += 1) {
    const rows = handoutRows('local-a', 'W19', `Version ${expected + 1}`);
    const change = put('a', rows, { content: `${expected + 1}`, expected: expected === 0 ? 'absent' : expected });
    const [version] = await written.apply([change], new Date());
    writeSync(1, `${version.version}\n`);
  }
}
if (what === 'give') {
  const { openHandedOver } = await load('library/open-records.js');
  const { given, numberedId } = await loadOwn('../contract/given-entries.ts');
  const record = openHandedOver(options);
  for (let count = 1; ; count += 1) {
    await record.add(given({ id: numberedId(count) }), new Map([[`digest ${count}`, 'a text']]));
    writeSync(1, `${count}\n`);
  }
}
if (what === 'overwritten') {
  const { writeFileSync } = await import('node:fs');
  const { buildLibraryFile, openLibrary } = await load('library/open.js');
  await buildLibraryFile(options, true);
  const { library } = await openLibrary({ ...options, readOnly: true });
  // An earlier answer must not be returned from memory afterwards.
  library.findMappings([{ system: 'icd-10-cm', code: 'W19' }]);
  let told = library.status();
  writeFileSync(options.libraryPath, 'no database any more '.repeat(5000));
  while (library.status() === told) await new Promise((resolve) => setTimeout(resolve, 20));
  told = library.status();
  // Two looks and more: that it is still away is no change.
  await new Promise((resolve) => setTimeout(resolve, 900));
  let answer = 'answers';
  try {
    library.findMappings([{ system: 'icd-10-cm', code: 'W19' }]);
  } catch (error) {
    answer = error.code;
  }
  writeSync(1, JSON.stringify({ answer, isToldOnce: library.status() === told }));
  process.exit(0);
}
