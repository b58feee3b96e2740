/** Whether what is measured over a long time stays where it is. */

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
/** Lowest memory, when garbage is collected: in between it swings by as much as is retained, and for minutes. */
export const least = (values) => Math.min(...values);
export const most = (values) => Math.max(...values);

/** Share of the samples that belong to warming up. */
const WARM_UP_SHARE = 1 / 4;
/** Below this nothing can be said: a window of some samples each is compared. */
const LEAST_SAMPLES = 12;

/**
 * Levels of the first and the last third of the samples once all was warm; undefined where there are too few. A median, where single
 * samples jump with whatever else the machine does.
 * @param warmUp samples that belong to warming up at least: what fills slowly says nothing until it is full
 * @param level what a third comes to: its median, its least, or its most
 */
export function ends(samples, { warmUp = 0, level = median } = {}) {
  const warm = samples.slice(Math.ceil(Math.max(samples.length * WARM_UP_SHARE, warmUp)));
  if (warm.length < LEAST_SAMPLES) return undefined;
  const third = Math.floor(warm.length / 3);
  return { first: level(warm.slice(0, third)), last: level(warm.slice(-third)) };
}

/**
 * Whether samples rise by more than a share and an amount, both: a share alone would find fault with what is small, an amount
 * alone with what is large.
 */
export function rises(samples, { share, amount, ...how }) {
  const found = ends(samples, how);
  return found !== undefined && found.last - found.first > Math.max(found.first * share, amount);
}
