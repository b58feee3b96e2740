/** Times one request, sent over and over to a serving process over the library of the shipped files. */
import { join } from 'node:path';
import { cpuMicros, start, stop } from './servers.mjs';

/** By then a process has prepared what it prepares after its start. */
const PREPARED_MS = 10_000;
const MOST_MS = 150;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3) * 10;

/**
 * Prints the first answer's time, some seconds after the start, and those after it; the process ends in failure where the median takes
 * longer than the aim.
 * @param send takes the server's address, returns what is told of the answer beside its `bytes`
 * @param aim milliseconds; infinite: none
 */
export async function timeAnswers(folder, title, send, aim = MOST_MS) {
  const server = await start(title, 'dist/main.js', ['/readyz'], { LIBRARY_PATH: join(folder, 'library.db') });
  await new Promise((resolve) => setTimeout(resolve, PREPARED_MS));
  const timed = async () => {
    const started = performance.now();
    const told = await send(server.url);
    return { ...told, ms: performance.now() - started };
  };
  const first = await timed();
  const times = [];
  const before = cpuMicros(server);
  for (let round = 0; round < ROUNDS; round += 1) times.push((await timed()).ms);
  const cpuMs = (cpuMicros(server) - before) / 1000 / ROUNDS;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const [p50, p95] = [at(0.5), at(0.95)];
  const { ms: firstMs, ...facts } = first;
  const told = Object.entries(facts).map(([name, value]) => `${value} ${name}`);
  console.log(
    `\n${title}: ${told.join(', ')}` +
      `\n  first ${firstMs.toFixed(0)} ms, then median ${p50.toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms, ` +
      `CPU ${cpuMs.toFixed(0)} ms${aim === Infinity ? '' : `   aim ${aim} ms`}`,
  );
  await stop(server);
  if (p50 > aim) {
    console.log(`  FAILED: it may take ${aim} ms`);
    process.exitCode = 1;
  }
  return { ...facts, firstMs, p50, p95, cpuMs, aim };
}
