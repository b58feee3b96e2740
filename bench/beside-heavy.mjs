/**
 * Lookups while workers do long work without pause: charts of 500 resources and lists of 1,000 lines, one after the other; then
 * hostile bodies. Prints the latency of lookups at a constant rate, that of charts and lists, memory, and the longest turn of the main
 * process under each hostile body.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readChart } from './knowledge-request.mjs';
import { residentOfAll, start, stop } from './servers.mjs';

const RATE = 200;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);
const MOST_P99_MS = 25;
const MOST_CHART_MS = 150;
const AT_ONCE = 10;
const MOST_HEALTH_MS = 200;

const codes = readFileSync(new URL('../mappings/icd-10-cm.csv', import.meta.url), 'utf8')
  .split('\n')
  .slice(1)
  .map((line) => line.split(',', 1)[0])
  .filter((code) => /^[A-Z]\d[\w.]*$/.test(code));
const codeAt = (index) => codes[(index * 7919) % codes.length];
const LIST = Array.from({ length: 1000 }, (_, index) => codeAt(index)).join('\n');

const LOOKUPS = [
  (code) => `/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}`,
  (code) => `/fhir/DocumentReference?event=http://hl7.org/fhir/sid/icd-10-cm|${code}`,
  (code) => `/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-cm&code=${code}`,
];

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function send(url, options) {
  const began = performance.now();
  const reply = await fetch(url, options);
  await reply.arrayBuffer();
  return { ms: performance.now() - began, status: reply.status };
}

const fhir = (body) => ({ method: 'POST', headers: { 'content-type': 'application/fhir+json' }, body });
const form = (fields) => ({ method: 'POST', body: new URLSearchParams(fields) });

/** Sends one request after the other until the time is over. @returns the milliseconds of each */
async function repeat(until, make) {
  const times = [];
  while (performance.now() < until()) {
    const { ms, status } = await make();
    if (status !== 200) throw new Error(`${status}`);
    times.push(ms);
  }
  return times;
}

/** Sends lookups at a constant rate, however long each takes. */
async function lookUpSteadily(url, seconds) {
  const began = performance.now();
  const all = [];
  for (let index = 0; index < RATE * seconds; index += 1) {
    const due = began + (index * 1000) / RATE;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    const path = LOOKUPS[index % LOOKUPS.length](codeAt(index));
    // Latency counts from the time at which a request was due.
    all.push(send(url + path).then(({ status }) => ({ ms: performance.now() - due, status })));
  }
  const done = await Promise.all(all);
  const failed = done.filter(({ status }) => status >= 500).length;
  if (failed > 0) throw new Error(`${failed} lookups failed`);
  return done.map(({ ms }) => ms);
}

/** The longest turn of a server's event loop since the last question. */
const longestTurn = ({ child }) =>
  new Promise((resolve) => {
    child.once('message', resolve);
    child.send('longest');
  });

/** Bodies that are slow to read. */
function hostileBodies() {
  const values = Array.from({ length: 490_000 }, () => '1').join(',');
  const objects = '{},'.repeat(240_000);
  const names = Array.from({ length: 4000 }, (_, at) => {
    const members = Array.from({ length: 80 }, (_value, place) => `"m${at}_${place}":1`).join(',');
    return `{${members}}`;
  }).join(',');
  const divs = `<div xmlns='http://www.w3.org/1999/xhtml'>${'<div>'.repeat(36_000)}${'</div>'.repeat(36_000)}</div>`;
  const document = {
    resourceType: 'DocumentReference',
    status: 'current',
    text: { status: 'generated', div: divs },
    content: [],
  };
  return {
    'a list of 490,000 numbers': ['/fhir/$knowledge-request', fhir(`{"resourceType":"Bundle","entry":[${values}]}`)],
    'a list of 240,000 objects': ['/fhir/$knowledge-request', fhir(`{"resourceType":"Bundle","entry":[${objects}{}]}`)],
    '320,000 members with different names': [
      '/fhir/$knowledge-request',
      fhir(`{"resourceType":"Bundle","entry":[${names}]}`),
    ],
    'a narrative of 36,000 nested elements': [
      '/fhir/DocumentReference',
      {
        ...fhir(JSON.stringify(document)),
        headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${TOKEN}` },
      },
    ],
    '4 MB of commas as a list': [
      '/packet',
      {
        ...form({}),
        body: `list=${','.repeat(4_000_000)}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
    '4 MB of a chart of commas': [
      '/packet',
      {
        body: `list={"a":[${'1,'.repeat(2_000_000)}1]}`,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
  };
}
const TOKEN = 'loop-0123456789abcdef';

/** Sends a body several times at once, with probes meanwhile. */
async function attack(server, path, options) {
  await longestTurn(server);
  const statuses = new Map();
  const all = Array.from({ length: AT_ONCE }, async () => {
    const { status } = await send(server.url + path, options);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  });
  let isOver = false;
  const probes = repeat(
    () => (isOver ? 0 : Infinity),
    async () => {
      await wait(5);
      return send(`${server.url}/healthz`);
    },
  );
  await Promise.all(all);
  isOver = true;
  const health = Math.max(...(await probes));
  const { cpuMs, ms } = await longestTurn(server);
  return { health, cpuMs, ms, statuses: [...statuses].map(([status, count]) => `${count} × ${status}`) };
}

const round = (value) => value.toFixed(1);

async function startServer(folder, flags = []) {
  const env = { LIBRARY_PATH: join(folder, 'heavy.db'), CACHE_MAX_BYTES: '0', WRITE_TOKENS: TOKEN };
  const server = await start('heavy', 'dist/main.js', ['/healthz'], env, flags);
  while ((await fetch(`${server.url}/readyz`)).status !== 200) await wait(50);
  return server;
}

async function measureLookups(folder) {
  // The first start builds the library.
  await stop(await startServer(folder));
  const server = await startServer(folder);
  const { url } = server;
  const body = await readChart(url);
  const chart = () => send(`${url}/fhir/$knowledge-request`, fhir(body));
  const list = () => send(`${url}/packet`, form({ list: LIST }));
  await chart();
  await list();
  await lookUpSteadily(url, 2);
  const alone = await lookUpSteadily(url, SECONDS / 3);
  const chartsAlone = [];
  for (let count = 0; count < 20; count += 1) chartsAlone.push((await chart()).ms);
  let end = Infinity;
  const until = () => end;
  const charts = repeat(until, chart);
  const lists = repeat(until, list);
  const beside = await lookUpSteadily(url, SECONDS);
  end = 0;
  const figures = {
    'start to the first answer, ms': server.startMs,
    'lookups alone, p99 ms': percentile(alone, 0.99),
    'lookups beside long work, p50 ms': percentile(beside, 0.5),
    'lookups beside long work, p99 ms': percentile(beside, 0.99),
    'lookups beside long work, most ms': Math.max(...beside),
    'a chart of 500 alone, median ms': percentile(chartsAlone, 0.5),
    'a chart of 500, one after the other beside the lists, median ms': percentile(await charts, 0.5),
    'a list of 1,000, one after the other beside the charts, median ms': percentile(await lists, 0.5),
    'memory of all processes, MB': residentOfAll(server),
  };
  console.log(`\nLookups at ${RATE}/s beside long work without pause`);
  for (const [name, value] of Object.entries(figures)) console.log(`${round(value).padStart(8)}  ${name}`);
  const misses =
    figures['lookups beside long work, p99 ms'] > MOST_P99_MS || percentile(chartsAlone, 0.5) > MOST_CHART_MS;
  if (misses) console.log(`MISSES: p99 ${MOST_P99_MS} ms, a chart ${MOST_CHART_MS} ms`);
  await stop(server);
  return figures;
}

async function measureTurns(folder) {
  const server = await startServer(folder, ['--import', './bench/loop-probe.mjs']);
  console.log(
    `\nHostile bodies, ${AT_ONCE} at once: longest turn of the main thread (CPU ms, ms by the clock), longest /healthz`,
  );
  const rows = [];
  for (const [name, [path, options]] of Object.entries(hostileBodies())) {
    const row = await attack(server, path, options);
    rows.push({ name, ...row });
    const missed = row.health > MOST_HEALTH_MS ? `   MISSES ${MOST_HEALTH_MS} ms` : '';
    console.log(
      `${[row.cpuMs, row.ms, row.health].map((one) => one.toFixed(0).padStart(5)).join(' ')}  ${name} (${row.statuses.join(', ')})${missed}`,
    );
  }
  console.log(`${round(residentOfAll(server)).padStart(8)}  memory of all processes, MB`);
  await stop(server);
  return rows;
}

export const heavy = async (folder) => ({ figures: await measureLookups(folder), rows: await measureTurns(folder) });
