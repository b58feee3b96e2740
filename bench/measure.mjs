/** Puts load on a server, or on several that do the same work, and says how fast it answers and what that costs. */
import autocannon from 'autocannon';
import { cpuMicros } from './servers.mjs';

/** Requests that are made ready for one measurement: more than are answered in it. */
const MOST_READY = 8000;

/**
 * Requests that are sent in turn: no connection sends what another has just sent, and the next measurement goes on where the last
 * one ended, so that a long list meets nothing that is still in memory.
 */
export class Rotation {
  #at = 0;
  constructor(requests) {
    this.requests = requests;
  }

  /** What one of several connections sends. */
  of(connection, connections) {
    const { length } = this.requests;
    const count = Math.max(1, Math.ceil(Math.min(MOST_READY, length) / connections));
    return Array.from(
      { length: count },
      (_, turn) => this.requests[(this.#at + connection + turn * connections) % length],
    );
  }

  /** Goes on behind what was sent. */
  advance(sent) {
    this.#at = (this.#at + sent) % this.requests.length;
  }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/**
 * Measures servers that share the load.
 * @param servers processes, as `start` gives them
 * @returns requests a second, milliseconds, CPU microseconds a request of the servers together, answers that were none
 */
export async function measure(servers, { rotation, connections, seconds }) {
  const before = servers.map(cpuMicros);
  const times = [];
  let next = 0;
  const started = performance.now();
  const runs = servers.map((server, index) => {
    const own = Math.floor(connections / servers.length) + (index < connections % servers.length ? 1 : 0);
    const setupClient = (client) => {
      client.setRequests(rotation.of(next, connections));
      next += 1;
    };
    const run = autocannon({ url: server.url, connections: own, duration: seconds, setupClient, requests: [{}] });
    run.on('response', (_client, _status, _bytes, ms) => times.push(ms));
    return run;
  });
  const results = await Promise.all(runs);
  const tookSeconds = (performance.now() - started) / 1000;
  const done = results.reduce((sum, { requests }) => sum + requests.total, 0);
  const failed = results.reduce((sum, { non2xx, errors }) => sum + non2xx + errors, 0);
  const cpu = servers.reduce((sum, server, index) => sum + cpuMicros(server) - before[index], 0);
  rotation.advance(done + connections);
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => at(times, share));
  return {
    rate: done / Math.max(seconds, tookSeconds),
    p50,
    p95,
    p99,
    cpuMicrosARequest: cpu / Math.max(1, done),
    failed,
  };
}
