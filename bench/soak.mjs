/**
 * npm run soak [-- --postgres] [--json <file>]: holds a mixed load of all protocols on a real server for ten minutes, with hits, misses,
 * clients' errors, writes, and releases that are swapped under it. Fails on an answer that is not as it must be, on memory that
 * grows, on answers that become slower, and on a slow second while a release is swapped.
 * SOAK_MINUTES (or SOAK_SECONDS) says how long, SOAK_RATE how many requests a second, SOAK_CONNECTIONS over how many connections,
 * SOAK_SWAP_SECONDS how often a release is swapped, SOAK_SLOW_MS which answer is slow, SOAK_CODES how many codes are imported.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from './databases.mjs';
import { ANSWER_MS, startLoad } from './mixed-load.mjs';
import { Observation, at, judge } from './observation.mjs';
import { orderCodes, writeOrderFile } from './order-file.mjs';
import { onePath } from './requests.mjs';
import { runCommand, start, stop } from './servers.mjs';
import { least, most } from './settled.mjs';
import { TOKEN, writeHandout } from './write-handout.mjs';

const setting = (name, otherwise) => Number(process.env[name] ?? otherwise);
const SECONDS = setting('SOAK_SECONDS', setting('SOAK_MINUTES', 10) * 60);
const RATE = setting('SOAK_RATE', 200);
const CONNECTIONS = setting('SOAK_CONNECTIONS', 16);
const SWAP_SECONDS = setting('SOAK_SWAP_SECONDS', 60);
const SLOW_MS = setting('SOAK_SLOW_MS', 1000);
const CODES = setting('SOAK_CODES', 95_000);
const LINE_SECONDS = Math.min(30, Math.max(1, Math.floor(SECONDS / 3)));
const WRITE_SECONDS = 20;
/** Seconds behind a swap in which its consequences are worked on: titles and articles are collected anew. */
const AFTER_SWAP_SECONDS = 5;

/** Allowed changes between the first and the last third: more than chance makes of them. */
const ALLOWED = {
  // Caches fill for minutes, and the heap with them: a soak that is shorter tells nothing of memory. Resident memory swings for
  // minutes between 300 and 500 MB, by what the heap holds ready: of it only much tells anything.
  'memory in use, MB': { of: ({ inUse }) => inUse, level: least, share: 0.15, amount: 24, warmUp: 180 },
  'resident memory at most, MB': { of: ({ resident }) => resident, level: most, share: 0.75, amount: 150, warmUp: 180 },
  'median of a second, ms': { of: ({ p50 }) => p50, share: 0.5, amount: 5 },
  '99th percentile of a second, ms': { of: ({ p99 }) => p99, share: 1, amount: 50 },
};

/** Figures that the server reports of itself: its memory in megabytes, and its longest stall since the last report. */
async function readServer(url) {
  const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) })).text();
  const valueOf = (name) => {
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`/metrics tells no ${name}`);
    return Number(value);
  };
  const megabytesOf = (name) => valueOf(name) / 2 ** 20;
  const resident = megabytesOf('process_resident_memory_bytes');
  const heap = megabytesOf('nodejs_heap_size_used_bytes');
  const inUse = resident - megabytesOf('nodejs_heap_size_total_bytes') + heap;
  return { resident, heap, inUse, stallMs: valueOf('nodejs_eventloop_lag_max_seconds') * 1000 };
}

/** Holds the load on a server, with swaps and writes in between. */
async function hold(server, place, orderFile) {
  const started = performance.now();
  const seen = new Observation(started);
  const endLoad = startLoad({
    url: server.url,
    ratePerSecond: RATE,
    connections: CONNECTIONS,
    onAnswer: (answer) => seen.answer(answer),
  });
  let swappingUntil = 0;
  let swaps = 0;
  const refuse = (what, outcome) => seen.unexpected.set(`${what}: ${outcome}`, 1);
  const swap = async () => {
    swaps += 1;
    swappingUntil = Infinity;
    // Every second one is a whole import beside the server, the others the swap alone.
    const [name, ...command] =
      swaps % 2 === 0 ? ['import', 'icd-10-cm', orderFile, '--release', `2026-${swaps}`] : ['rollback', 'icd-10-cm'];
    const { code } = await runCommand(place, name, ...command);
    if (code !== 0) refuse(name, `exit code ${code}`);
    swappingUntil = performance.now() + AFTER_SWAP_SECONDS * 1000;
  };
  let swapUnderWay = Promise.resolve();
  console.log('  time   requests/s    p50     p99   slowest      RSS   in use   longest stall');
  for (let second = 1; second <= SECONDS; second += 1) {
    await new Promise((resolve) => setTimeout(resolve, started + second * 1000 - performance.now()));
    const told = await readServer(server.url).catch((error) => {
      refuse('GET /metrics', error.message);
    });
    // There is nothing more to measure: what was seen so far is judged.
    if (!told) break;
    // As it was when the second began: what began within the time after a swap counts, however long it lasts.
    seen.tick({ ...told, swapping: started + (second - 1) * 1000 < swappingUntil });
    if (second % WRITE_SECONDS === 2) {
      const status = await writeHandout(server.url, second).catch(() => 'no answer');
      if (status !== 200 && status !== 201) refuse('PUT of a handout', status);
    }
    if (second % SWAP_SECONDS === Math.floor(SWAP_SECONDS / 2)) swapUnderWay = swapUnderWay.then(swap);
    if (second % LINE_SECONDS === 0) {
      const lately = seen.seconds.slice(-LINE_SECONDS);
      const of = (figure, share) =>
        at(
          lately.map((one) => one[figure]).sort((a, b) => a - b),
          share,
        );
      const answers = lately.reduce((sum, one) => sum + one.answers, 0);
      const numbers = [
        answers / LINE_SECONDS,
        of('p50', 0.5),
        of('p99', 0.5),
        of('slowest', 1),
        of('resident', 1),
        of('inUse', 0),
        of('stallMs', 1),
      ];
      const units = ['', ' ms', ' ms', ' ms', ' MB', ' MB', ' ms'];
      console.log(
        `  ${String(second).padStart(4)} s ${numbers.map((number, index) => `${number.toFixed(index === 1 ? 1 : 0)}${units[index]}`.padStart(9)).join('')}`,
      );
    }
  }
  await endLoad();
  await swapUnderWay;
  return { seen, swaps };
}

const { values } = parseArgs({ options: { json: { type: 'string' }, postgres: { type: 'boolean' } } });
const folder = mkdtempSync(join(tmpdir(), 'education-connect-soak-'));
const postgres = values.postgres ? await startPostgres() : undefined;
const place = postgres
  ? { DATABASE_URL: await postgres.createDatabase() }
  : { LIBRARY_PATH: join(folder, 'library.db') };
let server;
try {
  const orderFile = writeOrderFile(join(folder, 'icd10cm-order-2026.txt'), orderCodes(CODES));
  // Two releases, so that there is one to return to.
  for (const release of ['2025', '2026']) {
    const { code } = await runCommand(place, 'import', 'icd-10-cm', orderFile, '--release', release);
    if (code !== 0) throw new Error(`the import ended with ${code}`);
  }
  server = await start('this server', 'dist/main.js', onePath('service'), {
    ...place,
    LOG_LEVEL: 'info',
    WRITE_TOKENS: TOKEN,
  });
  console.log(
    `${cpus().length} × ${cpus()[0].model}, Node ${process.version}; ${SECONDS} s over ${postgres ? 'PostgreSQL' : 'SQLite'}, ` +
      `${RATE} requests a second over ${CONNECTIONS} connections, a swap every ${SWAP_SECONDS} s`,
  );
  const { seen, swaps } = await hold(server, place, orderFile);
  const { seconds } = seen;
  const { figures, faults, unjudged } = judge({ seconds, unexpected: seen.unexpected }, ALLOWED, SLOW_MS);
  for (const figure of figures) console.log(`  ${figure}`);
  for (const what of unjudged) console.log(`  ${what}: not judged, the soak was too short for it`);
  for (const fault of faults) console.log(`  FAILED: ${fault}`);
  const well = unjudged.length === 0 ? 'all well' : 'all well as far as it was judged';
  console.log(`${seen.answers} answers, ${swaps} swaps: ${faults.length === 0 ? well : `${faults.length} faults`}`);
  if (faults.length > 0) process.exitCode = 1;
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ seconds, swaps, faults, unjudged }, null, 2)}\n`);
} finally {
  if (server) await stop(server);
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
}
