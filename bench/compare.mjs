/** Measures servers in turn, several rounds, and says how they compare: on a shared machine only the ratios mean something. */
import { Rotation, measure, mediansOf, ratioOfRounds } from './measure.mjs';
import { toRequest } from './servers.mjs';

/** Many short rounds: a shared machine changes its speed within seconds, and what is compared must meet the same speed. */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 0.5);
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
const WARM_UP_SECONDS = 1;

function tell({ server, rate, p50, p99, cpuMicrosARequest, failed }) {
  console.log(
    `  ${server.padEnd(34)} ${Math.round(rate).toString().padStart(6)} requests/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   ` +
      `CPU ${cpuMicrosARequest.toFixed(1)} µs/request${failed ? `   ${failed} FAILED` : ''}`,
  );
}

/**
 * Measures servers beside each other and prints a line each, then the last one's ratio to each of the others.
 * @param servers each may name fewer `connections` of its own
 * @param aims least ratio of requests a second, by the name of the other server
 */
export async function compare({ title, servers, connections, aims = {} }) {
  console.log(`\n${title}; ${connections} connections`);
  const rotations = new Map(
    servers.map((server) => [server.name, new Rotation(server.paths, (one) => toRequest(server, one))]),
  );
  const measured = (server, seconds) =>
    measure([server], {
      rotation: rotations.get(server.name),
      connections: server.connections ?? connections,
      seconds,
    });
  for (const server of servers) await measured(server, WARM_UP_SECONDS);
  const rounds = new Map(servers.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const server of servers) rounds.get(server.name).push(await measured(server, SECONDS));
  const results = servers.map(({ name }) => ({ server: name, ...mediansOf(rounds.get(name)) }));
  results.forEach(tell);
  const ours = servers.at(-1).name;
  const ratios = servers.slice(0, -1).map(({ name: other }) => {
    const ratio = (figure, a, b) => ratioOfRounds(rounds.get(a), rounds.get(b), figure);
    const aim = aims[other];
    const [rate, cpu] = [ratio('rate', ours, other), ratio('cpuMicrosARequest', other, ours)];
    const missed = aim !== undefined && rate < aim;
    const told = aim === undefined ? '' : `   aim ${aim}${missed ? ': MISSED' : ''}`;
    console.log(
      `  ${ours} / ${other}: requests/s ${rate.toFixed(2)}, speed by CPU time ${cpu.toFixed(2)}, ` +
        `p99 ${ratio('p99', ours, other).toFixed(2)}${told}`,
    );
    return { ours, other, requests: rate, byCpuTime: cpu, ...(aim === undefined ? {} : { aim, missed }) };
  });
  return { title, connections, results, ratios };
}
