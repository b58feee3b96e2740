/**
 * Long work gives way to other requests between its steps; a step takes some tenths of a millisecond at most. The
 * caller that runs the work decides whose turn it is (turns.ts).
 */

/** Returns a promise if other requests are due; undefined if the work may go on. */
export type GiveWay = () => Promise<void> | undefined;

/** For work whose duration does not matter. */
export const NEVER_GIVES_WAY: GiveWay = () => undefined;

/** Synchronous work that can be interrupted between its steps: each `yield` ends one. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs all steps, giving way between them. */
export async function takeSteps<T>(steps: Steps<T>, giveWay: GiveWay): Promise<T> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    const turn = giveWay();
    if (turn) await turn;
  }
}

/** Runs all steps at once. */
export function takeAllSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** Maps a list, one item per step. */
export function* mapSteps<T, U>(items: readonly T[], make: (item: T) => U): Steps<U[]> {
  const results: U[] = [];
  for (const item of items) {
    yield;
    results.push(make(item));
  }
  return results;
}

/**
 * Work on one node of a tree: it yields the walks of its children and receives their results. So a tree of any size can
 * be interrupted at each node, and its depth uses no stack.
 */
export type Walk<T> = Generator<Walk<unknown>, T, unknown>;

/** Nodes of a tree per step. */
const PLACES_A_STEP = 50;

/** Walks a whole tree in steps. */
export function* walkTree<T>(root: Walk<T>): Steps<T> {
  const open: Walk<unknown>[] = [root];
  let returned: unknown;
  for (let places = 1; ; places += 1) {
    const { value, done } = (open.at(-1) ?? root).next(returned);
    if (done) {
      open.pop();
      if (open.length === 0) return value as T;
      returned = value;
    } else {
      open.push(value);
      returned = undefined;
    }
    if (places % PLACES_A_STEP === 0) yield;
  }
}

/** Splits a list into portions of a maximum total weight, each with at least one item. */
export function* splitPortions<T>(items: readonly T[], mostWeight: number, weigh: (item: T) => number): Generator<T[]> {
  let portion: T[] = [];
  let weight = 0;
  for (const item of items) {
    const own = weigh(item);
    if (portion.length > 0 && weight + own > mostWeight) {
      yield portion;
      portion = [];
      weight = 0;
    }
    portion.push(item);
    weight += own;
  }
  if (portion.length > 0) yield portion;
}
