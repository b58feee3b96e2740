/**
 * Every protocol over SQLite and PostgreSQL at several numbers of connections, with one server process and with two, over a library
 * with an imported code system of ICD-10-CM's size. Kept: one call over and over, from the answer cache. Computed: the answer cache is
 * off and each code is another, so that its rows are read from the database.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from './databases.mjs';
import { measure, mediansOf, newPlace, ratioOfRounds, Rotation } from './measure.mjs';
import { orderCodes, withDot, writeOrderFile } from './order-file.mjs';
import { PROTOCOLS, onePath } from './requests.mjs';
import { residentMegabytes, runCommand, start, stop } from './servers.mjs';
import { median } from './settled.mjs';

const CONNECTIONS = (process.env.BENCH_CONNECTIONS ?? '1,10,32,200').split(',').map(Number);
const DATABASES = (process.env.BENCH_DATABASES ?? 'SQLite,PostgreSQL').split(',');
const SECONDS = Number(process.env.BENCH_CELL_SECONDS ?? 1);
const WARM_UP_SECONDS = 3 * SECONDS;
/** Where setups are compared: there each is measured this often, in turn with the others. */
const AT = CONNECTIONS.includes(32) ? 32 : CONNECTIONS.at(-1);
/** More than elsewhere: what is compared here lies within a tenth. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const PROCESSES = [1, 2];
const CODES_IMPORTED = Number(process.env.BENCH_CODES ?? 95_000);
const CACHE_OFF = { CACHE_MAX_BYTES: '0' };

/** Codes so mixed that any part of them costs as much as any other: what an answer costs goes by the chapter. */
const mix = (codes) => {
  const places = new Map(codes.map((code) => [code, hash('sha1', code)]));
  return codes.toSorted((a, b) => (places.get(a) < places.get(b) ? -1 : 1));
};

/** The first start, which builds the library, the second one, and an import. */
async function prepare(name, place, orderFile) {
  const first = await start(name, 'dist/main.js', onePath('service'), place);
  await stop(first);
  const imported = await runCommand(place, 'import', 'icd-10-cm', orderFile, '--release', '2026');
  if (imported.code !== 0) throw new Error(`the import over ${name} ended with ${imported.code}`);
  const again = await start(name, 'dist/main.js', onePath('service'), place);
  const megabytes = residentMegabytes(again);
  await stop(again);
  const figures = { firstStartMs: first.startMs, startMs: again.startMs, megabytesAtStart: megabytes };
  const importing = { importMs: imported.ms, importMegabytes: imported.megabytes };
  console.log(
    `  ${name.padEnd(12)} first answer after ${first.startMs} ms where the library is built, ${again.startMs} ms where it is there; ` +
      `import ${imported.ms} ms, ${imported.megabytes.toFixed(0)} MB at most`,
  );
  return { ...figures, ...importing };
}

/** Measures setups in turn, several rounds: each one's medians, and what each round found. */
async function measureRounds(setups, rounds) {
  const measured = setups.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { servers, processes, rotation, connections }] of setups.entries()) {
      // Each process takes its turn to be the one that is alone.
      const used = processes === 1 ? [servers[round % servers.length]] : servers.slice(0, processes);
      measured[index].push(await measure(used, { rotation, connections, seconds: SECONDS }));
    }
  }
  return setups.map(({ protocol, database, processes, kept, connections }, index) => {
    const rounds = measured[index];
    return { protocol, database, processes, kept, connections, ...mediansOf(rounds), rounds };
  });
}

function tell({ protocol, database, processes, kept, connections, rate, p50, p95, p99, cpuMicrosARequest }) {
  console.log(
    `  ${protocol.padEnd(26)}${kept ? 'kept    ' : 'computed'} ${database.padEnd(10)} × ${processes} at ${connections}` +
      `${Math.round(rate).toString().padStart(7)} requests/s   p50 ${p50.toFixed(1)}   p95 ${p95.toFixed(1)}   ` +
      `p99 ${p99.toFixed(1)} ms   CPU ${cpuMicrosARequest.toFixed(0)} µs/request`,
  );
}

/**
 * One protocol in all setups, at each number of connections; where they are compared, several processes with as many each too. What
 * comes from memory costs little beside the load itself, which two processes leave no core for: there one and two are not compared.
 */
async function measureCells(setups) {
  const cells = [];
  for (const connections of CONNECTIONS) {
    // A connection goes to one process.
    const possible = setups.filter(({ processes }) => connections >= processes);
    const inAll = possible.map((setup) => ({ ...setup, connections }));
    if (connections !== AT) {
      cells.push(...(await measureRounds(inAll, 1)));
      continue;
    }
    const several = possible.filter(({ processes, kept }) => processes > 1 && !kept);
    const each = several.map((setup) => ({ ...setup, connections: connections * setup.processes }));
    const compared = await measureRounds([...inAll, ...each], ROUNDS);
    compared.forEach(tell);
    cells.push(...compared);
  }
  return cells;
}

/** All protocols over both databases, each beside the others: whatever else the machine does meets all of them alike. */
async function measureAll({ places, kept, codes }) {
  const servers = {};
  const cells = [];
  try {
    for (const [database, place] of Object.entries(places)) {
      servers[database] = [];
      const env = kept ? place : { ...place, ...CACHE_OFF };
      while (servers[database].length < PROCESSES.at(-1))
        servers[database].push(await start(database, 'dist/main.js', onePath('service'), env));
    }
    const reached = new Map(Object.keys(places).map((database) => [database, newPlace()]));
    const asked = PROTOCOLS.filter(({ isKept }) => isKept || !kept).map(({ name: protocol, request }) => {
      const list = kept ? ['N53.14'] : codes;
      return Object.entries(servers).map(([database, running]) => {
        return {
          protocol,
          database,
          servers: running,
          kept,
          rotation: new Rotation(list, request, reached.get(database)),
        };
      });
    });
    // Code that has not run often is slow: every process runs all of it first.
    for (const { servers: all, rotation } of asked.flat())
      await measure(all, { rotation, connections: AT, seconds: WARM_UP_SECONDS });
    for (const ofProtocol of asked)
      cells.push(
        ...(await measureCells(PROCESSES.flatMap((processes) => ofProtocol.map((one) => ({ ...one, processes }))))),
      );
    const memory = Object.entries(servers).map(([database, [first]]) => {
      return { database, kept, megabytes: residentMegabytes(first) };
    });
    return { cells, memory };
  } finally {
    await Promise.all(Object.values(servers).flat().map(stop));
  }
}

/**
 * The median over all protocols of how two setups compare where they were measured in turn, round by round; none where they were
 * not measured.
 */
function ratioOf(cells, title, ours, other, figure, { aim, most }) {
  const find = (wanted, protocol) =>
    cells.find(
      (cell) => cell.protocol === protocol && Object.entries(wanted).every(([name, value]) => cell[name] === value),
    );
  const ratios = PROTOCOLS.flatMap(({ name }) => {
    const [a, b] = [find(ours, name), find(other, name)];
    return a && b ? [ratioOfRounds(a.rounds, b.rounds, figure)] : [];
  });
  if (ratios.length === 0) return [];
  const ratio = median(ratios);
  const missed = (aim !== undefined && ratio < aim) || (most !== undefined && ratio > most);
  const told = aim === undefined ? `at most ${most}` : `aim ${aim}`;
  console.log(
    `  ${title}: ${ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})   ${told}${missed ? ': MISSED' : ''}`,
  );
  return [{ title, ratio, lowest: Math.min(...ratios), highest: Math.max(...ratios), aim, most, missed }];
}

function ratiosOf(cells) {
  const setup = (database, kept, processes = 1, connections = AT) => ({ database, kept, processes, connections });
  const beside = (title, kept, aim) =>
    ratioOf(cells, title, setup('PostgreSQL', kept), setup('SQLite', kept), 'rate', { aim });
  // The same load for two as for one, and the same load for each: what a request costs goes by how many a process has at a time.
  const twice = (database, title, figure, limits) =>
    [
      ['as many connections in all', AT],
      ['as many connections each', 2 * AT],
    ].flatMap(([load, connections]) => {
      const two = setup(database, false, 2, connections);
      return ratioOf(cells, `${database}, ${title}, ${load}`, two, setup(database, false), figure, limits);
    });
  return [
    ...beside('requests a second cached, PostgreSQL / SQLite', true, 0.9),
    ...beside('requests a second computed, PostgreSQL / SQLite', false, 0.4),
    ...DATABASES.flatMap((database) => [
      ...twice(database, 'requests a second, two processes / one', 'rate', { aim: 1.3 }),
      ...twice(database, 'CPU a request, two processes / one', 'cpuMicrosARequest', { most: 1.1 }),
    ]),
  ];
}

/** Measures all of it. The files are made in the folder. */
export async function protocols(folder) {
  const codes = orderCodes(CODES_IMPORTED);
  const orderFile = writeOrderFile(join(folder, 'icd10cm-order-2026.txt'), codes);
  const asked = mix(codes.filter((code) => code.length > 3).map(withDot));
  console.log(`\nEvery protocol, ${codes.length} codes imported; at ${AT} connections, ${ROUNDS} × ${SECONDS} s each:`);
  const postgres = DATABASES.includes('PostgreSQL') ? await startPostgres() : undefined;
  const [prepared, cells, memory] = [{}, [], []];
  try {
    const places = {
      SQLite: { LIBRARY_PATH: join(folder, 'large-library.db') },
      ...(postgres ? { PostgreSQL: { DATABASE_URL: await postgres.createDatabase() } } : {}),
    };
    for (const [name, place] of Object.entries(places)) prepared[name] = await prepare(name, place, orderFile);
    for (const kept of [true, false]) {
      const measured = await measureAll({ places, kept, codes: asked });
      cells.push(...measured.cells);
      memory.push(...measured.memory);
    }
  } finally {
    await postgres?.remove();
  }
  return {
    at: AT,
    rounds: ROUNDS,
    seconds: SECONDS,
    prepared,
    cells,
    memory,
    comparisons: [{ ratios: ratiosOf(cells) }],
  };
}
