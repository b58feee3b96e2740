/**
 * npm run bench: this server beside bare servers that return as many bytes, beside a FHIR peer, and over both databases, all on
 * loopback in one run, in turn, several rounds; then a whole chart, and text search over a large library. Prints requests a
 * second, latency, CPU time a request and ratios.
 * npm run bench -- [--json <file>] [infobutton] [fhir] [databases] [chart] [search]
 * BENCH_SECONDS and BENCH_ROUNDS change its length.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fhir, infobutton } from './bare.mjs';
import { ROUNDS, SECONDS } from './compare.mjs';
import { databases } from './databases.mjs';
import { chart } from './knowledge-request.mjs';
import { search } from './search.mjs';

const PARTS = { infobutton, fhir, databases, chart, search };

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(PARTS).join(', ')}`);
const wanted = positionals.length > 0 ? positionals : Object.keys(PARTS);

const machine = `${cpus().length} × ${cpus()[0].model}, Node ${process.version}`;
console.log(`${machine}; ${ROUNDS} × ${SECONDS} s each, load from the same machine`);
const folder = mkdtempSync(join(tmpdir(), 'education-connect-bench-'));
const writeFile = (name, text) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const figures = { machine, rounds: ROUNDS, seconds: SECONDS };
try {
  for (const name of wanted) figures[name] = await PARTS[name](folder, writeFile);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const ratios = Object.values(figures).flatMap(({ comparisons = [] }) => comparisons.flatMap((one) => one.ratios));
console.log(`\nRatios below their aim: ${ratios.filter(({ missed }) => missed).length}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
