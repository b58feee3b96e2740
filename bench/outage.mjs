/**
 * node bench/outage.mjs [--seconds <n>]: takes the database away from a server under load, for an hour. Every read must be answered as
 * before, every write with 503; when the database is back, writing goes on by itself. Prints memory before, during and after.
 */
import { parseArgs } from 'node:util';
import { startPostgres } from './databases.mjs';
import { startLoad } from './mixed-load.mjs';
import { onePath } from './requests.mjs';
import { residentMegabytes, start, stop } from './servers.mjs';
import { TOKEN, writeHandout } from './write-handout.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '3600' } } });
const SECONDS = Number(values.seconds);
const RATE = 30;
const CONNECTIONS = 8;
const WRITE_SECONDS = 10;
/** Time after its return in which a server must find the database. */
const BACK_SECONDS = 60;

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const postgres = await startPostgres();
let server;
const faults = new Map();
const complain = (fault) => faults.set(fault, (faults.get(fault) ?? 0) + 1);
try {
  server = await start('this server', 'dist/main.js', onePath('service'), {
    DATABASE_URL: await postgres.createDatabase(),
    LOG_LEVEL: 'info',
    WRITE_TOKENS: TOKEN,
  });
  let answers = 0;
  const endLoad = startLoad({
    url: server.url,
    ratePerSecond: RATE,
    connections: CONNECTIONS,
    onAnswer: ({ request, status, isExpected }) => {
      answers += 1;
      if (!isExpected) complain(`${request.method} ${request.path.split('?', 1)[0]}: ${status}`);
    },
  });
  const write = (version) => writeHandout(server.url, version).catch(() => 0);
  const tell = (when) => console.log(`${when}: ${answers} answers, ${residentMegabytes(server).toFixed(0)} MB`);
  if ((await write(0)) !== 201) complain('a write before the outage was not accepted');
  await pause(20);
  tell('before');
  await postgres.kill();
  for (let second = 0, writes = 1; second < SECONDS; second += WRITE_SECONDS, writes += 1) {
    await pause(WRITE_SECONDS);
    const status = await write(writes);
    if (status !== 503) complain(`a write during the outage: ${status}`);
    if (writes % 30 === 0) tell(`${second + WRITE_SECONDS} s of outage`);
  }
  tell('at its end');
  await postgres.start();
  let backAfter = 0;
  while ((await write('back')) !== 200 && backAfter < BACK_SECONDS) {
    await pause(1);
    backAfter += 1;
  }
  if (backAfter >= BACK_SECONDS) complain('writing did not go on by itself');
  await pause(20);
  tell(`writing again after ${backAfter} s`);
  await endLoad();
} finally {
  if (server) await stop(server);
  await postgres.remove();
}
for (const [fault, times] of faults) console.log(`  FAILED: ${fault}, ${times} times`);
console.log(faults.size === 0 ? 'all well' : `${faults.size} kinds of fault`);
if (faults.size > 0) process.exitCode = 1;
