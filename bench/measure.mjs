/** Puts load on a server, or on several that do the same work, and says how fast it answers and what that costs. */
import autocannon from 'autocannon';
import { cpuMicros } from './servers.mjs';
import { median } from './settled.mjs';

/** Requests that are made ready for one measurement: more than are answered in it, lest one be met again. */
const MOST_READY = 20_000;
/** Time from all connections being there to the begin of the count. */
const SETTLE_MS = 100;
/** The load ends within this time of the end of what is counted. */
const STOP_WITHIN_MS = 50;
/** A first answer that has not come by then does not come. */
const FIRST_ANSWER_MS = 10_000;
/** A load is given a time, but ends when it is told to. */
const LONGEST_SECONDS = 600;
const FIGURES = ['rate', 'p50', 'p95', 'p99', 'cpuMicrosARequest'];

/** How far a list has been sent: the protocols share it, so that none is asked what another left in memory. */
export const newPlace = () => ({ sent: 0 });

/**
 * A list of which one after another is asked for: no connection asks what another has just asked, and the next measurement goes on
 * where the last one ended, so that a long list meets nothing that is still in memory.
 */
export class Rotation {
  #list;
  #request;
  #place;
  /** @param request makes the request for one of the list */
  constructor(list, request, place = newPlace()) {
    this.#list = list;
    this.#request = request;
    this.#place = place;
  }

  /** Requests that one of several connections sends. */
  of(connection, connections) {
    const { length } = this.#list;
    const count = Math.max(1, Math.ceil(Math.min(MOST_READY, length) / connections));
    return Array.from({ length: count }, (_, turn) =>
      this.#request(this.#list[(this.#place.sent + connection + turn * connections) % length]),
    );
  }

  /** Goes on behind what was sent. */
  advance(sent) {
    this.#place.sent += sent;
  }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts load on the servers until it is told to stop; `started` is fulfilled when all connections are there. */
function load(servers, { rotation, connections, onAnswer }) {
  let next = 0;
  const setupClient = (client) => {
    client.setRequests(rotation.of(next, connections));
    next += 1;
  };
  const runs = servers.map((server, index) => {
    const own = Math.floor(connections / servers.length) + (index < connections % servers.length ? 1 : 0);
    const options = { url: server.url, connections: own, duration: LONGEST_SECONDS, sampleInt: STOP_WITHIN_MS };
    const run = autocannon({ ...options, setupClient, requests: [{}] });
    run.on('response', (_client, _status, _bytes, ms) => onAnswer(ms));
    return run;
  });
  return {
    started: Promise.all(runs.map((run) => new Promise((resolve) => run.once('start', resolve)))),
    stop: () => {
      runs.forEach((run) => run.stop());
      return Promise.all(runs);
    },
  };
}

/**
 * Measures servers that share the load, while all connections are busy.
 * @param servers processes, as `start` gives them
 * @returns requests a second, milliseconds, CPU microseconds a request of the servers together, answers that were none
 */
export async function measure(servers, { rotation, connections, seconds }) {
  let times = [];
  const { started, stop } = load(servers, { rotation, connections, onAnswer: (ms) => times.push(ms) });
  await started;
  await pause(SETTLE_MS);
  times = [];
  const [began, before] = [performance.now(), servers.map(cpuMicros)];
  // On a busy machine the first answer may come later than that; without one there is nothing to say.
  do await pause(seconds * 1000);
  while (times.length === 0 && performance.now() - began < FIRST_ANSWER_MS);
  const done = times.length;
  const tookSeconds = (performance.now() - began) / 1000;
  const cpu = servers.reduce((sum, server, index) => sum + cpuMicros(server) - before[index], 0);
  const sorted = times.slice(0, done).sort((a, b) => a - b);
  const results = await stop();
  rotation.advance(results.reduce((sum, { requests }) => sum + requests.sent, 0));
  const failed = results.reduce((sum, { non2xx, errors }) => sum + non2xx + errors, 0);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => at(sorted, share));
  return { rate: done / tookSeconds, p50, p95, p99, cpuMicrosARequest: cpu / Math.max(1, done), failed };
}

/** Results of `measure` in several rounds as one: the median of each figure, and all failures. */
export function mediansOf(rounds) {
  const medians = FIGURES.map((figure) => [figure, median(rounds.map((round) => round[figure]))]);
  return { ...Object.fromEntries(medians), failed: rounds.reduce((sum, { failed }) => sum + failed, 0) };
}

/** The median of how two compare that were measured in the same rounds. */
export const ratioOfRounds = (ours, others, figure) =>
  median(ours.map((round, index) => round[figure] / others[index][figure]));
