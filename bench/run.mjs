/**
 * npm run bench: this server beside a bare node:http server and a bare Express route that return as many bytes, all on
 * loopback in one run, in turn, several rounds. Prints requests a second, latency, CPU time a request and ratios: on a
 * shared machine only the ratios mean something. BENCH_SECONDS and BENCH_ROUNDS change its length.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { parse } from 'csv-parse/sync';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CONNECTIONS = 32;
const DISTINCT_CODES = 1000;
const CLOCK_TICKS_A_SECOND = 100;
const ICD_10_CM = '2.16.840.1.113883.6.90';

const folder = mkdtempSync(join(tmpdir(), 'education-connect-bench-'));
const service = (code) => `/service?mainSearchCriteria.v.cs=${ICD_10_CM}&mainSearchCriteria.v.c=${code}`;
const onePath = [service('N53.14')];
const rows = parse(readFileSync('mappings/icd-10-cm.csv'), { columns: true });
const codes = [...new Set(rows.filter((row) => row.relationship !== 'none').map((row) => row.code))];
const manyPaths = codes.slice(0, DISTINCT_CODES).map(service);

/** Starts a server and waits until it answers; `startMs` is the time from the start to its first answer. */
async function start(name, file, port, env) {
  const started = performance.now();
  const child = spawn('node', [file], { env: { ...process.env, ...env, PORT: String(port) }, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    try {
      await (await fetch(url + onePath[0])).arrayBuffer();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  return { name, child, url, startMs: Math.round(performance.now() - started) };
}

async function stop({ child }) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** CPU time of a process in microseconds, all its threads, as Linux accounts it. */
function cpuMicros(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / CLOCK_TICKS_A_SECOND;
}

const residentMegabytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function measure({ child, url }, paths, duration) {
  const before = cpuMicros(child.pid);
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    requests: paths.map((path) => ({ method: 'GET', path })),
  });
  const total = result.requests.total;
  return {
    rate: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    cpu: (cpuMicros(child.pid) - before) / total,
    failed: result.non2xx + result.errors,
  };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function report(title, names, rounds) {
  console.log(`\n${title}`);
  for (const name of names) {
    const of = (figure) => median(rounds.map((round) => round[name][figure]));
    const failed = rounds.reduce((sum, round) => sum + round[name].failed, 0);
    console.log(
      `  ${name.padEnd(28)} ${Math.round(of('rate')).toString().padStart(6)} requests/s   p50 ${of('p50')} ms   ` +
        `p99 ${of('p99')} ms   CPU ${of('cpu').toFixed(1)} µs/request${failed ? `   ${failed} FAILED` : ''}`,
    );
  }
  const [ours, ...others] = [...names].reverse();
  for (const other of others.reverse()) {
    const ratio = (figure, a, b) => median(rounds.map((round) => round[a][figure] / round[b][figure])).toFixed(2);
    console.log(
      `  ${ours} / ${other}: requests/s ${ratio('rate', ours, other)}, p99 ${ratio('p99', ours, other)}, ` +
        `speed by CPU time ${ratio('cpu', other, ours)}`,
    );
  }
}

const bytes = 2000;
const bare = await start('bare node:http', 'bench/bare-http.mjs', 4101, { BYTES: String(bytes) });
const express = await start('bare Express', 'bench/bare-express.mjs', 4102, { BYTES: String(bytes) });
const library = { LIBRARY_PATH: join(folder, 'library.db') };
const first = await start('first start', 'dist/main.js', 4103, library);
await stop(first);
const warm = await start('this server, cached', 'dist/main.js', 4103, library);
const cold = await start('this server, cache off', 'dist/main.js', 4104, { ...library, CACHE_MAX_BYTES: '0' });

console.log(
  `${cpus().length} × ${cpus()[0].model}, Node ${process.version}; ${CONNECTIONS} connections, ${ROUNDS} × ${SECONDS} s each, load from the same machine`,
);
const cachedRounds = [];
const computedRounds = [];
for (const [server, paths] of [
  [bare, onePath],
  [express, manyPaths],
  [warm, onePath],
  [cold, manyPaths],
]) {
  await measure(server, paths, 2); // warm-up: compiled code, not first calls
}
for (let round = 0; round < ROUNDS; round += 1) {
  cachedRounds.push({
    'bare node:http': await measure(bare, onePath, SECONDS),
    'bare Express': await measure(express, onePath, SECONDS),
    'this server, cached': await measure(warm, onePath, SECONDS),
  });
  computedRounds.push({
    'bare node:http': await measure(bare, manyPaths, SECONDS),
    'bare Express': await measure(express, manyPaths, SECONDS),
    'this server, cache off': await measure(cold, manyPaths, SECONDS),
  });
}
report('One call repeated', ['bare node:http', 'bare Express', 'this server, cached'], cachedRounds);
report(
  `${manyPaths.length} codes in rotation`,
  ['bare node:http', 'bare Express', 'this server, cache off'],
  computedRounds,
);
console.log(
  `\nFirst answer after ${first.startMs} ms where the library has to be built, ${warm.startMs} ms where it is there`,
);
console.log(
  `Resident memory after the run: ${residentMegabytes(warm.child.pid).toFixed(0)} MB cached, ${residentMegabytes(cold.child.pid).toFixed(0)} MB with the cache off`,
);
await Promise.all([bare, express, warm, cold].map(stop));
rmSync(folder, { recursive: true, force: true });
