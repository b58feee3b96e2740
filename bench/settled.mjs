/** Whether what is measured over a long time stays where it is. */

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Share of the samples that belong to warming up. */
const WARM_UP_SHARE = 1 / 4;
/** Below this nothing can be said: a window of some samples each is compared. */
const LEAST_SAMPLES = 12;

/**
 * The medians of the first and of the last third of what was measured once all was warm; undefined where too little was. Medians,
 * since single samples jump with whatever else the machine does.
 * @param warmUp samples that belong to warming up at least: what fills slowly says nothing until it is full
 */
export function ends(samples, warmUp = 0) {
  const warm = samples.slice(Math.ceil(Math.max(samples.length * WARM_UP_SHARE, warmUp)));
  if (warm.length < LEAST_SAMPLES) return undefined;
  const third = Math.floor(warm.length / 3);
  return { first: median(warm.slice(0, third)), last: median(warm.slice(-third)) };
}

/**
 * Whether samples rise by more than a share and an amount, both: a share alone would find fault with what is small, an amount
 * alone with what is large.
 */
export function rises(samples, { share, amount, warmUp }) {
  const found = ends(samples, warmUp);
  return found !== undefined && found.last - found.first > Math.max(found.first * share, amount);
}
