/** Observations of a long load: second by second, and the deviations among them. */
import { ends, rises } from './settled.mjs';

/** Of sorted numbers the one below which a share of them lies. */
export const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/**
 * The answers of each second, and those that were not as they must be. An answer belongs to the second in which it was due: where
 * nothing is answered for long, the seconds that waited are slow, and not the one in which it ended.
 */
export class Observation {
  unexpected = new Map();
  answers = 0;
  #times = [];
  #ticks = [];
  #started;

  /** @param started when the first second began, as `performance.now()` tells it */
  constructor(started) {
    this.#started = started;
  }

  answer({ request, status, dueAt, ms, isExpected }) {
    this.answers += 1;
    const second = Math.max(0, Math.floor((dueAt - this.#started) / 1000));
    (this.#times[second] ??= []).push(ms);
    if (isExpected) return;
    const what = `${request.method} ${request.path.split('?', 1)[0]}: ${status || 'no answer'}`;
    this.unexpected.set(what, (this.unexpected.get(what) ?? 0) + 1);
  }

  /** Ends a second: what the server told of itself, and whether a release was being swapped (`swapping`). */
  tick(facts) {
    this.#ticks.push(facts);
  }

  /** The seconds that have ended, as far as what was due in them is answered. */
  get seconds() {
    return this.#ticks.map((facts, second) => {
      const times = (this.#times[second] ?? []).sort((a, b) => a - b);
      return { answers: times.length, p50: at(times, 0.5), p99: at(times, 0.99), slowest: times.at(-1) ?? 0, ...facts };
    });
  }
}

/**
 * Judges what was observed.
 * @param allowed by the name of a figure what of a second it is (`of`), and how, and by how much, it may rise (settled.mjs)
 * @param slowMs an answer that takes longer is slow
 * @returns the figures and everything that is not as it should be, a line each; and the names of figures of which there were too
 *   few seconds to say anything
 */
export function judge({ seconds, unexpected }, allowed, slowMs) {
  const figures = [];
  const unjudged = [];
  const faults = [...unexpected].map(([what, times]) => `${times} × ${what}`);
  for (const [what, { of, ...allowance }] of Object.entries(allowed)) {
    const samples = seconds.map(of);
    const found = ends(samples, allowance);
    if (!found) {
      unjudged.push(what);
      continue;
    }
    figures.push(`${what}: ${found.first.toFixed(1)} in the first third, ${found.last.toFixed(1)} in the last`);
    if (rises(samples, allowance)) faults.push(`${what}: from ${found.first.toFixed(1)} to ${found.last.toFixed(1)}`);
  }
  const slow = seconds.filter(({ swapping, slowest }) => swapping && slowest > slowMs);
  if (slow.length > 0) {
    const slowest = Math.max(...slow.map((one) => one.slowest));
    faults.push(`${slow.length} slow seconds around swaps, the slowest answer after ${slowest.toFixed(0)} ms`);
  }
  return { figures, faults, unjudged };
}
