/**
 * npm run bench: every protocol over both databases; this server beside bare servers that return as many bytes, beside a FHIR
 * peer, and over PostgreSQL beside SQLite, all on loopback in one run, in turn, several rounds; then a whole chart, a list of 100
 * lines, text search over a large library, lookups beside long work, and how long the event loop is held. Prints requests a second, latency, CPU time a request, memory and ratios.
 * npm run bench -- [--json <file>] [--table <file>] [--write] [--quick] [protocols] [infobutton] [fhir] [databases] [chart] [list] [search] [heavy] [loop]
 * What only it needs it installs into bench/node_modules when it first runs.
 * --write puts the tables into docs/performance.md.
 * BENCH_SECONDS changes the length of the comparisons, BENCH_CELL_SECONDS that of each figure of `protocols`, BENCH_ROUNDS how often
 * what is compared is measured, BENCH_CODES how many codes are imported, BENCH_WORN_REQUESTS what a process answers before it is compared; --quick sets them to what shows in a minute that all of it runs.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPackages } from './install.mjs';

const QUICK = {
  BENCH_SECONDS: '1',
  BENCH_ROUNDS: '1',
  BENCH_CELL_SECONDS: '0.2',
  BENCH_CODES: '12000',
  BENCH_WORN_REQUESTS: '1000',
};

const FIGURES = 'docs/performance.md';
const QUOTED = /(<!-- npm run bench -- --write: begin -->)[^]*(<!-- npm run bench -- --write: end -->)/;

/** Puts the tables in their place in docs/performance.md. */
function quote(table) {
  const text = readFileSync(FIGURES, 'utf8');
  writeFileSync(
    FIGURES,
    text.replace(QUOTED, (_all, begin, end) => `${begin}\n\n${table}\n\n${end}`),
  );
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'string' },
    table: { type: 'string' },
    write: { type: 'boolean' },
    quick: { type: 'boolean' },
  },
  allowPositionals: true,
});
if (values.quick) Object.assign(process.env, { ...QUICK, ...process.env });

/** Parts of the bench. Each depends on the environment, which is complete now, and is read when it is run. */
const PARTS = {
  protocols: async (...places) => (await import('./protocols.mjs')).protocols(...places),
  infobutton: async (...places) => (await import('./bare.mjs')).infobutton(...places),
  fhir: async (...places) => (await import('./bare.mjs')).fhir(...places),
  databases: async (...places) => (await import('./databases.mjs')).databases(...places),
  chart: async (...places) => (await import('./knowledge-request.mjs')).chart(...places),
  list: async (...places) => (await import('./list.mjs')).list(...places),
  search: async (...places) => (await import('./search.mjs')).search(...places),
  heavy: async (...places) => (await import('./beside-heavy.mjs')).heavy(...places),
  loop: async (...places) => (await import('./loop.mjs')).loop(...places),
};
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(PARTS).join(', ')}`);
const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS);

installPackages();
const { ROUNDS, SECONDS } = await import('./compare.mjs');
const { toTable } = await import('./table.mjs');
const gigabytes = Math.round(totalmem() / 2 ** 30);
const machine = `${cpus().length} × ${cpus()[0].model}, ${gigabytes} GB, Node ${process.version}`;
console.log(`${machine}; comparisons ${ROUNDS} × ${SECONDS} s each, load from the same machine`);
const folder = mkdtempSync(join(tmpdir(), 'education-connect-bench-'));
const writeFile = (name, text) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const figures = { machine, date: new Date().toISOString(), rounds: ROUNDS, seconds: SECONDS };
try {
  for (const name of wanted) figures[name] = await PARTS[name](folder, writeFile);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const ratios = Object.values(figures).flatMap(({ comparisons = [] }) => comparisons.flatMap((one) => one.ratios));
const missed = ratios.filter((one) => one.missed);
console.log(`\nRatios that miss their aim: ${missed.length}`);
for (const { title, ours, other, ratio, requests, aim, most } of missed) {
  console.log(
    `  ${title ?? `${ours} / ${other}`}: ${(ratio ?? requests).toFixed(2)}, ${aim ? `aim ${aim}` : `at most ${most}`}`,
  );
}
const failed = (figures.protocols?.cells ?? []).filter((cell) => cell.failed > 0);
for (const { protocol, database, connections, failed: count } of failed) {
  console.log(`FAILED: ${count} requests of ${protocol} over ${database} at ${connections} connections`);
  process.exitCode = 1;
}
if (figures.protocols) {
  const table = toTable(figures.protocols, machine);
  console.log(`\n${table}`);
  if (values.table) writeFileSync(values.table, `${table}\n`);
  if (values.write) quote(table);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
