/** Times one request, sent over and over to the real server over the library of the shipped files. */
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig } from '../dist/config/config.js';
import { openLibrary } from '../dist/library/open.js';
import { createServer } from '../dist/server.js';

const MOST_MS = 150;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3) * 10;

/**
 * Prints the first answer's time, when nothing is in memory, and those after it; the process ends in failure where the median takes
 * longer than 150 ms.
 * @param send takes the server's address, returns what is told of the answer beside its `bytes`
 */
export async function timeAnswers(folder, title, send) {
  const settings = { RATE_LIMIT_PER_MINUTE: '0', LIBRARY_PATH: join(folder, 'library.db'), LOG_LEVEL: 'silent' };
  const config = loadConfig(settings);
  const { library } = await openLibrary({ ...config, readOnly: false });
  const { server, stop } = await createServer({
    config,
    library,
    clock: () => new Date(),
    log: pino({ level: 'silent' }),
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const timed = async () => {
    const started = performance.now();
    const told = await send(url);
    return { ...told, ms: performance.now() - started };
  };
  const first = await timed();
  const times = [];
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) times.push((await timed()).ms);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000 / ROUNDS;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const [p50, p95] = [at(0.5), at(0.95)];
  const { ms: firstMs, ...facts } = first;
  const told = Object.entries(facts).map(([name, value]) => `${value} ${name}`);
  console.log(
    `\n${title}: ${told.join(', ')}` +
      `\n  first ${firstMs.toFixed(0)} ms, then median ${p50.toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms, ` +
      `CPU ${cpuMs.toFixed(0)} ms with its client's   aim ${MOST_MS} ms`,
  );
  await stop();
  await library.close();
  if (p50 > MOST_MS) {
    console.log(`  FAILED: it may take ${MOST_MS} ms`);
    process.exitCode = 1;
  }
  return { ...facts, firstMs, p50, p95, cpuMs, aim: MOST_MS };
}
