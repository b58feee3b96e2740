import { takeTurn } from '../../turns.js';

/** Items of a long list that are processed without a pause: some milliseconds of the process. */
const SLICE = 2000;

/** The things of a list that pass a test. Of a long list other requests come between. */
export async function filterInSlices<T>(
  items: readonly T[],
  admits: (item: T) => boolean | Promise<boolean>,
): Promise<T[]> {
  const found: T[] = [];
  for (const [index, item] of items.entries()) {
    const isIn = admits(item);
    if (isIn === true || (isIn !== false && (await isIn))) found.push(item);
    if (index % SLICE === SLICE - 1) await takeTurn();
  }
  return found;
}

/** What becomes of each thing of a list. Of a long list other requests come between. */
export async function mapInSlices<T, U>(items: readonly T[], make: (item: T) => U): Promise<U[]> {
  const results: U[] = [];
  for (const [index, item] of items.entries()) {
    results.push(make(item));
    if (index % SLICE === SLICE - 1) await takeTurn();
  }
  return results;
}

/**
 * Collects what an iterable yields; `undefined` is a step without a value. After many steps other requests come between.
 * @param check throws where there are too many values or steps: nothing further is then read
 */
export async function collectInSlices<T>(
  steps: Iterable<T | undefined>,
  check: (values: number, steps: number) => void,
): Promise<T[]> {
  const collected: T[] = [];
  let handled = 0;
  for (const value of steps) {
    handled += 1;
    if (value !== undefined) collected.push(value);
    check(collected.length, handled);
    if (handled % SLICE === 0) await takeTurn();
  }
  return collected;
}
